//! What is written into a crate, and what is told of it.

use super::manifest::Lint;
use super::shared::{Shared, What};

const CELL: &str = "
/// loom sees what is done with an `UnsafeCell`, which it therefore asks for as a closure.
pub(crate) mod cell {
    #[cfg(loom)]
    pub(crate) use loom::cell::UnsafeCell;

    #[cfg(not(loom))]
    #[derive(Debug)]
    pub(crate) struct UnsafeCell<T: ?Sized>(core::cell::UnsafeCell<T>);

    #[cfg(not(loom))]
    #[allow(dead_code)]
    impl<T> UnsafeCell<T> {
        pub(crate) const fn new(value: T) -> Self {
            UnsafeCell(core::cell::UnsafeCell::new(value))
        }

        pub(crate) fn with<R>(&self, read: impl FnOnce(*const T) -> R) -> R {
            read(self.0.get())
        }

        pub(crate) fn with_mut<R>(&self, write: impl FnOnce(*mut T) -> R) -> R {
            write(self.0.get())
        }
    }
}
";

/// The module through which a crate takes what threads share, from the text of its root and what it uses.
pub fn module(root: &str, shared: &Shared) -> String {
    let no_std = root.contains("no_std");
    let std = if no_std { "core" } else { "std" };
    let mut text = String::from(
        "//! What threads share: the standard library's, or loom's where the loom tests are built.\n\
         #![allow(unused_imports)]\n",
    );
    let mut both = |loom: &str, std: &[&str]| {
        text += &format!("\n#[cfg(loom)]\npub(crate) use loom::{loom};\n");
        for std in std {
            text += &format!("#[cfg(not(loom))]\npub(crate) use {std};\n");
        }
    };
    let sync = format!("{std}::sync::*");
    match no_std && root.contains("extern crate alloc") {
        true => both("sync::*", &[&sync, "alloc::sync::*"]),
        false => both("sync::*", &[&sync]),
    }
    if shared.used.contains(&What::Thread) {
        both("thread", &["std::thread"]);
    }
    if shared.used.contains(&What::Hint) {
        both("hint", &[&format!("{std}::hint")]);
    }
    if shared.used.contains(&What::Cell) {
        text += CELL;
    }
    text
}

/// A first test.
pub fn test(library: &str) -> String {
    format!(
        "//! Loom tests of this crate: each is checked in every execution of its threads.
//!
//! `cargo casebook test -- --test loom` runs them.
#![cfg(loom)]

use loom::sync::Arc;
use loom::sync::atomic::{{AtomicUsize, Ordering}};
use loom::thread;
// What the tests are to be about.
use {library} as _;

/// To begin with: two threads count. With a load and a store in place of a `fetch_add` it fails.
#[test]
fn nothing_is_lost() {{
    loom::model(|| {{
        let count = Arc::new(AtomicUsize::new(0));
        let other = count.clone();
        let thread = thread::spawn(move || {{
            other.fetch_add(1, Ordering::Relaxed);
        }});
        count.fetch_add(1, Ordering::Relaxed);
        thread.join().unwrap();
        assert_eq!(count.load(Ordering::Relaxed), 2);
    }});
}}
"
    )
}

/// What to do next.
pub fn next(module: &str, shared: &Shared, lint: Lint) -> String {
    let mut text = String::from("\nnext\n  run the test:  cargo casebook test -- --test loom\n");
    if shared.lines.is_empty() {
        text += "  no source takes atomics, locks or threads from the standard library: nothing is left to change\n";
    } else {
        text += &format!(
            "  take what threads share from `crate::{module}` on these lines, so that loom sees it:\n"
        );
        for ((file, line), source) in &shared.lines {
            text += &format!("    {}:{line}: {source}\n", file.display());
        }
    }
    if !shared.lines.is_empty() {
        text += "    (what does not compile with loom's type may stay std's, and is not looked at then)\n";
    }
    if shared.used.contains(&What::Cell) {
        text += &format!(
            "  `crate::{module}::cell::UnsafeCell` has `with` and `with_mut` in place of `get`\n"
        );
    }
    if lint == Lint::ByHand {
        text += "  tell the compiler of the cfg, where your lints stand: \
                 unexpected_cfgs = { level = \"warn\", check-cfg = [\"cfg(loom)\"] }\n";
    }
    text + "  then write into tests/loom.rs what two or three threads may do with your crate at once; what\n  \
            they hand over through raw pointers is not looked at, but a loom::cell::UnsafeCell in it is\n"
}

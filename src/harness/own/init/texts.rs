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
pub fn module(root: &syn::File, shared: &Shared) -> String {
    let no_std = NoStd::of(root);
    let alloc = root.items.iter().any(|item| match item {
        syn::Item::ExternCrate(item) => item.ident == "alloc",
        _ => false,
    });
    let mut text = String::from(
        "//! What threads share: the standard library's, or loom's where the loom tests are built.\n\
         #![allow(unused_imports)]\n",
    );
    let mut both = |name: &str, places: &[&str]| {
        text += &format!("\n#[cfg(loom)]\npub(crate) use loom::{name};\n");
        for place in places {
            if let Some(cfg) = no_std.cfg(place, places) {
                text += &format!("#[cfg({cfg})]\npub(crate) use {place}::{name};\n");
            }
        }
    };
    match alloc {
        true => both("sync::*", &["std", "core", "alloc"]),
        false => both("sync::*", &["std", "core"]),
    }
    if shared.used.contains(&What::Thread) {
        both("thread", &["std"]);
    }
    if shared.used.contains(&What::Hint) {
        both("hint", &["std", "core"]);
    }
    if shared.used.contains(&What::Cell) {
        text += CELL;
    }
    text
}

/// Where a crate has no standard library.
enum NoStd {
    Nowhere,
    Everywhere,
    /// Under this cfg.
    Under(String),
}

impl NoStd {
    /// As the attributes of the crate say.
    fn of(root: &syn::File) -> NoStd {
        for attribute in &root.attrs {
            match &attribute.meta {
                syn::Meta::Path(path) if path.is_ident("no_std") => return NoStd::Everywhere,
                syn::Meta::List(list) if list.path.is_ident("cfg_attr") => {
                    let text = list.tokens.to_string().replace(" (", "(");
                    if let Some((cfg, "no_std")) = text.rsplit_once(',').map(|(a, b)| (a, b.trim()))
                    {
                        return NoStd::Under(cfg.trim().to_string());
                    }
                }
                _ => {}
            }
        }
        NoStd::Nowhere
    }

    /// The cfg under which what stands in all these places is taken from this one, if there is such.
    fn cfg(&self, place: &str, places: &[&str]) -> Option<String> {
        match (self, place == "std") {
            (NoStd::Nowhere, true) => Some("not(loom)".to_string()),
            (NoStd::Nowhere, false) => None,
            // What only std has, the crate takes from there.
            (NoStd::Everywhere, std) => {
                (!std || places.len() == 1).then(|| "not(loom)".to_string())
            }
            (NoStd::Under(cfg), true) => Some(format!("all(not(loom), not({cfg}))")),
            (NoStd::Under(cfg), false) => Some(format!("all(not(loom), {cfg})")),
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn module_of(root: &str) -> String {
        let parsed = syn::parse_file(root).expect("it is Rust");
        let used = vec![What::Sync, What::Thread];
        module(&parsed, &Shared { lines: Default::default(), used })
    }

    #[test]
    fn std_is_where_the_attributes_of_the_crate_leave_it() {
        let with = module_of("// #![no_std]\n//! no_std\n// extern crate alloc;\nfn f() {}");
        assert!(with.contains("#[cfg(not(loom))]\npub(crate) use std::sync::*;\n"), "{with}");
        assert!(!with.contains("core::") && !with.contains("alloc::"), "{with}");
        let without = module_of("#![no_std]\nextern crate alloc;");
        assert!(
            without.contains("#[cfg(not(loom))]\npub(crate) use core::sync::*;\n"),
            "{without}"
        );
        assert!(
            without.contains("#[cfg(not(loom))]\npub(crate) use alloc::sync::*;\n"),
            "{without}"
        );
        let either = module_of("#![cfg_attr(not(feature = \"std\"), no_std)]\nextern crate alloc;");
        let no_std = "not(feature = \"std\")";
        for (cfg, path) in [
            (format!("not({no_std})"), "std::sync::*"),
            (no_std.to_string(), "core::sync::*"),
            (no_std.to_string(), "alloc::sync::*"),
            (format!("not({no_std})"), "std::thread"),
        ] {
            let line = format!("#[cfg(all(not(loom), {cfg}))]\npub(crate) use {path};\n");
            assert!(either.contains(&line), "{line} in {either}");
        }
        syn::parse_file(&either).expect("it is Rust");
    }
}

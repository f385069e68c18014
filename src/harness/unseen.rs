//! Locks, atomics and threads of `std`'s own in a case: no engine sees them, so a check of it says nothing, or comes to no end.

use proc_macro2::Span;
use syn::UseTree;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use crate::own::source;

/// What `rt` has in the place of `std::sync`'s.
const OF_SYNC: [&str; 11] = [
    "Arc", "Barrier", "Condvar", "LazyLock", "Mutex", "Once", "OnceLock", "RwLock", "Weak",
    "atomic", "mpsc",
];

/// The first one that a text names, and its line from 1; none of what is no Rust.
pub fn of_std(text: &str) -> Option<(usize, String)> {
    let mut finder = Finder(Vec::new());
    finder.visit_file(&syn::parse_file(text).ok()?);
    finder.0.into_iter().min()
}

struct Finder(Vec<(usize, String)>);

impl Finder {
    fn look(&mut self, span: Span, path: &[String]) {
        let words: Vec<&str> = path.iter().map(String::as_str).collect();
        let named = match words[..] {
            ["std", "sync", what, ..] => OF_SYNC.contains(&what) || what == "*",
            ["std", "thread", ..] => true,
            _ => false,
        };
        if named {
            self.0.push((span.start().line, words[..words.len().min(3)].join("::")));
        }
    }
}

impl<'ast> Visit<'ast> for Finder {
    fn visit_path(&mut self, path: &'ast syn::Path) {
        let words: Vec<String> = path.segments.iter().map(|part| part.ident.to_string()).collect();
        self.look(path.span(), &words);
        visit::visit_path(self, path);
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        // Inside of `use`, a name stands alone.
        let tree: &UseTree = &item.tree;
        for path in source::leaves(tree) {
            self.look(item.span(), &path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::of_std;

    #[test]
    fn what_no_engine_sees_is_found_and_nothing_else() {
        let named = |text: &str| of_std(text).map(|(line, name)| format!("{line} {name}"));
        for (text, found) in [
            ("use std::sync::{PoisonError, Mutex};", "1 std::sync::Mutex"),
            ("use rt::sync::Arc;\nuse std::sync::atomic::AtomicU32;", "2 std::sync::atomic"),
            ("\nfn f() { std::thread::spawn(|| ()); }", "2 std::thread::spawn"),
            ("struct S(std::sync::Arc<u32>);", "1 std::sync::Arc"),
        ] {
            assert_eq!(named(text).as_deref(), Some(found), "{text}");
        }
        for text in [
            "//! `std::sync::Mutex`\nuse rt::sync::Mutex;",
            "/// std::thread\nuse std::{fmt, sync::PoisonError};\nfn f() { std::mem::forget(1); }",
        ] {
            assert_eq!(named(text), None, "{text}");
        }
    }
}

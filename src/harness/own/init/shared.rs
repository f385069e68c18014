//! Where the sources of a crate take what threads share from the standard library: loom has its own of each.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use crate::own::source;

/// A line of a file, both as one sees them.
pub type Line = (PathBuf, usize);

/// What loom has of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    Sync,
    Thread,
    Hint,
    Cell,
}

/// What a crate's sources use of it, and the text of each line.
pub struct Shared {
    pub lines: BTreeMap<Line, String>,
    pub used: Vec<What>,
}

impl Shared {
    /// Looks through the sources below `sources`, a folder of the crate's own folder.
    pub fn of(folder: &Path, sources: &Path) -> Shared {
        let mut shared = Shared { lines: BTreeMap::new(), used: Vec::new() };
        for path in source::own_files(&folder.join(sources), &folder.join("target")) {
            let text = fs::read_to_string(&path).unwrap_or_default();
            let Ok(file) = syn::parse_file(&text) else { continue };
            let mut finder = Finder { found: Vec::new() };
            finder.visit_file(&file);
            let name = path.strip_prefix(folder).unwrap_or(&path).to_path_buf();
            for (line, what) in finder.found {
                let text = text.lines().nth(line - 1).unwrap_or_default().trim().to_string();
                shared.lines.insert((name.clone(), line), text);
                shared.used.push(what);
            }
        }
        shared.used.sort_unstable();
        shared.used.dedup();
        shared
    }
}

/// What a path of the standard library's names that loom has, too.
fn what(path: &[String]) -> Option<What> {
    let [first, rest @ ..] = path else { return None };
    if !["std", "core", "alloc"].contains(&&first[..]) {
        return None;
    }
    let last = rest.last()?;
    match &rest.first()?[..] {
        // The orderings are the same ones, and of the next line loom has none.
        "sync" if rest.iter().any(|name| name == "Ordering") => None,
        "sync" if ["OnceLock", "LazyLock", "Once", "Weak"].contains(&&last[..]) => None,
        "sync" => Some(What::Sync),
        "thread" => Some(What::Thread),
        "hint" => (last == "spin_loop").then_some(What::Hint),
        "cell" => (last == "UnsafeCell").then_some(What::Cell),
        _ => None,
    }
}

struct Finder {
    found: Vec<(usize, What)>,
}

impl<'ast> Visit<'ast> for Finder {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        if !source::is_for_tests(item) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, import: &'ast syn::ItemUse) {
        let line = import.use_token.span.start().line;
        self.found.extend(
            source::leaves(&import.tree).iter().filter_map(|path| what(path)).map(|w| (line, w)),
        );
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Vec<String> = path.segments.iter().map(|s| s.ident.to_string()).collect();
        self.found.extend(what(&names).map(|what| (path.span().start().line, what)));
        visit::visit_path(self, path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_loom_has_is_found_and_nothing_else() {
        let text = "use std::sync::{Arc, atomic::{AtomicU8, Ordering}};\n\
                    use core::sync::atomic::Ordering::Relaxed as R;\n\
                    use std::{fmt, cell::UnsafeCell as U};\n\
                    fn f() { std::thread::yield_now(); std::mem::drop(1); }\n\
                    use std::sync::OnceLock;\n\
                    #[cfg(test)] mod tests { use std::sync::Mutex; }\n";
        let mut finder = Finder { found: Vec::new() };
        finder.visit_file(&syn::parse_file(text).expect("it is Rust"));
        finder.found.dedup();
        assert_eq!(finder.found, [(1, What::Sync), (3, What::Cell), (4, What::Thread)]);
    }
}

//! The sources of a crate, as far as they say of themselves which of them are for loom, or for tests.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use syn::UseTree;

use crate::cli::Refusal;

/// Every Rust file below a folder, in order; not what cargo or git keeps there, nor what links lead to.
pub fn files(folder: &Path, target: &Path) -> Vec<PathBuf> {
    let kept = |path: &Path| path == target || path.ends_with("target") || path.ends_with(".git");
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_path_buf()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                if !kept(&path) {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The cfgs with `loom` in their names that the sources below a folder ask for.
pub fn loom_cfgs(folder: &Path, target: &Path) -> BTreeSet<String> {
    let texts =
        files(folder, target).into_iter().map(|path| fs::read_to_string(path).unwrap_or_default());
    texts.flat_map(|text| cfgs(&text)).collect()
}

/// The only one of them.
pub fn find_cfg(folder: &Path, target: &Path) -> Result<String, Refusal> {
    let found = loom_cfgs(folder, target);
    let known: Vec<&String> = found.iter().collect();
    match known[..] {
        [cfg] => Ok(cfg.clone()),
        [] => {
            Err("no source here asks for a cfg with `loom` in its name; `--cfg` says which, and \
                   `cargo casebook init` begins with such tests"
                .into())
        }
        _ => Err(format!("the sources ask for several: {known:?}; `--cfg` says which")),
    }
}

/// The names with `loom` in them in a text's `cfg(...)`; none of what is no Rust.
fn cfgs(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    if let Ok(tokens) = text.parse() {
        find_cfgs(tokens, &mut found);
    }
    found
}

fn find_cfgs(tokens: TokenStream, found: &mut BTreeSet<String>) {
    let mut before = String::new();
    for token in tokens {
        match token {
            TokenTree::Ident(word) => before = word.to_string(),
            TokenTree::Punct(mark) if mark.as_char() == '!' => {}
            TokenTree::Group(group) => {
                match &before[..] {
                    "cfg" => names(group.stream(), found),
                    // What follows the comma is an attribute.
                    "cfg_attr" => {
                        let ends = |token: &TokenTree| token.to_string() == ",";
                        let asked = group.stream().into_iter().take_while(|token| !ends(token));
                        names(asked.collect(), found);
                    }
                    _ => {}
                }
                find_cfgs(group.stream(), found);
                before.clear();
            }
            _ => before.clear(),
        }
    }
}

fn names(tokens: TokenStream, found: &mut BTreeSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => names(group.stream(), found),
            TokenTree::Ident(word) => {
                let word = word.to_string();
                if word == "loom" || word.ends_with("_loom") {
                    found.insert(word);
                }
            }
            _ => {}
        }
    }
}

/// The sources below a folder that are not for tests, as far as files say so: no folder or file named after
/// tests, and none of a module that only tests have.
pub fn own_files(folder: &Path, target: &Path) -> Vec<PathBuf> {
    let all = files(folder, target);
    let mut of_tests: Vec<PathBuf> = Vec::new();
    for path in &all {
        let text = fs::read_to_string(path).unwrap_or_default();
        let Ok(file) = syn::parse_file(&text) else { continue };
        let modules = file.items.iter().filter(|item| is_for_tests(item));
        for item in modules {
            if let syn::Item::Mod(module) = item {
                of_tests.push(module_folder(path).join(module.ident.to_string()));
            }
        }
    }
    let is_of_tests = |path: &PathBuf| {
        let inside = path.strip_prefix(folder).unwrap_or(path).with_extension("");
        let named = inside.components().any(|part| {
            ["test", "tests", "benches", "examples"].iter().any(|name| part.as_os_str() == *name)
        });
        named || of_tests.iter().any(|module| path.with_extension("").starts_with(module))
    };
    all.into_iter().filter(|path| !is_of_tests(path)).collect()
}

/// Where the modules of a file stand.
fn module_folder(file: &Path) -> PathBuf {
    let stem = file.file_stem().unwrap_or_default();
    let parent = file.parent().unwrap_or(Path::new("")).to_path_buf();
    match stem == "lib" || stem == "mod" || stem == "main" {
        true => parent,
        false => parent.join(stem),
    }
}

/// Whether an item is there for tests alone.
pub fn is_for_tests(item: &syn::Item) -> bool {
    use syn::Item::{Const, Fn, Impl, Macro, Mod, Static, Struct, Use};
    let attributes = match item {
        Const(item) => &item.attrs,
        Fn(item) => &item.attrs,
        Impl(item) => &item.attrs,
        Macro(item) => &item.attrs,
        Mod(item) => &item.attrs,
        Static(item) => &item.attrs,
        Struct(item) => &item.attrs,
        Use(item) => &item.attrs,
        _ => return false,
    };
    are_for_tests(attributes)
}

/// Whether what has these attributes is.
pub fn are_for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let text = match &attribute.meta {
            syn::Meta::List(list) if list.path.is_ident("cfg") => list.tokens.to_string(),
            meta => return meta.path().segments.last().is_some_and(|last| last.ident == "test"),
        };
        let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
        words.contains(&"test") && !words.contains(&"not") && !words.contains(&"any")
    })
}

/// The whole path of each name that a `use` brings in.
pub fn leaves(tree: &UseTree) -> Vec<Vec<String>> {
    let one = |name: String| vec![vec![name]];
    match tree {
        UseTree::Path(path) => {
            let below = leaves(&path.tree).into_iter();
            let first = path.ident.to_string();
            below.map(|rest| [vec![first.clone()], rest].concat()).collect()
        }
        UseTree::Name(name) => one(name.ident.to_string()),
        // By either name.
        UseTree::Rename(rename) => {
            vec![vec![rename.ident.to_string()], vec![rename.rename.to_string()]]
        }
        UseTree::Glob(_) => one("*".to_string()),
        UseTree::Group(group) => group.items.iter().flat_map(leaves).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cfg_is_one_that_the_compiler_reads() {
        let found = |text: &str| cfgs(text).into_iter().collect::<Vec<_>>().join(" ");
        for none in [
            "// #[cfg(loom)]\n/* cfg!(loom) */ fn f() {}",
            "//! `#[cfg(loom)]`\n/// cfg(loom)\nfn f() {}",
            "fn f() { if cfg!(test) { loom(x[0]) } }",
            "#[cfg_attr(test, is(a_loom))] fn f() {}",
            "#[cfg(feature = \"loom\")] fn f() {}",
        ] {
            assert_eq!(found(none), "", "{none}");
        }
        assert_eq!(
            found("#![cfg_attr(loom, is(a))] #[cfg(any(not(a_loom), b))] fn f() {}"),
            "a_loom loom"
        );
        assert_eq!(found("m! { () => { #[cfg(loom)] fn f() { cfg!(b_loom) } } }"), "b_loom loom");
    }
}

//! The slack orderings of a crate made weaker in its sources, as a patch.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use casebook_core::ordering::{Strength, Use};

use super::calls::{Range, Written};
use super::orderings::{Answer, Justified};
use crate::cli::Refusal;
use proc_macro2::LineColumn;
use syn::UseTree;
use syn::spanned::Spanned;

/// A written ordering and a weaker one in its place.
#[derive(Clone, Debug)]
pub struct Change {
    written: Written,
    by: Strength,
    /// What runs with it: two operations for the load of a `fetch_update`.
    pub uses: Vec<(Use, Strength)>,
}

/// The changes that the answers suggest, each by itself, and the sites of slack ones that no argument states.
pub fn changes(found: &[Justified], written: &[Written]) -> (Vec<Change>, Vec<String>) {
    let mut changes: Vec<Change> = Vec::new();
    let mut unwritten = Vec::new();
    for justified in found {
        let Answer::Slack { suffices } = &justified.answer else { continue };
        let of = &justified.of;
        let place = written.iter().find(|written| states(written, of));
        // A fence can be taken away where it is a statement.
        let fits = |place: &&Written| suffices[0] != Strength::Absent || place.statement.is_some();
        let Some(place) = place.filter(fits) else {
            unwritten.push(format!("{}:{}", of.site.file, of.site.line));
            continue;
        };
        let all: Vec<&Justified> = found.iter().filter(|other| states(place, &other.of)).collect();
        let weaker = all.iter().map(|other| match &other.answer {
            Answer::Slack { suffices } => suffices.first().copied(),
            _ => None,
        });
        // The strongest of what suffices for each use of it.
        let Some(weaker) = weaker.collect::<Option<Vec<Strength>>>() else { continue };
        let by = weaker.into_iter().max().unwrap_or(suffices[0]);
        if changes.iter().all(|change| !states(&change.written, of)) {
            let uses = all.iter().map(|other| (other.of.clone(), by)).collect();
            changes.push(Change { written: place.clone(), by, uses });
        }
    }
    (changes, unwritten)
}

/// Whether it is this argument that gives a use its ordering.
pub fn states(written: &Written, of: &Use) -> bool {
    use casebook_core::ordering::Role::{Failure, Load};
    let load_of_update = (written.role, of.role) == (Failure, Load);
    written.site == of.site
        && written.ordering == of.ordering
        && (written.role == of.role || load_of_update)
}

/// The changes as a unified patch of the files below `root`.
pub fn patch(root: &Path, changes: &[Change]) -> Result<String, Refusal> {
    let mut files: BTreeMap<&str, Vec<&Change>> = BTreeMap::new();
    for change in changes {
        files.entry(&change.written.site.file).or_default().push(change);
    }
    let mut patch = String::new();
    for (file, changes) in files {
        let text = fs::read_to_string(root.join(file))
            .map_err(|error| format!("{file} cannot be read: {error}"))?;
        patch += &unified(file, &text, &edited(&text, changes));
    }
    Ok(patch)
}

/// Each line of a text, or none where it is to go.
fn edited(text: &str, mut changes: Vec<&Change>) -> Vec<Option<String>> {
    let mut lines: Vec<Option<String>> = lines(text).map(|line| Some(line.to_string())).collect();
    // The last first, so that the columns of the others stay as they are.
    changes.sort_by_key(|change| {
        std::cmp::Reverse((change.written.word.from.line, change.written.word.from.column))
    });
    for Change { written, by, .. } in changes {
        match (by, written.statement) {
            (Strength::Absent, Some(statement)) => remove(&mut lines, statement),
            (by, _) => {
                let name = by.to_string();
                let name = if written.bare && !is_in_scope(text, written.word.from, &name) {
                    format!("core::sync::atomic::Ordering::{name}")
                } else {
                    name
                };
                let Range { from, to } = written.word;
                splice(&mut lines[from.line - 1], from.column, to.column, &name);
            }
        }
    }
    lines
}

/// The lines of a text as a patch has them: what precedes the end of a line belongs to it.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.strip_suffix('\n').unwrap_or(text).split('\n')
}

fn splice(line: &mut Option<String>, from: usize, to: usize, by: &str) {
    if let Some(text) = line {
        let (before, after): (String, String) =
            (text.chars().take(from).collect(), text.chars().skip(to).collect());
        *text = before + by + &after;
    }
}

/// Takes a statement away, and its lines where nothing else is on them.
fn remove(lines: &mut [Option<String>], Range { from, to }: Range) {
    let column = |line: usize| if line == to.line { to.column } else { usize::MAX };
    for line in from.line..=to.line {
        let start = if line == from.line { from.column } else { 0 };
        splice(&mut lines[line - 1], start, column(line), "");
        if lines[line - 1].as_deref().is_some_and(|line| line.trim().is_empty()) {
            lines[line - 1] = None;
        }
    }
}

/// Whether a `use` in the module of this place surely brings in an ordering by its bare name: one that is there
/// under every cfg, and names it as it is.
fn is_in_scope(text: &str, at: LineColumn, name: &str) -> bool {
    let Ok(file) = syn::parse_file(text) else { return false };
    let mut items = &file.items;
    while let Some((_, inner)) = items.iter().find_map(|item| match item {
        syn::Item::Mod(module) if module.span().start() <= at && at < module.span().end() => {
            module.content.as_ref()
        }
        _ => None,
    }) {
        items = inner;
    }
    let imports = || {
        items.iter().filter_map(|item| match item {
            syn::Item::Use(import) => Some(import),
            _ => None,
        })
    };
    // Whatever else has the name hides what `*` brings in.
    let hidden = imports().any(|import| gives(&import.tree, name))
        || items.iter().any(|item| match item {
            syn::Item::Const(item) => item.ident == name,
            syn::Item::Static(item) => item.ident == name,
            syn::Item::Struct(item) => item.ident == name,
            _ => false,
        });
    imports().any(|import| {
        let always = !import.attrs.iter().any(|attribute| attribute.path().is_ident("cfg"));
        always && brings(&import.tree, (false, hidden), name)
    })
}

/// Whether a `use` has an ordering of this name, below an `Ordering`; by `*` only if that is not hidden.
fn brings(tree: &UseTree, (below, hidden): (bool, bool), name: &str) -> bool {
    match tree {
        UseTree::Path(path) if path.ident == "cmp" => false,
        UseTree::Path(path) => brings(&path.tree, (path.ident == "Ordering", hidden), name),
        UseTree::Name(last) => below && last.ident == name,
        UseTree::Rename(_) => false,
        UseTree::Glob(_) => below && !hidden,
        UseTree::Group(group) => group.items.iter().any(|tree| brings(tree, (below, hidden), name)),
    }
}

/// Whether a `use` gives something this name.
fn gives(tree: &UseTree, name: &str) -> bool {
    match tree {
        UseTree::Path(path) => gives(&path.tree, name),
        UseTree::Name(last) => last.ident == name,
        UseTree::Rename(renamed) => renamed.rename == name,
        UseTree::Glob(_) => false,
        UseTree::Group(group) => group.items.iter().any(|tree| gives(tree, name)),
    }
}

/// How many lines that stay are shown around those that do not.
const CONTEXT: usize = 3;

/// A patch of one file, in which each line stays, is another one, or is gone.
fn unified(file: &str, old: &str, new: &[Option<String>]) -> String {
    let unended = !old.ends_with('\n');
    let old: Vec<&str> = lines(old).collect();
    let differs = |at: usize| new[at].as_deref() != Some(old[at]);
    let changed: Vec<usize> = (0..old.len()).filter(|at| differs(*at)).collect();
    let mut hunks: Vec<(usize, usize)> = Vec::new();
    for at in changed {
        let (from, to) = (at.saturating_sub(CONTEXT), (at + CONTEXT + 1).min(old.len()));
        match hunks.last_mut() {
            Some(last) if from <= last.1 => last.1 = to,
            _ => hunks.push((from, to)),
        }
    }
    if hunks.is_empty() {
        return String::new();
    }
    let mut patch = format!("--- a/{file}\n+++ b/{file}\n");
    let mut gone = 0;
    for (from, to) in hunks {
        let kept = new[from..to].iter().flatten().count();
        // A side of no lines is told by the line before it.
        let first = from + 1 - gone - usize::from(kept == 0);
        patch += &format!("@@ -{},{} +{first},{kept} @@\n", from + 1, to - from);
        for at in from..to {
            let end = match unended && at + 1 == old.len() {
                true => "\n\\ No newline at end of file\n",
                false => "\n",
            };
            match &new[at] {
                Some(new) if new == old[at] => patch += &format!(" {new}{end}"),
                Some(new) => patch += &format!("-{}{end}+{new}{end}", old[at]),
                None => patch += &format!("-{}{end}", old[at]),
            }
        }
        gone += to - from - kept;
    }
    patch
}

#[cfg(test)]
mod tests {
    use super::*;
    use casebook_core::ordering::Role;
    use casebook_core::verdict::Site;
    use proc_macro2::LineColumn;

    /// A word of a line, from 1, made weaker.
    fn change(line: usize, columns: (usize, usize), role: Role, by: Strength) -> Change {
        let at = |column| LineColumn { line, column };
        let word = Range { from: at(columns.0), to: at(columns.1) };
        let site = Site {
            file: String::new(),
            line: line as u32,
            column: 1,
            relation: Default::default(),
        };
        let statement = (role == Role::Fence).then_some(word);
        let written =
            Written { site, role, ordering: Strength::SeqCst, word, bare: true, statement };
        Change { written, by, uses: Vec::new() }
    }

    #[test]
    fn a_patch_says_where_each_line_is_on_both_sides() {
        let text = "use a::Ordering::*;\r\nfn f() { ä(SeqCst) + b(SeqCst);\r\nfence(SeqCst);\n1;\n2;\n3;\n4;\n5;\n\
                    6;\n7;\nc(SeqCst) }";
        let changes = [
            change(2, (11, 17), Role::Load, Strength::Acquire),
            change(2, (23, 29), Role::Load, Strength::Relaxed),
            change(3, (0, 14), Role::Fence, Strength::Absent),
            change(11, (2, 8), Role::Load, Strength::Acquire),
        ];
        let patch = unified("f", text, &edited(text, changes.iter().collect()));
        let expected = "--- a/f\n+++ b/f\n@@ -1,6 +1,5 @@\n use a::Ordering::*;\r\n\
                        -fn f() { ä(SeqCst) + b(SeqCst);\r\n+fn f() { ä(Acquire) + b(Relaxed);\r\n-fence(SeqCst);\n \
                        1;\n 2;\n 3;\n@@ -8,4 +7,4 @@\n 5;\n 6;\n 7;\n-c(SeqCst) }\n\\ No newline at end of file\n\
                        +c(Acquire) }\n\\ No newline at end of file\n";
        assert_eq!(patch, expected);
    }

    #[test]
    fn a_short_name_is_one_that_the_module_surely_has() {
        let at = LineColumn { line: 2, column: 30 };
        let has = |imports: &str| {
            let text = format!("{imports}\nmod a {{ use super::B; fn f() {{ g(SeqCst) }} }}\n");
            let outer = format!("{imports}\n                  fn f() {{ g(SeqCst) }}\n");
            assert!(!is_in_scope(&text, at, "Relaxed"), "{imports}: not in the module");
            is_in_scope(&outer, at, "Relaxed")
        };
        assert!(has("use core::sync::atomic::Ordering::{self, Relaxed, SeqCst};"));
        assert!(has("use core::sync::atomic::{AtomicBool, Ordering::*};"));
        assert!(!has("use core::sync::atomic::Ordering::{Relaxed as R, SeqCst};"));
        assert!(!has("use core::sync::atomic::Ordering::{SeqCst as Relaxed};"));
        assert!(!has("#[cfg(loom)] use core::sync::atomic::Ordering::{Relaxed, SeqCst};"));
        assert!(!has("use core::sync::atomic::Ordering::*; use crate::Relaxed;"));
        assert!(!has("use core::sync::atomic::Ordering::*; struct Relaxed;"));
    }
}

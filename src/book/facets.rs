//! Cases by what they have in common: a class of bugs, a primitive, a source; and files that share most.

use std::collections::{BTreeMap, BTreeSet};
use std::ptr;

use super::html::{counted, escaped, heading};
use super::indexes::{leaf, list};
use super::{Book, Page, page};
use casebook_core::case::{Entry, Shape};
use casebook_harness::index::{self, Facet};

/// How many files a page names as related.
const MOST_RELATED: usize = 6;

/// The classes of concurrency bugs, with the cases and the refused files that show each.
pub(super) fn classes(book: &Book) -> Page {
    let mut html = heading(1, "classes", "Classes of bugs");
    html += "<p>What programmers call the mistake, whatever failure an engine sees of it.</p>\n";
    let groups = &book.groups[Facet::Class.name()];
    for (nth, class) in index::classes().iter().enumerate() {
        html += &heading(2, &format!("class-{}", nth + 1), &escaped(&class.name));
        html += &format!("<p>{}</p>\n", escaped(&class.what));
        let cases = groups.get(&class.name).map_or(&[][..], |cases| &cases[..]);
        let is_plain = |shown: &str| class.finer(shown).next().is_none();
        html += &shown(book, cases, &class.cases, |entry| is_plain(&entry.id));
        for (name, listed) in &class.below {
            let of = shown(book, cases, listed, |entry| listed.contains(&entry.id));
            if !of.is_empty() {
                html += &format!("<h3>{}</h3>\n{of}", escaped(name));
            }
        }
    }
    leaf("Classes of bugs", "classes.html", html)
}

/// Those of the cases that are of a class, and the refused files that it lists.
fn shown(
    book: &Book,
    cases: &[&Entry],
    listed: &BTreeSet<String>,
    is_of: impl Fn(&Entry) -> bool,
) -> String {
    let cases: Vec<&Entry> = cases.iter().copied().filter(|entry| is_of(entry)).collect();
    let mut html = if cases.is_empty() { String::new() } else { list(book, &cases) };
    for refused in book.refused.iter().filter(|refused| listed.contains(&refused.file)) {
        let (address, file) = (refused.address(), escaped(&refused.file));
        html += &format!("<p><a class=\"case\" href=\"@/{address}\">{file}</a></p>\n");
    }
    html
}

/// The files by what they import from the facade.
pub(super) fn primitives(book: &Book) -> Page {
    let mut html = heading(1, "primitives", "By primitive");
    html += "<p>What a file's cases use of <code class=\"nohighlight\">std</code>, \
             <code class=\"nohighlight\">crossbeam</code> and others.</p>\n";
    html += &by_file(book, Facet::Primitive, "primitive");
    leaf("By primitive", "primitives.html", html)
}

/// The files by the works and projects that they name.
pub(super) fn sources(book: &Book) -> Page {
    let mut html = heading(1, "sources", "By source");
    html +=
        "<p>The standards, papers, books and projects that case files name as their source.</p>\n";
    html += &by_file(book, Facet::Source, "source");
    leaf("By source", "sources.html", html)
}

/// Cases by the values of a facet.
pub(super) type Groups<'a> = BTreeMap<String, Vec<&'a Entry>>;

/// The cases by each facet of which there is a page.
pub(super) fn all<'a>(cases: &[&'a Entry]) -> BTreeMap<&'static str, Groups<'a>> {
    let groups = |facet| {
        let mut groups = Groups::new();
        for entry in cases {
            for value in index::values(entry, facet) {
                groups.entry(value).or_default().push(entry);
            }
        }
        groups
    };
    let facets = [Facet::Class, Facet::Primitive, Facet::Source];
    facets.into_iter().map(|facet| (facet.name(), groups(facet))).collect()
}

/// Value by value, the files that have it, folded.
fn by_file(book: &Book, facet: Facet, id: &str) -> String {
    let mut html = String::new();
    for (nth, (value, cases)) in book.groups[facet.name()].iter().enumerate() {
        let files = files(cases);
        let (value, count) = (escaped(value), counted(files.len(), "file"));
        let items: String = files.iter().map(|shape| item(book, shape)).collect();
        html += &format!(
            "<details id=\"{id}-{}\"><summary><b>{value}</b>: {count}</summary>\n\
             <ul class=\"cases\">\n{items}</ul>\n</details>\n",
            nth + 1
        );
    }
    html
}

/// The files of cases that stand in the order of the corpus.
fn files<'a>(cases: &[&'a Entry]) -> Vec<&'a Shape> {
    let mut files: Vec<&Shape> = cases.iter().map(|entry| entry.shape).collect();
    files.dedup_by(|one, other| ptr::eq(*one, *other));
    files
}

/// A file with its claim.
fn item(book: &Book, shape: &Shape) -> String {
    let prose = shape.prose();
    let claim = book.links.prose(prose.first().copied().unwrap_or_default());
    let (path, stem) = (page::path(shape), escaped(shape.stem()));
    format!("<li><a class=\"case\" href=\"@/{path}\">{stem}</a> {claim}</li>\n")
}

/// The files of the book that share most with this one: a source, or primitives, the rarer the better.
pub(super) fn related(book: &Book, shape: &Shape) -> String {
    let mut scores: BTreeMap<*const Shape, (usize, &Shape)> = BTreeMap::new();
    for (facet, weight) in [(Facet::Source, 3), (Facet::Primitive, 1)] {
        for cases in book.groups[facet.name()].values() {
            if !cases.iter().any(|entry| ptr::eq(entry.shape, shape)) {
                continue;
            }
            let files = files(cases);
            for &other in files.iter().filter(|other| !ptr::eq(**other, shape)) {
                scores.entry(other).or_insert((0, other)).0 += 1_000 * weight / files.len();
            }
        }
    }
    let mut best: Vec<(usize, &Shape)> = scores.into_values().collect();
    best.sort_by_cached_key(|(score, shape)| (usize::MAX - score, shape.stem()));
    best.truncate(MOST_RELATED);
    if best.is_empty() {
        return String::new();
    }
    let items: String = best.iter().map(|(_, shape)| item(book, shape)).collect();
    heading(2, "the-related", "Related") + &format!("<ul class=\"cases\">\n{items}</ul>\n")
}

//! "What loom told you, and this does not": where loom and the exact engine differ, by what the corpus declares of loom,
//! and how this library in loom's place differs from loom.

use casebook_core::case::Entry;
use casebook_core::expect::Way;
use casebook_core::verdict::{EngineId, Reason};

use super::html::{code, counted, escaped, heading};
use super::indexes::{leaf, without_lists};
use super::{Book, Page};

/// What stands in loom's place says itself how it differs.
const LIBRARY: &str = include_str!("../loom/lib.rs");

/// The sections of the page, each with what it means for a test of one's own.
const SECTIONS: [(Section, &str, &str, &str); 4] = [
    (
        Section::Alarms,
        "alarms",
        "loom fails, and this proves",
        "loom reports an execution that the memory model does not allow. A test that fails under loom alone is likely one of \
         these; if loom was the only witness for a stronger ordering, that may be taken back.",
    ),
    (
        Section::Misses,
        "misses",
        "loom explores, and this fails",
        "An execution that the memory model allows is not among those that loom runs. A test that fails here alone shows that \
         execution, with its steps, its graph and a command that runs it again: look at that.",
    ),
    (
        Section::NoVerdict,
        "no-verdict",
        "loom gives no verdict",
        "loom has no model of something, or no room for it, or does not end.",
    ),
    (
        Section::Neither,
        "neither",
        "Neither shows it",
        "The language allows more than both of them look at.",
    ),
];

/// How the two answers to a test differ.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    Alarms,
    Misses,
    NoVerdict,
    Neither,
}

/// The page.
pub(super) fn page(book: &Book) -> Page {
    let name = "What loom told you, and this does not";
    let mut html = heading(1, "loom", name);
    html += "<p>The same tests, two answers: <code class=\"nohighlight\">cargo casebook test --engine loom</code> shows them side \
             by side. Where they differ, one of these reasons is at work. Each has cases that are checked, with their verdicts: \
             if loom changes, a test of this corpus fails until the case says so.</p>\n";
    // The one engine of the corpus that the library has its name from.
    let loom: EngineId = "loom".parse().expect("an engine is called so");
    for (section, id, title, what) in SECTIONS {
        html += &heading(2, id, &escaped(title));
        html += &format!("<p>{}</p>\n", escaped(what));
        for reason in Reason::ALL {
            let differs = |entry: &&&Entry| of(entry, loom, reason).contains(&section);
            let cases: Vec<&Entry> = book.cases.iter().filter(differs).copied().collect();
            if !cases.is_empty() {
                html += &one(book, id, reason, &cases);
            }
        }
    }
    html += &heading(2, "in-its-place", "What stands in loom's place");
    html += "<p>So says the library itself, of which your tests see no other sign:</p>\n<ul>\n";
    for item in items(LIBRARY) {
        html += &format!("<li>{}</li>\n", book.links.prose(&item));
    }
    html += "</ul>\n";
    without_lists(leaf(name, "loom.html", html))
}

/// The sections in which a case stands because of this reason.
fn of(entry: &Entry, loom: EngineId, reason: Reason) -> Vec<Section> {
    let ways = (entry.case.expect)().ways();
    // What stands in loom's place lets nothing fail or wake without a cause, as loom does.
    let shared =
        |way| ways.contains(&(EngineId::EXACT, way, reason)) || reason == Reason::NothingSpurious;
    let of_loom = ways.iter().filter(|(engine, _, why)| (*engine, *why) == (loom, reason));
    let section = |way: &Way| match way {
        Way::Misses if shared(Way::Misses) => Section::Neither,
        Way::Misses => Section::Misses,
        Way::Alarms => Section::Alarms,
        Way::NoVerdict => Section::NoVerdict,
    };
    of_loom.map(|(_, way, _)| section(way)).collect()
}

/// A reason with its cases.
fn one(book: &Book, way: &str, reason: Reason, cases: &[&Entry]) -> String {
    let links: Vec<String> = cases.iter().map(|entry| book.links.case(&entry.id)).collect();
    let (many, links) = (counted(links.len(), "case"), links.join(" · "));
    let name = format!("{reason:?}");
    let mut html = heading(3, &format!("{way}-{name}"), &code(&name));
    html += &format!("<p>{}.</p>\n", escaped(&super::engines::capital(reason.sentence())));
    html + &format!("<details><summary>{many}</summary>\n<p>{links}</p>\n</details>\n")
}

/// The items of the list below the heading that says how it differs, links in Rust's documentation as code.
fn items(source: &str) -> Vec<String> {
    let list = source.split("//! # Where it differs from loom\n").nth(1).unwrap_or_default();
    let lines = list.lines().map_while(|line| line.strip_prefix("//!"));
    let mut items: Vec<String> = Vec::new();
    for line in lines.map(str::trim).skip_while(|line| line.is_empty()) {
        match (line.strip_prefix("- "), items.last_mut()) {
            (Some(item), _) => items.push(item.to_string()),
            (None, Some(item)) if !line.is_empty() => *item = format!("{item} {line}"),
            _ => break,
        }
    }
    items.iter().map(|item| without_links(item)).collect()
}

/// The words of links in Rust's documentation, without what they lead to.
fn without_links(text: &str) -> String {
    let mut parts = text.split("](");
    let first = parts.next().unwrap_or_default().to_string();
    let text = parts.fold(first, |text, part| text + part.split_once(')').map_or(part, |p| p.1));
    text.replace(['[', ']'], "")
}

//! The engines' page: what a verdict proves, where each engine is blind, and in which cases that shows.

use std::collections::BTreeMap;

use super::html::{code, counted, escaped, heading};
use super::indexes::leaf;
use super::{Book, Page, versions};
use crate::verdict::{EngineId, Reason};

/// The paragraphs of the README that say it, so that it is said once.
const PROSE: &str = include_str!("../../README.md");

/// What a verdict proves, then reason by reason the declared blind spots.
pub(super) fn page(book: &Book) -> Page {
    let mut html = heading(1, "engines", "What a verdict proves, and what it does not");
    html += &engines(book);
    html += &heading(2, "the-reasons", "Where engines are blind");
    html += "<p>Every difference between an engine and the truth is declared by the case, with one of these \
             reasons, and checked: where an engine learns to see, the test fails until the case says so.</p>\n";
    for (reason, engines) in blind_spots(book) {
        html += &heading(3, &format!("{reason:?}"), &code(&format!("{reason:?}")));
        html += &format!("<p>{}.</p>\n", escaped(&capital(reason.sentence())));
        for (engine, ids) in &engines {
            let links: Vec<String> = ids.iter().map(|id| book.links.case(id)).collect();
            let (many, links) = (counted(ids.len(), "case"), links.join(" · "));
            html += &format!(
                "<details><summary><b>{engine}</b>: {many}</summary>\n<p>{links}</p>\n</details>\n"
            );
        }
    }
    html += &heading(2, "the-versions", "Versions");
    html += "<ul>\n";
    for version in versions::all() {
        html += &format!("<li>{}</li>\n", escaped(version));
    }
    html += "</ul>\n";
    leaf("What a verdict proves", "engines.html", html)
}

/// What the README says of each engine.
fn engines(book: &Book) -> String {
    let section = PROSE.split("## What a verdict proves").nth(1).unwrap_or_default();
    let section = section.split("\n## ").next().unwrap_or_default();
    let items = section.split("\n- ").skip(1).map(|item| {
        let item = item.split("\n\n").next().unwrap_or_default().replace('\n', " ");
        format!("<li>{}</li>\n", book.links.prose(&item))
    });
    format!("<ul>\n{}</ul>\n", items.collect::<String>())
}

fn capital(sentence: &str) -> String {
    let mut chars = sentence.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}

/// By reason and engine, the cases that declare it.
fn blind_spots<'a>(book: &'a Book) -> BTreeMap<Reason, BTreeMap<EngineId, Vec<&'a str>>> {
    let mut spots: BTreeMap<Reason, BTreeMap<EngineId, Vec<&str>>> = BTreeMap::new();
    for entry in &book.cases {
        for (engine, reason) in (entry.case.expect)().exceptions() {
            spots.entry(reason).or_default().entry(engine).or_default().push(&entry.id);
        }
    }
    spots
}

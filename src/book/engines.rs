//! The engines' page: what a verdict proves, under which model, and where each engine is blind.

use super::html::{code, counted, escaped, heading};
use super::indexes::{leaf, without_lists};
use super::{Book, Page, versions};
use casebook_core::verdict::Reason;
use casebook_harness::index;

/// The paragraphs of the README that say it, so that it is said once.
const PROSE: &str = include_str!("../../README.md");

/// What a verdict proves, then reason by reason the declared blind spots.
pub(super) fn page(book: &Book) -> Page {
    let mut html = heading(1, "engines", "What a verdict proves, and what it does not");
    html += &engines(book);
    html += &heading(2, "two-models", "Two models");
    html += &models(book);
    html += &heading(2, "the-reasons", "Where engines are blind");
    html += "<p>Every difference between an engine and the truth is declared by the case, with one of these \
             reasons, and checked: where an engine learns to see, the test fails until the case says so.</p>\n";
    let limits = index::blindness(book.cases.iter().copied());
    for reason in Reason::ALL {
        let mut limits =
            limits.iter().filter(|it| it.reason == reason && !it.shown_by.is_empty()).peekable();
        if limits.peek().is_none() {
            continue;
        }
        html += &heading(3, &format!("{reason:?}"), &code(&format!("{reason:?}")));
        html += &format!("<p>{}.</p>\n", escaped(&capital(reason.sentence())));
        for limit in limits {
            let links: Vec<String> =
                limit.shown_by.iter().map(|entry| book.links.case(&entry.id)).collect();
            let (many, links) = (counted(links.len(), "case"), links.join(" · "));
            html += &format!(
                "<details><summary><b>{}</b>: {many}</summary>\n<p>{links}</p>\n</details>\n",
                limit.engine
            );
        }
    }
    html += &heading(2, "the-versions", "Versions");
    html += "<ul>\n";
    for version in versions::all() {
        html += &format!("<li>{}</li>\n", escaped(version));
    }
    html += "</ul>\n";
    without_lists(leaf("What a verdict proves", "engines.html", html))
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

/// What the README says of the two models.
fn models(book: &Book) -> String {
    let section = PROSE.split("## Two models\n").nth(1).unwrap_or_default();
    let section = section.split("\n## ").next().unwrap_or_default().trim();
    let paragraph = |text: &str| {
        // Of a link in Markdown, its words and then its address.
        let text = text.replace('\n', " ").replace("](", " (").replace('[', "");
        format!("<p>{}</p>\n", book.links.prose(&text))
    };
    section.split("\n\n").map(paragraph).collect()
}

/// A sentence as it begins.
pub(super) fn capital(sentence: &str) -> String {
    let mut chars = sentence.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}

//! "Check your own crate" and "Check an object": documents in Markdown, as pages.

use super::html::{block, heading};
use super::indexes::leaf;
use super::{Book, Page};

/// What it says; what it shows of programs is compared with what they print by `tests/suite/own/`.
const OWN_CRATE: &str = include_str!("own_crate.md");
const OBJECTS: &str = include_str!("objects.md");

/// The pages.
pub(super) fn pages(book: &Book) -> [Page; 2] {
    [
        leaf("Check your own crate", "own.html", html(book, "own", OWN_CRATE)),
        leaf("Check an object", "objects.html", html(book, "objects", OBJECTS)),
    ]
}

fn html(book: &Book, id: &str, text: &str) -> String {
    let mut html = String::new();
    let mut parts = text.split("```");
    // Text and code take turns.
    while let Some(text) = parts.next() {
        html += &text.split("\n\n").map(|block| prose(book, id, block.trim())).collect::<String>();
        if let Some(code) = parts.next() {
            html += &block(code.split_once('\n').map_or(code, |(_, code)| code));
        }
    }
    html
}

/// A heading, the first with the page's own id, a list or a paragraph.
fn prose(book: &Book, id: &str, text: &str) -> String {
    let linked = |text: &str| book.links.prose(&text.replace('\n', " "));
    if let Some(title) = text.strip_prefix("# ") {
        heading(1, id, &linked(title))
    } else if let Some(title) = text.strip_prefix("## ") {
        heading(2, &title.to_lowercase().replace(' ', "-"), &linked(title))
    } else if let Some(items) = text.strip_prefix("- ") {
        let items = items.split("\n- ").map(|item| format!("<li>{}</li>\n", linked(item)));
        format!("<ul>\n{}</ul>\n", items.collect::<String>())
    } else if text.is_empty() || text.starts_with("<!--") {
        String::new()
    } else {
        format!("<p>{}</p>\n", linked(text))
    }
}

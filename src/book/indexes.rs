//! The pages that lead to cases: the front page, families, failures, published bugs.

use std::fmt::Write;

use super::html::{counted, escaped, heading};
use super::page::{self, overview, paragraphs};
use super::{Book, Page, channels, decisions, facets, refused, versions};
use casebook_core::case::{Entry, Shape};
use casebook_core::verdict::Kind;
use casebook_harness::index;
use casebook_harness::run::Checked;

/// A page without pages below it.
pub(super) fn leaf(name: &str, path: &str, html: String) -> Page {
    Page { name: name.into(), path: path.into(), html, searched: None, below: Vec::new() }
}

/// A page whose folded lists of cases a search passes over: each case has its own page.
pub(super) fn without_lists(page: Page) -> Page {
    let mut parts = page.html.split("<details>");
    let mut searched = parts.next().unwrap_or_default().to_string();
    searched.extend(parts.filter_map(|part| Some(part.split_once("</details>\n")?.1)));
    Page { searched: Some(searched), ..page }
}

/// The first page: what the book is, and where to go.
pub(super) fn front(book: &Book) -> Page {
    let cases = counted(book.cases.len(), "case");
    let files = counted(book.files().len(), "file");
    let results: Vec<&Checked> = book.results.values().collect();
    let undeclared = results.iter().filter(|checked| !checked.as_declared()).count();
    let state = match undeclared {
        0 => "every one as its case declares".to_string(),
        n => format!("<strong>{n} not as declared</strong>"),
    };
    let mut html = heading(1, "casebook", "Casebook");
    let _ = write!(
        html,
        "<p>A corpus of small concurrent Rust programs whose verdicts can be cited. Each case is one \
         plain program with a claim, checked by several engines; the verdict says what was established, \
         by which engine, under which model, and what was not.</p>\n\
         <p>This book has {cases} in {files}, with {}: {state}. {}</p>\n",
        counted(results.len(), "verdict"),
        escaped(&versions::sentence())
    );
    html += "<ul class=\"ways\">\n";
    for (path, name, what) in [
        (
            "verdict.html",
            "How to read a verdict",
            "what was proved and what was not, in one minute",
        ),
        (
            "ladder.html",
            "Ten cases to begin with",
            "for who is new to this, each with a question to answer",
        ),
        ("own.html", "Check your own crate", "your loom tests, in every execution of them"),
        (
            "loom.html",
            "What loom told you, and this does not",
            "where the two differ, each with its cases",
        ),
        (
            "orderings.html",
            "Which ordering do I need?",
            "questions, each answered by a case that holds",
        ),
        (
            "go_channels.html",
            "Go's channels beside Rust's",
            "what each promises, and what comes of relying on more",
        ),
        ("failures.html", "What can go wrong", "cases by the failure they show"),
        (
            "published.html",
            "Published bugs",
            "bugs of real crates and of <code>std</code>, each with its fix",
        ),
        ("refused.html", "Refused by the compiler", "what must not compile, and what lints see"),
        ("ledger.html", "What people say", "claims about Rust's concurrency, with verdicts"),
        ("engines.html", "What a verdict proves", "the engines, and where each is blind"),
    ] {
        let _ = writeln!(html, "<li><a href=\"@/{path}\">{name}</a>: {what}</li>");
    }
    html += "</ul>\n<p>Press <kbd>S</kbd> to search: every id and claim is in the index, and what each case says of itself. \
             An id such as <code class=\"nohighlight\">message_passing/release_acquire</code> is stable and \
             never reused, and so is the address that it gives its case here: \
             <code class=\"nohighlight\">case/message_passing.html#release_acquire</code>.</p>\n";
    html += &complaints(&results);
    leaf("Casebook", "index.html", html)
}

/// What is not as declared, first of all.
fn complaints(results: &[&Checked]) -> String {
    let mut html = String::new();
    for checked in results.iter().filter(|checked| !checked.as_declared()) {
        let (stem, name) = checked.id.split_once('/').unwrap_or((&checked.id, ""));
        let _ = writeln!(
            html,
            "<li><a href=\"@/case/{stem}.html#{name}\">{}</a> under {}: {}</li>",
            escaped(&checked.id),
            checked.engine,
            escaped(&checked.complaints.join("; "))
        );
    }
    if html.is_empty() { html } else { format!("<p>Not as declared:</p>\n<ul>\n{html}</ul>\n") }
}

/// The pages that find a case by what it is about.
pub(super) fn finders(book: &Book) -> Vec<Page> {
    vec![
        decisions::page(book),
        channels::page(book),
        failures(book),
        facets::classes(book),
        facets::primitives(book),
        facets::sources(book),
        published(book),
        refused::page(book),
    ]
}

/// Cases by the failure they declare.
fn failures(book: &Book) -> Page {
    let mut html = heading(1, "failures", "What can go wrong");
    html += "<p>Every kind of failure that an engine can tell, and the cases that show it.</p>\n";
    for kind in Kind::ALL {
        let name = kind.to_string();
        let declares = |entry: &&&Entry| (entry.case.expect)().summary() == name;
        let cases: Vec<&Entry> = book.cases.iter().filter(declares).copied().collect();
        html += &heading(2, &format!("{kind:?}"), &name);
        html += &format!("<p>{} {}.</p>\n", escaped(kind.sentence()), counted(cases.len(), "case"));
        html += &list(book, &cases);
    }
    leaf("What can go wrong", "failures.html", html)
}

/// Cases with what their documentation says.
pub(super) fn list(book: &Book, cases: &[&Entry]) -> String {
    let item = |entry: &&Entry| {
        format!("<li>{} {}</li>\n", book.links.case(&entry.id), book.links.prose(&entry.doc()))
    };
    format!("<ul class=\"cases\">\n{}</ul>\n", cases.iter().map(item).collect::<String>())
}

/// The published bugs, each with its source.
fn published(book: &Book) -> Page {
    let mut html = heading(1, "published-bugs", "Published bugs");
    html += "<p>Bugs that real programs shipped, each as a minimal model of the flawed protocol and of its \
             fix. A case says nothing about the crate's other code.</p>\n";
    for (shape, cases) in book.files().iter().filter(|(shape, _)| shape.family() == "bugs") {
        html += &file(book, shape, cases, true);
    }
    html += &heading(2, "other-families", "In other families");
    html += "<p>Failing cases that say which published bug they model.</p>\n";
    let cites = |entry: &&&Entry| {
        let fails = (entry.case.expect)().failure().is_some();
        fails && entry.shape.family() != "bugs" && !index::citations(&entry.doc()).is_empty()
    };
    html += &list(book, &book.cases.iter().filter(cites).copied().collect::<Vec<_>>());
    html += &heading(2, "without-a-case", "Known, without a case");
    for bug in index::unmodelled() {
        let (name, source) = (book.links.prose(&bug.name), book.links.prose(&bug.source));
        let reason = book.links.prose(&bug.reason);
        let _ = writeln!(html, "<p><strong>{name}</strong> ({source}). {reason}</p>");
    }
    leaf("Published bugs", "published.html", html)
}

/// A page a family, with its files' pages below.
pub(super) fn families(book: &Book) -> Vec<Page> {
    let files = book.files();
    let mut pages: Vec<Page> = Vec::new();
    for group in files.chunk_by(|a, b| a.0.family() == b.0.family()) {
        let family = group[0].0.family();
        let mut html = heading(1, family, &format!("Family: {family}"));
        html +=
            &group.iter().map(|(shape, cases)| file(book, shape, cases, false)).collect::<String>();
        let below = group.iter().map(|(shape, cases)| page::page(book, shape, cases)).collect();
        let path = format!("family/{family}.html");
        pages.push(Page { name: family.into(), path, html, searched: None, below });
    }
    pages
}

/// A file in an index: its claim, its cases, and where it is from.
fn file(book: &Book, shape: &Shape, cases: &[&Entry], source: bool) -> String {
    let prose = shape.prose();
    let stem = shape.stem();
    let link = format!("<a href=\"@/{}\">{}</a>", page::path(shape), escaped(stem));
    let mut html = format!("<h2 id=\"{stem}\">{link}</h2>\n");
    html += &paragraphs(book, prose.get(..1).unwrap_or_default());
    if source {
        html += &self::source(book, shape);
    }
    html + &overview(book, cases)
}

/// Where a file is from, in its own words.
pub(super) fn source(book: &Book, shape: &Shape) -> String {
    let prose = shape.prose();
    let is_of_it = |line: &&&str| {
        !line.is_empty() && !["Minimal", "Does not show:"].iter().any(|it| line.starts_with(it))
    };
    let from = prose.iter().position(|line| line.starts_with("Source:")).unwrap_or(prose.len());
    let lines: Vec<&str> = prose[from..].iter().take_while(is_of_it).copied().collect();
    paragraphs(book, &lines)
}

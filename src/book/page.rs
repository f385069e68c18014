//! The page of a case file: its claim and prose, its source, and all that is known of each case.

use super::html::{escaped, heading, table};
use super::verdicts::{DIFFERS, badge, verdicts};
use super::{Book, Page, cite, evidence, facets, orderings, outcomes, source, versions};
use casebook_core::case::{Entry, Shape};
use casebook_core::expect::{BEYOND_MARK, EXPOSED_MARK};
use casebook_core::verdict::{EngineId, Model};

/// Where a case file's page stands.
pub(super) fn path(shape: &Shape) -> String {
    format!("case/{}.html", shape.stem())
}

/// The page of a file with these cases.
pub(super) fn page(book: &Book, shape: &Shape, cases: &[&Entry]) -> Page {
    let prose = shape.prose();
    let claim = prose.first().copied().unwrap_or(shape.stem());
    let title = heading(1, shape.stem(), &book.links.prose(claim));
    let prose = paragraphs(book, prose.get(1..).unwrap_or_default());
    // Tables, steps and citations say the same in other words, many times over.
    let searched = format!("{title}{prose}")
        + &cases.iter().map(|entry| about(book, entry, " ")).collect::<String>();
    let mut html = title + &place(shape) + &prose;
    html += &overview(book, cases);
    html += &heading(2, "the-source", "Source");
    html += &source::rust(shape.source, "L");
    for entry in cases {
        html += &section(book, entry);
    }
    html += &facets::related(book, shape);
    html += &format!("<p class=\"versions\">{}</p>\n", escaped(&versions::sentence()));
    Page {
        name: shape.stem().into(),
        path: path(shape),
        html,
        searched: Some(searched),
        below: Vec::new(),
    }
}

fn place(shape: &Shape) -> String {
    let (family, file) = (shape.family(), escaped(&shape.file()));
    format!(
        "<p class=\"place\"><a href=\"@/family/{family}.html\">{family}</a> · \
         <a href=\"#the-source\">{file}</a></p>\n"
    )
}

/// The prose behind the claim; `Shape:`, `Source:` and their like begin paragraphs.
pub(super) fn paragraphs(book: &Book, prose: &[&str]) -> String {
    let mut texts: Vec<String> = Vec::new();
    let mut open = false;
    for line in prose {
        match texts.last_mut() {
            Some(text) if open && head(line).is_empty() && !line.is_empty() => {
                text.push(' ');
                text.push_str(line);
            }
            _ if line.is_empty() => {}
            _ => texts.push(line.to_string()),
        }
        open = !line.is_empty();
    }
    let paragraph = |text: &String| {
        let head = head(text);
        let rest = book.links.prose(&text[head.len()..]);
        match head {
            "" => format!("<p>{rest}</p>\n"),
            head => format!("<p><strong>{}</strong>{rest}</p>\n", escaped(head)),
        }
    };
    texts.iter().map(paragraph).collect()
}

/// What a paragraph is called, with its colon; empty for one that is not called anything.
fn head(line: &str) -> &str {
    const HEADS: [&str; 4] = ["Shape", "Source", "Minimal", "Does not show"];
    let end = line.find(':').filter(|end| HEADS.iter().any(|h| line[..*end].starts_with(h)));
    end.map_or("", |end| &line[..=end])
}

/// A row a case, a column an engine, as the command line shows it.
pub(super) fn overview(book: &Book, cases: &[&Entry]) -> String {
    let mut heads = vec!["case", "declared"];
    heads.extend(EngineId::ALL.map(EngineId::name));
    let row = |entry: &&Entry| {
        let target = format!("@/{}#{}", path(entry.shape), entry.case.name);
        let name = escaped(entry.case.name);
        let mut row = vec![
            format!("<a class=\"case\" href=\"{target}\">{name}</a>"),
            escaped(&(entry.case.expect)().summary_under(Model::Rc11)),
        ];
        row.extend(book.results(entry).iter().map(|(_, checked)| badge(entry, *checked)));
        row
    };
    let html = table("overview", &heads, &cases.iter().map(row).collect::<Vec<_>>());
    let mut notes = String::new();
    if html.contains(DIFFERS) {
        notes += "<p class=\"place\">° not the whole truth, as the case declares.</p>\n";
    }
    if html.contains(EXPOSED_MARK) {
        notes += "<p class=\"place\">† load buffering, which C++ and Rust allow and RC11 does not, could arise.</p>\n";
    }
    if html.contains(BEYOND_MARK) {
        notes += "<p class=\"place\">‡ <a href=\"@/engines.html#two-models\">beyond the letter (LWG 3941)</a>: RC11 allows the failure, or the \
                  outcome, and the letter of C++20 does not.</p>\n";
    }
    html + &notes
}

/// What a case says of itself, under its whole id; a search takes the halves of it apart.
fn about(book: &Book, entry: &Entry, between: &str) -> String {
    let (stem, name) = (escaped(entry.shape.stem()), escaped(entry.case.name));
    heading(2, entry.case.name, &format!("<span class=\"stem\">{stem}{between}</span>{name}"))
        + &format!("<p>{}</p>\n", book.links.prose(&entry.doc()))
}

/// All that is known of a case.
fn section(book: &Book, entry: &Entry) -> String {
    let line = entry.shape.line(entry.case);
    let mut html = about(book, entry, "/");
    html += &format!(
        "<p class=\"place\">declared: <strong>{}</strong> · <a href=\"#L{line}\">line {line}</a></p>\n",
        escaped(&(entry.case.expect)().summary_under(Model::Rc11))
    );
    html += &verdicts(book, entry);
    html += &outcomes::grid(book, entry);
    html += &orderings::orderings(book, entry);
    html += &evidence::evidence(book, entry);
    html + &cite::cite(book, entry)
}

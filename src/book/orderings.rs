//! Which memory orderings of a case carry weight, and the execution that fails without each.

use super::Book;
use super::evidence::execution;
use super::html::{code, escaped, table};
use super::source::ordering;
use casebook_core::case::{Entry, Shape};
use casebook_core::ordering::Strength;
use casebook_harness::justify::stated::{self, strengths};
use casebook_harness::justify::{Answer, Break, Finding, Justification, Need};
use casebook_harness::report::justify::{NEEDED_UNDER_RC11, slack};

/// A row an ordering, then the minimal assignments, then what breaks; nothing for a case that claims
/// nothing, or gives no ordering that could be weaker.
pub(super) fn orderings(book: &Book, entry: &Entry) -> String {
    let Some(found) = book.justified.get(entry.shape.stem()) else { return String::new() };
    let answer = found.answers.iter().find(|answer| answer.id == entry.id);
    let Some(answer) = answer.filter(|answer| !answer.findings.is_empty()) else {
        return String::new();
    };
    let name = entry.case.name;
    let mut html = format!("<h3 id=\"{name}-orderings\">Which orderings carry weight</h3>\n");
    html += &format!(
        "<p>Each weakened by the harness, the others as they are, for this program under {}.</p>\n",
        found.model
    );
    let rows: Vec<Vec<String>> =
        answer.findings.iter().map(|finding| row(book, name, found, finding)).collect();
    let heads = ["line", "place", "given", "needed?", "what breaks with less"];
    html += &table("orderings", &heads, &rows);
    if answer.findings.iter().any(|finding| !finding.opens.is_empty()) {
        html += "<p>Slack under RC11 alone: load buffering, which C++ and Rust allow and RC11 does not, could arise \
                 with this.</p>\n";
    }
    if answer.findings.iter().any(|finding| !finding.slack_by_letter().is_empty()) {
        html += "<p>‡ <a href=\"@/engines.html#two-models\">beyond the letter (LWG 3941)</a>: the letter of C++20 forbids what fails with this.</p>\n";
    }
    html += &minimal(found, answer);
    html += &reasons(book, entry.shape, found, answer);
    for finding in &answer.findings {
        html += &evidence(entry, found, finding);
    }
    html
}

/// The address of what breaks at a place, within the page of its file.
fn address(name: &str, finding: &Finding, nth: usize) -> String {
    format!("{name}-without-{}-{nth}", finding.place)
}

fn row(book: &Book, name: &str, found: &Justification, finding: &Finding) -> Vec<String> {
    let place = &found.places[finding.place];
    let line = place.used.site.line;
    let breaks = finding.breaks.iter().enumerate().map(|(nth, broken)| {
        let address = address(name, finding, nth);
        format!("<a href=\"#{address}\">{}</a>", escaped(&with(broken)))
    });
    vec![
        format!("<a href=\"#L{line}\">{line}</a>"),
        code(&place.name()),
        marked(place.used.ordering),
        need(book, found, finding),
        breaks.collect::<Vec<_>>().join("<br/>"),
    ]
}

fn marked(strength: Strength) -> String {
    let name = strength.to_string();
    let class = ordering(&name).unwrap_or_default();
    format!("<b class=\"ordering {class}\">{}</b>", escaped(&name))
}

fn need(book: &Book, found: &Justification, finding: &Finding) -> String {
    let by_letter = escaped(&strengths(&finding.slack_by_letter()));
    let need = match finding.need {
        Need::LoadBearing if !by_letter.is_empty() => {
            return format!(
                "<span class=\"badge load-bearing\">load-bearing</span>: {NEEDED_UNDER_RC11}: {by_letter}"
            );
        }
        Need::LoadBearing => "<span class=\"badge load-bearing\">load-bearing</span>".into(),
        Need::Slack => {
            let used = &found.places[finding.place].used;
            let closed = finding.closed(used.role);
            let slack = escaped(&slack(used.ordering, &finding.weakest, &closed));
            let needed_by = found.needed_by(finding.place);
            let clients: Vec<String> = needed_by.iter().map(|id| book.links.case(id)).collect();
            let but = if clients.is_empty() { "" } else { ", but it is needed by " };
            let clients = clients.join(", ");
            format!("<span class=\"badge slack\">slack</span>{slack} holds{but}{clients}")
        }
        Need::Unknown => "unknown".into(),
    };
    match by_letter.is_empty() {
        true => need,
        false => format!("{need}; slack by the letter: {by_letter}"),
    }
}

/// `Relaxed: data race`.
fn with(broken: &Break) -> String {
    let mark = if broken.is_beyond_letter() { " ‡" } else { "" };
    format!("{}: {}{mark}", broken.weakened_to, broken.failure.kind)
}

/// The minimal assignments, by what differs from the file.
fn minimal(found: &Justification, answer: &Answer) -> String {
    let item = |assignment: &Vec<Strength>| {
        let given = answer.findings.iter().zip(assignment);
        let changed: Vec<String> = given
            .map(|(finding, strength)| (&found.places[finding.place], strength))
            .filter(|(place, strength)| place.used.ordering != **strength)
            .map(|(place, strength)| format!("{} {}", code(&place.name()), marked(*strength)))
            .collect();
        match changed.is_empty() {
            true => "<li>as written</li>\n".to_string(),
            false => format!("<li>as written, but {}</li>\n", changed.join(", ")),
        }
    };
    let items: String = answer.minimal.iter().map(item).collect();
    let open = match answer.open.is_empty() {
        true => String::new(),
        false => format!("<p>Not complete: {}</p>\n", escaped(&answer.open)),
    };
    match items.is_empty() {
        true => open,
        false => {
            format!("<p>Minimal, all orderings weakened together:</p>\n<ul>\n{items}</ul>\n{open}")
        }
    }
}

/// Why orderings are stronger than they need be, as the file declares it.
fn reasons(book: &Book, shape: &Shape, found: &Justification, answer: &Answer) -> String {
    let of_file = |entry: &&&Entry| std::ptr::eq(entry.shape, shape);
    let cases: Vec<&Entry> = book.cases.iter().filter(of_file).copied().collect();
    let reason = |finding: &Finding| {
        let slack = stated::declared(found, &cases, finding.place)?;
        let (place, why) = (code(slack.place), book.links.prose(slack.why));
        Some(format!("<p>Slack on purpose: {place}: {why}</p>\n"))
    };
    answer.findings.iter().filter_map(reason).collect()
}

/// The executions that fail one step below.
fn evidence(entry: &Entry, found: &Justification, finding: &Finding) -> String {
    let place = escaped(&found.places[finding.place].name());
    let one = |(nth, broken): (usize, &Break)| {
        let address = address(entry.case.name, finding, nth);
        let (with, execution) = (escaped(&with(broken)), execution(entry.shape, &broken.failure));
        format!(
            "<details><summary>{place} given {with}</summary>\n<div id=\"{address}\">{execution}</div>\n\
             </details>\n"
        )
    };
    finding.breaks.iter().enumerate().map(one).collect()
}

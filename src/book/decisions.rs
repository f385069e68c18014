//! "Which ordering do I need for ...": questions whose every answer is a case.
//!
//! `cases/decisions.toml` is the data, typed by hand; a test holds every answer to a case that holds.

use serde::Deserialize;

use super::html::{code, heading};
use super::indexes::leaf;
use super::{Book, Page, indexes, source};

const DATA: &str = include_str!("../../cases/decisions.toml");

/// A situation.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// What somebody wants to do.
    pub situation: String,
    /// What there is to choose.
    pub answers: Vec<Answer>,
}

/// What to use.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// Under which condition.
    pub when: String,
    /// The orderings to use.
    #[serde(rename = "use")]
    pub orderings: String,
    /// Why nothing weaker will do, or why nothing is needed.
    pub why: String,
    /// The case that holds with them.
    pub holds: String,
    /// The case that fails, or is observed to differ, with less; none where less does not exist.
    pub less: Option<String>,
}

/// Every question.
pub fn decisions() -> Vec<Question> {
    #[derive(Deserialize)]
    struct File {
        question: Vec<Question>,
    }
    let file: File = toml::from_str(DATA).expect("the file is in its format; a test reads it");
    file.question
}

/// The questions on one page.
pub(super) fn page(book: &Book) -> Page {
    let mut html = heading(1, "orderings", "Which ordering do I need?");
    html += "<p>Find what you do; the answer is the weakest ordering that suffices, the case that proves it, \
             and the case that breaks with less. A case speaks for its own small program: compare yours with \
             its source.</p>\n";
    let questions = decisions();
    html += "<ol class=\"questions\">\n";
    for (nth, question) in questions.iter().enumerate() {
        let situation = book.links.prose(&question.situation);
        html += &format!("<li><a href=\"#q{}\">{situation}</a></li>\n", nth + 1);
    }
    html += "</ol>\n";
    for (nth, question) in questions.iter().enumerate() {
        html += &heading(2, &format!("q{}", nth + 1), &book.links.prose(&question.situation));
        html += "<dl class=\"answers\">\n";
        for answer in &question.answers {
            html += &one(book, answer);
        }
        html += "</dl>\n";
    }
    leaf("Which ordering do I need?", "orderings.html", html)
}

fn one(book: &Book, answer: &Answer) -> String {
    let less = answer
        .less
        .as_ref()
        .map_or(String::new(), |id| format!("<p>Less is wrong: {}</p>\n", book.links.case(id)));
    // What the case is from stands in its file.
    let entry = book.cases.iter().find(|entry| entry.id == answer.holds);
    let source = entry.map_or(String::new(), |entry| indexes::source(book, entry.shape));
    format!(
        "<dt>{}</dt>\n<dd><p class=\"use\">{}</p>\n<p>{}</p>\n<p>Holds: {}</p>\n{less}{source}</dd>\n",
        book.links.prose(&answer.when),
        orderings(&answer.orderings),
        book.links.prose(&answer.why),
        book.links.case(&answer.holds)
    )
}

/// Orderings among other words, each in its colour.
fn orderings(text: &str) -> String {
    let word = |word: &str| match source::ordering(word) {
        Some(class) => format!("<b class=\"ordering {class}\">{word}</b>"),
        None => super::html::escaped(word),
    };
    let split = |c: char| !c.is_ascii_alphanumeric();
    let html: String = text
        .split_inclusive(split)
        .map(|part| {
            let name = part.trim_end_matches(split);
            word(name) + &super::html::escaped(&part[name.len()..])
        })
        .collect();
    if text.is_empty() { code("none") } else { html }
}

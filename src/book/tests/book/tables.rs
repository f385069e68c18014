//! The book's tables of answers lead to cases that show what they say.

use std::collections::BTreeSet;

use casebook::case::{self, Entry};
use casebook::expect::{Expectation, Grade};
use casebook_book::{Cell, Row, decisions, go_channels};

use super::site::require_none;

/// The answers to "which ordering do I need" are cases that hold; what is said to be too little fails, or
/// shows an outcome that it should not have.
#[test]
fn decisions_lead_to_cases_that_hold() {
    let corpus = case::corpus();
    let expectation = |id: &str| -> Option<Expectation> {
        let entry: &Entry = corpus.iter().find(|entry| entry.id == id)?;
        Some((entry.case.expect)())
    };
    let mut complaints = Vec::new();
    for answer in decisions().into_iter().flat_map(|question| question.answers) {
        match expectation(&answer.holds) {
            None => complaints.push(format!("there is no {}", answer.holds)),
            Some(Expectation::Property(p)) if Expectation::from(p.clone()).summary() == "holds" => {
            }
            // A program that must not show some outcome, and shows none that surprises.
            Some(Expectation::Observation(o))
                if o.outcomes().iter().all(|it| it.grade != Grade::Interesting)
                    && o.outcomes().iter().any(|it| it.grade == Grade::Forbidden) => {}
            Some(other) => {
                complaints.push(format!("{} is no answer: {}", answer.holds, other.summary()))
            }
        }
        let Some(less) = answer.less else { continue };
        match expectation(&less) {
            None => complaints.push(format!("there is no {less}")),
            Some(Expectation::Observation(o)) => {
                if o.outcomes().iter().all(|outcome| outcome.grade != Grade::Interesting) {
                    complaints.push(format!("{less} shows nothing surprising"));
                }
            }
            Some(property) if property.summary() == "holds" => {
                complaints.push(format!("{less} holds"))
            }
            Some(_) => {}
        }
    }
    require_none(complaints);
}

/// What is wrong with the table of channels: a cell without words or a source, or of another document than its column; a
/// case that does not exist; a row that no case shows.
fn channel_complaints(rows: &[Row]) -> Vec<String> {
    let ids: BTreeSet<String> = case::corpus().into_iter().map(|entry| entry.id).collect();
    let mut found = Vec::new();
    for row in rows {
        let columns: [(&Cell, &[&str]); 4] = [
            (
                &row.go,
                &[
                    "The Go Memory Model, section",
                    "The Go Programming Language Specification, section",
                ],
            ),
            (&row.std, &["`std::sync::mpsc"]),
            (&row.crossbeam, &["`crossbeam::channel"]),
            (&row.tokio, &["`tokio::sync::mpsc", "`tokio::select!"]),
        ];
        let what = &row.what;
        for (cell, documents) in columns {
            if !cell.says.ends_with('.') {
                found.push(format!("{what}: `{}` is no sentence", cell.says));
            }
            if !documents.iter().any(|document| cell.source.starts_with(document)) {
                found.push(format!("{what}: `{}` is another column's source", cell.source));
            }
            let missing = cell.cases.iter().filter(|id| !ids.contains(*id));
            found.extend(missing.map(|id| format!("{what}: there is no {id}")));
        }
        if columns.iter().all(|(cell, _)| cell.cases.is_empty()) {
            found.push(format!("{what}: no case shows it"));
        }
    }
    found
}

#[test]
fn every_cell_about_channels_has_a_source_and_every_row_a_case() {
    assert!(go_channels().len() >= 10);
    require_none(channel_complaints(&go_channels()));
    type Change = fn(&mut Row);
    let changes: [(Change, &str); 4] = [
        (|row| row.go.says = "So it is".into(), "is no sentence"),
        (|row| row.go.source = "`std::sync::mpsc`".into(), "another column's source"),
        (|row| row.std.cases = vec!["send_orders/nobody".into()], "there is no send_orders/nobody"),
        (|row| row.std.cases.clear(), "no case shows it"),
    ];
    for (change, words) in changes {
        let mut rows = go_channels();
        change(&mut rows[0]);
        let found = channel_complaints(&rows).join("\n");
        assert!(found.contains(words), "{words}: {found}");
    }
}

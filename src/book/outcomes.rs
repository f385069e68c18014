//! The outcomes of an observation: what each is graded, and which engines see it.

use super::Book;
use super::html::{code, table};
use casebook_core::case::Entry;
use casebook_core::expect::{Expectation, Grade, Observation};
use casebook_core::verdict::{EngineId, Letter};
use casebook_harness::report::count;
use casebook_harness::run::Checked;

/// A row an outcome, a column an engine; nothing for a property.
pub(super) fn grid(book: &Book, entry: &Entry) -> String {
    let Expectation::Observation(observation) = (entry.case.expect)() else {
        return String::new();
    };
    // What real threads show, and how often, is of one machine and one moment.
    let mut results = book.results(entry);
    results.retain(|(engine, _)| !engine.runs_real_threads());
    let engines: Vec<String> = results.iter().map(|(engine, _)| engine.to_string()).collect();
    let mut heads = vec!["outcome", "grade"];
    heads.extend(engines.iter().map(String::as_str));
    heads.push("why");
    let mut rows = Vec::new();
    for outcome in observation.outcomes() {
        let grade = format!("{:?}", outcome.grade).to_lowercase();
        let mut row = vec![code(&outcome.value)];
        row.push(format!("<span class=\"badge {grade}\">{grade}</span>"));
        row.extend(results.iter().map(|(_, checked)| seen(*checked, &outcome.value)));
        row.push(match outcome.grade {
            Grade::Required => "Allowed and expected.".into(),
            _ => book.links.prose(outcome.why),
        });
        rows.push(row);
    }
    for value in ungraded(&observation, &results) {
        let mut row = vec![code(&value), "<span class=\"badge error\">✗ ungraded</span>".into()];
        row.extend(results.iter().map(|(_, checked)| seen(*checked, &value)));
        row.push("The declaration does not have it.".into());
        rows.push(row);
    }
    let id = entry.id.as_str();
    table("outcomes", &heads, &rows)
        + &format!(
            "<p class=\"place\">Real threads: {}.</p>\n",
            code(&format!("casebook check {id} --engine native"))
        )
}

/// In how many executions an engine saw an outcome.
fn seen(checked: Option<&Checked>, value: &str) -> String {
    let Some(Ok(report)) = checked.map(|checked| &checked.result) else { return "?".into() };
    match report.outcomes.get(value) {
        None => "<span class=\"unseen\">not seen</span>".into(),
        Some(seen) if seen.letter == Some(Letter::Beyond) => {
            format!("seen {}, {}", count(seen.count), Letter::BEYOND)
        }
        Some(seen) => format!("seen {}", count(seen.count)),
    }
}

/// What some engine saw and the declaration does not grade.
fn ungraded(
    observation: &Observation,
    results: &[(EngineId, Option<&Checked>)],
) -> std::collections::BTreeSet<String> {
    let reports =
        results.iter().filter_map(|(_, checked)| checked.and_then(|c| c.result.as_ref().ok()));
    reports
        .flat_map(|report| report.outcomes.keys())
        .filter(|value| observation.outcomes().iter().all(|outcome| outcome.value != **value))
        .cloned()
        .collect()
}

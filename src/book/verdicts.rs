//! Verdicts on a page: a badge for a row, and a table that says what each kind establishes.

use super::Book;
use super::html::{code, escaped, table};
use casebook_core::case::Entry;
use casebook_core::expect::{BEYOND_MARK, EXPOSED_MARK};
use casebook_core::verdict::{Letter, Report, Verdict};
use casebook_harness::report::count;
use casebook_harness::run::Checked;

/// Marks a verdict that differs from the truth, as its case declares.
pub(super) const DIFFERS: &str = "°";

/// Whether it is by chance which verdict the engine gives: real threads may meet a failure, or not.
fn is_chance(entry: &Entry, checked: &Checked) -> bool {
    let fails = (entry.case.expect)().failure().is_some();
    let runs =
        matches!(&checked.result, Ok(r) if !matches!(r.verdict, Verdict::Inexpressible { .. }));
    checked.engine.runs_real_threads() && fails && runs && checked.as_declared()
}

/// An engine's verdict in two words.
pub(super) fn badge(entry: &Entry, checked: Option<&Checked>) -> String {
    let Some((checked, Ok(report))) = checked.map(|checked| (checked, &checked.result)) else {
        return "<span class=\"badge error\">✗ no verdict</span>".into();
    };
    if is_chance(entry, checked) {
        return "<span class=\"badge not-run\">by chance</span>".into();
    }
    let (engine, class) = (checked.engine, report.verdict.word().replace(' ', "-"));
    let text = match &report.verdict {
        Verdict::Inexpressible { .. } => "not run".to_string(),
        // How often real threads ran it, a second book would say otherwise.
        Verdict::Sampled { .. } if engine.runs_real_threads() => "passed".to_string(),
        verdict => format!("{} {}", verdict.word(), count(verdict.executions())),
    };
    let text = match report.beyond_letter() {
        Some(_) => format!("{text} {BEYOND_MARK}"),
        None => text,
    };
    let text = if checked.is_exposed() { format!("{text} {EXPOSED_MARK}") } else { text };
    let runs = !matches!(report.verdict, Verdict::Inexpressible { .. });
    let excepted = (entry.case.expect)().exceptions().iter().any(|(other, _)| *other == engine);
    match checked.as_declared() {
        false => format!("<span class=\"badge {class} undeclared\">✗ {text}</span>"),
        true if runs && excepted => {
            format!("<span class=\"badge {class} differs\">{text} {DIFFERS}</span>")
        }
        true => format!("<span class=\"badge {class}\">{text}</span>"),
    }
}

/// What every engine established about a case, and what that is worth.
pub(super) fn verdicts(book: &Book, entry: &Entry) -> String {
    let rows: Vec<Vec<String>> = book
        .results(entry)
        .into_iter()
        .map(|(engine, checked)| {
            vec![engine.to_string(), badge(entry, checked), meaning(book, entry, checked)]
        })
        .collect();
    table("verdicts", &["engine", "verdict", "what it says"], &rows)
}

fn meaning(book: &Book, entry: &Entry, checked: Option<&Checked>) -> String {
    let Some(checked) = checked else { return "This engine was not asked.".into() };
    let report = match &checked.result {
        Ok(report) => report,
        Err(error) => return format!("The check gave no verdict: {}", escaped(&error.message)),
    };
    if is_chance(entry, checked) {
        return "Run on real threads for a moment. They may meet the failure or not.".into();
    }
    let mut html = escaped(&report.verdict.meaning(checked.engine));
    if let Some(failure) = report.verdict.failure() {
        html += &format!(
            " <span class=\"message\">{}</span>",
            book.links.prose(failure.message.trim())
        );
    }
    if let Some(found) = &report.load_buffering {
        html += &format!(" In C++ and Rust {}.", book.links.prose(&found.to_string()));
    }
    let beyond: Vec<String> = report.outcomes_beyond_letter().map(code).collect();
    if !beyond.is_empty() {
        html += &format!(" Outcomes {}: {}.", Letter::BEYOND, beyond.join(" "));
    }
    html += &exceptions(entry, checked, report);
    for complaint in &checked.complaints {
        html += &format!(
            " <strong class=\"complaint\">Not as declared: {}</strong>",
            book.links.prose(complaint)
        );
    }
    html
}

/// Why an engine differs from the truth, as its case declares.
fn exceptions(entry: &Entry, checked: &Checked, report: &Report) -> String {
    let expectation = (entry.case.expect)();
    let own = expectation.exceptions().into_iter().filter(|(other, _)| *other == checked.engine);
    // A false alarm is the failure of a case that holds, or an outcome that is not allowed.
    let refuted = report.verdict.failure().is_some() && checked.as_declared();
    let alarm = refuted && expectation.summary() == "holds";
    let what = if alarm { "A false alarm, as declared" } else { "As declared" };
    own.filter(|(_, reason)| report.verdict != (Verdict::Inexpressible { reason: *reason }))
        .map(|(_, reason)| {
            let sentence = escaped(reason.sentence());
            format!(" <a href=\"@/engines.html#{reason:?}\">{what}</a>: {sentence}.")
        })
        .collect()
}

//! What a model tells to the file that `CASEBOOK_REPORT` names: a line of JSON.

use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::Write as _;

use rc11::{Report, Verdict, Walked};

use crate::{graph, orderings};

/// Adds a line about a model, if somebody asks.
///
/// # Panics
/// If it cannot be written.
pub(crate) fn tell(report: &Report) {
    let Some(path) = std::env::var_os("CASEBOOK_REPORT") else { return };
    let untimed = untimed(report);
    let (word, why, token) = match &report.verdict {
        Verdict::Proved => ("proved", String::new(), ""),
        Verdict::Bounded(limit) if untimed.is_some() => {
            let seen = report.complete;
            (
                "untimed",
                format!(
                    "with time-outs: {seen} seen, stopped at {limit}{}{}",
                    share(report),
                    within(report)
                ),
                "",
            )
        }
        Verdict::Bounded(limit) => {
            ("bounded", format!("stopped at {limit}{}{}", share(report), within(report)), "")
        }
        Verdict::Failed(failure) => {
            ("failed", format!("{}: {}", failure.kind, failure.message), &failure.replay[..])
        }
        Verdict::Error(error) => ("error", error.to_string(), ""),
    };
    let proof = Some(report).filter(|report| report.is_proved()).or(untimed);
    let exposed = proof
        .and_then(|proof| proof.exposure)
        .map_or(String::new(), |exposure| exposure.to_string());
    let graph = report
        .failure()
        .map_or(String::new(), |failure| format!(",\"graph\":{}", graph::json(failure)));
    let line = format!(
        "{{\"verdict\":\"{word}\",\"complete\":{},\"blocked\":{},\"millis\":{},\"why\":{},\"exposed\":{},\"token\":{},\"orderings\":{}{graph}}}\n",
        proof.unwrap_or(report).complete,
        proof.unwrap_or(report).blocked,
        report.elapsed.as_millis(),
        quoted(&why),
        quoted(&exposed),
        quoted(token),
        orderings::used(),
    );
    let written = OpenOptions::new().append(true).create(true).open(&path);
    // A model that nobody hears of must not leave its test proved.
    if let Err(error) = written.and_then(|mut file| file.write_all(line.as_bytes())) {
        panic!("{} cannot be written: {error}", path.display());
    }
}

/// The search of the executions in which no wait times out, if it was one of its own and none of them fails.
pub(crate) fn untimed(report: &Report) -> Option<&Report> {
    report.untimed.as_deref().filter(|untimed| untimed.is_proved())
}

/// Which executions were all explored, where a search was cut off.
fn within(report: &Report) -> String {
    let all = |n| {
        let s = if n == 1 { "" } else { "s" };
        format!(
            "; every execution with at most {n} preemption{s} was explored, where no wait times out"
        )
    };
    report.within.map_or(String::new(), all)
}

/// How much of a search was done before it was cut off.
fn share(report: &Report) -> String {
    let (Some(Walked { executions, error, .. }), Some(share)) = (report.walked, report.share())
    else {
        return String::new();
    };
    let part = match 100.0 * share {
        share if share < 1.0 => "under 1 % of".to_string(),
        share if share < 100.0 => format!("{share:.0} % of"),
        _ => "more than".to_string(),
    };
    format!(": {part} about {executions:.0e} (± {error:.0e}) by estimate")
}

/// A string as JSON has it.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for c in text.chars() {
        match c {
            '"' => quoted += "\\\"",
            '\\' => quoted += "\\\\",
            c if c.is_control() => _ = write!(quoted, "\\u{:04x}", u32::from(c)),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

//! What a second run need not repeat and no reader wants: addresses of memory.

use casebook_core::verdict::{Failure, Verdict};
use casebook_harness::justify::Justification;
use casebook_harness::run::Checked;

/// A number of so many digits is an address: fewer are values, and the largest integers have more.
const ADDRESS: std::ops::RangeInclusive<usize> = 12..=16;

/// The result without addresses.
pub(super) fn of_result(mut checked: Checked) -> Checked {
    if let Ok(report) = &mut checked.result
        && let Verdict::Refuted { failure, .. } = &mut report.verdict
    {
        forget(failure);
    }
    checked
}

/// The justification without addresses.
pub(super) fn of_justification(mut found: Justification) -> Justification {
    let findings = found.answers.iter_mut().flat_map(|answer| &mut answer.findings);
    findings.flat_map(|finding| &mut finding.breaks).for_each(|b| forget(&mut b.failure));
    found
}

fn forget(failure: &mut Failure) {
    failure.message = without_addresses(&failure.message);
    for step in &mut failure.trace {
        step.value = without_addresses(&step.value);
    }
    if let Some(graph) = &mut failure.graph {
        graph.caption = without_addresses(&graph.caption);
        let events = graph.init.iter_mut().chain(graph.threads.iter_mut().flatten());
        for value in events.filter_map(|event| event.value.as_mut()) {
            *value = without_addresses(value);
        }
    }
}

fn without_addresses(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some(from) = rest.find(|c: char| c.is_ascii_digit()) {
        let digits = &rest[from..];
        let length = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        kept += &rest[..from];
        kept += if ADDRESS.contains(&length) { "(an address)" } else { &digits[..length] };
        rest = &digits[length..];
    }
    kept + rest
}

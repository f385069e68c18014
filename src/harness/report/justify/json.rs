//! Justifications as JSON lines.

use std::fmt::Write;

use serde_json::json;

use super::model;
use crate::justify::stated::strengths;
use crate::justify::{Answer, Finding, Justification, Structure, search};

/// JSON lines: one per selected case and place, one per selected case, one per structure.
pub fn lines(justification: &Justification, selected: impl Fn(&str) -> bool) -> String {
    let mut text = String::new();
    let selected: Vec<usize> = (0..justification.answers.len())
        .filter(|answer| selected(&justification.answers[*answer].id))
        .collect();
    for answer in &selected {
        let answer = &justification.answers[*answer];
        for finding in &answer.findings {
            let _ = writeln!(text, "{}", site_line(justification, answer, finding));
        }
        let _ = writeln!(text, "{}", case_line(justification, answer));
    }
    for structure in justification.structures() {
        if structure.clients.iter().any(|client| selected.contains(client)) {
            let _ = writeln!(text, "{}", structure_line(justification, &structure));
        }
    }
    text
}

fn site_line(of: &Justification, answer: &Answer, finding: &Finding) -> serde_json::Value {
    let place = &of.places[finding.place];
    let failures: Vec<_> = finding
        .breaks
        .iter()
        .map(|b| {
            json!({ "weakened_to": b.weakened_to.to_string(), "kind": b.failure.kind,
            "message": b.failure.message, "trace": b.failure.trace, "graph": b.failure.graph,
            "letter": b.failure.letter, "replay": b.failure.replay })
        })
        .collect();
    json!({
        "id": answer.id,
        "engine": of.engine,
        "site": place.used.site.to_string(),
        "function": place.function,
        "operation": place.operation,
        "place": place.name(),
        "role": place.used.role,
        "ordering": place.used.ordering.to_string(),
        "verdict": finding.need,
        "weakest": strengths(&finding.weakest),
        "weakest_in_cpp": strengths(&finding.closed(place.used.role)),
        "load_buffering": finding.opens.iter()
            .map(|o| json!({ "weakened_to": o.weakened_to.to_string(), "how": o.how }))
            .collect::<Vec<_>>(),
        "slack_by_letter": strengths(&finding.slack_by_letter()),
        "failure": failures.first(),
        "failures": failures,
        "needed_by": of.needed_by(finding.place),
    })
}

fn case_line(of: &Justification, answer: &Answer) -> serde_json::Value {
    let places: Vec<usize> = answer.findings.iter().map(|finding| finding.place).collect();
    let clients: Vec<_> = of.answers.iter().map(|other| &other.id).collect();
    json!({
        "id": answer.id,
        "engine": of.engine,
        "model": model(of),
        "minimal": assignments(of, &places, &answer.minimal),
        "checks": answer.checks,
        "complete": answer.open.is_empty(),
        "open": answer.open,
        "clients": clients,
    })
}

fn structure_line(of: &Justification, structure: &Structure) -> serde_json::Value {
    let places: Vec<usize> = structure.joints.iter().map(|joint| joint.place).collect();
    let id = |client: &usize| &of.answers[*client].id;
    let sites: Vec<_> = structure
        .joints
        .iter()
        .map(|joint| {
            let place = &of.places[joint.place];
            json!({ "place": place.name(), "site": place.used.site.to_string(),
                "ordering": place.used.ordering.to_string(), "verdict": joint.need,
                "weakest": strengths(&joint.weakest),
                "weakest_in_cpp": strengths(&joint.closed),
                "slack_by_letter": strengths(&joint.slack_by_letter),
                "run_by": joint.run_by.iter().map(id).collect::<Vec<_>>() })
        })
        .collect();
    json!({
        "structure": of.stem,
        "engine": of.engine,
        "clients": structure.clients.iter().map(id).collect::<Vec<_>>(),
        "sites": sites,
        "minimal": assignments(of, &places, &structure.minimal),
        "complete": structure.complete,
    })
}

/// Assignments as objects from place to ordering.
fn assignments(
    of: &Justification,
    places: &[usize],
    minimal: &[search::Assignment],
) -> Vec<serde_json::Map<String, serde_json::Value>> {
    let object = |assignment: &search::Assignment| {
        let pairs = places.iter().zip(assignment);
        pairs.map(|(place, s)| (of.places[*place].name(), json!(s.to_string()))).collect()
    };
    minimal.iter().map(object).collect()
}

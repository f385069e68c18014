//! An audit in SARIF 2.1.0, the OASIS format in which code hosts take what a checker has found.

use serde_json::{Value, json};

use super::{Audit, Finding, Kind, Rule, Settled};

/// One log with one run. What is settled is there too, as suppressed; orderings without a reason only if `in_full`.
pub fn sarif(audit: &Audit, in_full: bool) -> String {
    let shown = |of: &&Finding| of.kind == Kind::Wrong || in_full;
    let results: Vec<Value> = audit.findings.iter().filter(shown).map(result).collect();
    let notifications: Vec<Value> = (audit.unread.iter())
        .map(|(file, why)| {
            json!({
                "level": "error",
                "message": { "text": why },
                "locations": [{ "physicalLocation": { "artifactLocation": artifact(file) } }],
            })
        })
        .collect();
    let log = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "casebook audit",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": Rule::ALL.map(rule),
            } },
            "columnKind": "unicodeCodePoints",
            "invocations": [{
                "executionSuccessful": audit.unread.is_empty(),
                "toolExecutionNotifications": notifications,
            }],
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

fn rule(rule: Rule) -> Value {
    let shown: Vec<String> =
        rule.cases().iter().map(|case| format!("casebook show {case}")).collect();
    let help = format!("{} {}", rule.question(), shown.join("; "));
    json!({
        "id": rule.name(),
        "shortDescription": { "text": rule.looks_for() },
        "help": { "text": help.trim() },
        "defaultConfiguration": { "level": level(rule.kind()) },
    })
}

fn level(kind: Kind) -> &'static str {
    match kind {
        Kind::Wrong => "warning",
        Kind::Unexplained => "note",
    }
}

fn result(of: &Finding) -> Value {
    let Finding { rule, kind, file, line, column, place, says, case, ask, settled, .. } = of;
    let shown = case.as_ref().map(|case| format!(" Shown by: casebook show {case}."));
    let mut result = json!({
        "ruleId": rule.name(),
        "ruleIndex": Rule::ALL.iter().position(|known| known == rule),
        "level": level(*kind),
        "message": { "text": format!("{place}: {says}.{} {ask}", shown.unwrap_or_default()) },
        "locations": [{
            "physicalLocation": {
                "artifactLocation": artifact(file),
                "region": { "startLine": line, "startColumn": column },
            },
            "logicalLocations": [{ "fullyQualifiedName": place }],
        }],
        // Lines move, and places stay.
        "partialFingerprints": { "casebookPlace/v1": format!("{rule} {file} {place}") },
    });
    if let Some(settled) = settled {
        result["suppressions"] = match settled {
            Settled::Allowed(reason) => json!([{ "kind": "inSource", "justification": reason }]),
            Settled::Baseline => {
                json!([{ "kind": "external", "justification": "in the baseline" }])
            }
        };
    }
    result
}

/// A file, as a reference relative to the folder that was audited.
fn artifact(file: &str) -> Value {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~/".contains(c);
    let mut uri = String::new();
    for c in file.chars() {
        let mut bytes = [0; 4];
        match plain(c) {
            true => uri.push(c),
            false => {
                c.encode_utf8(&mut bytes).bytes().for_each(|byte| uri += &format!("%{byte:02X}"))
            }
        }
    }
    json!({ "uri": uri })
}

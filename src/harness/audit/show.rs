//! An audit as people read it, and as one JSON object a line.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::json;

use super::{Audit, Finding, Given, Kind, Settled};
use crate::report::{many, wrapped};

/// How often the files with the most unexplained orderings are named.
const FILES: usize = 10;

/// What was found, open findings first. `in_full` shows every ordering without a reason, `listed` every ordering.
pub fn text(audit: &Audit, in_full: bool, listed: bool) -> String {
    let mut text = String::new();
    if listed {
        audit.orderings.iter().for_each(|of| text += &given(of));
        text += "\n";
    }
    for of in audit.open(Kind::Wrong) {
        text += &finding(of);
    }
    let bare: Vec<&Finding> = audit.open(Kind::Unexplained).collect();
    if in_full {
        bare.iter().for_each(|of| text += &finding(of));
    }
    for (file, why) in &audit.unread {
        text += &format!("{file}: not audited: {why}\n\n");
    }
    text += &summary(audit, &bare, in_full);
    text
}

fn given(of: &Given) -> String {
    let Given { file, line, column, place, role, ordering, comment, cites, has_reason, .. } = of;
    let said = match (cites.is_empty(), comment.is_empty(), has_reason) {
        (false, ..) => format!("cites {}", cites.join(" ")),
        (true, false, _) => comment.chars().take(100).collect(),
        (true, true, true) => "its reason stands further up".to_string(),
        (true, true, false) => "no reason".to_string(),
    };
    format!("{file}:{line}:{column}: {ordering}, {role} of {place}: {said}\n")
}

fn finding(of: &Finding) -> String {
    let Finding { rule, file, line, column, place, says, case, ask, in_tests, .. } = of;
    let tests = if *in_tests { " (test)" } else { "" };
    let mut text = format!("{file}:{line}:{column}: {rule}{tests}: {place}\n");
    text += &wrapped("  ", &format!("{says}."));
    if let Some(case) = case {
        text += &format!("  shown by: casebook show {case}\n");
    }
    text + &wrapped("  ask: ", ask) + "\n"
}

fn summary(audit: &Audit, bare: &[&Finding], in_full: bool) -> String {
    let open = audit.open(Kind::Wrong).count();
    let mut text = match open {
        0 => "wrong by the corpus: nothing open\n".to_string(),
        open => format!("wrong by the corpus: {} open\n", many(open, "finding")),
    };
    let without = audit.orderings.iter().filter(|of| !of.has_reason).count();
    text += &format!("unexplained: {without} of {}", many(audit.orderings.len(), "ordering"));
    text += match (bare.is_empty(), in_full) {
        (true, _) => "\n",
        (false, true) => " without a comment that says why\n",
        (false, false) => {
            " without a comment that says why; --unexplained shows each and asks for it\n"
        }
    };
    if !in_full {
        text += &most(bare);
    }
    let settled = |is: fn(&Settled) -> bool| {
        audit.findings.iter().filter(|of| of.settled.as_ref().is_some_and(is)).count()
    };
    let allowed = settled(|by| matches!(by, Settled::Allowed(_)));
    let known = settled(|by| *by == Settled::Baseline);
    if allowed + known + audit.gone > 0 {
        text += &format!(
            "settled: {allowed} allowed in the source, {known} known by the baseline; {} of the baseline there no more\n",
            audit.gone
        );
    }
    text += &format!("\n{} audited", many(audit.files, "file"));
    let left = [
        (audit.of_tests, "for tests left out (--tests)"),
        (audit.unread.len(), "that cannot be read"),
    ];
    for (n, what) in left.into_iter().filter(|(n, _)| *n > 0) {
        text += &format!(", {n} {what}");
    }
    if audit.passed_over > 0 {
        let macros = many(audit.passed_over, "macro");
        text += &format!(", {macros} with an ordering in a language of its own passed over");
    }
    text + ".\n" + &wrapped("", UNSEEN)
}

/// What is always to be known of an audit.
const UNSEEN: &str = "Looked up: ids, declarations and texts of the cases; no engine was asked. Not seen: types, orderings \
                      in variables, operations behind a wrapper's own name, what lies in another file. \
                      So nothing found is no proof.";

/// The files with the most of them.
fn most(bare: &[&Finding]) -> String {
    let mut files: BTreeMap<&str, usize> = BTreeMap::new();
    bare.iter().for_each(|of| *files.entry(&of.file).or_default() += 1);
    let mut files: Vec<_> = files.into_iter().collect();
    files.sort_by_key(|(file, n)| (usize::MAX - n, *file));
    let rest = files.len().saturating_sub(FILES);
    let shown: String =
        files.iter().take(FILES).map(|(file, n)| format!("{n:>6}  {file}\n")).collect();
    match rest {
        0 => shown,
        rest => format!("{shown}        and in {}\n", many(rest, "file")),
    }
}

/// Every ordering, every finding, every file that was not read, and what it comes to: one JSON object a line.
pub fn lines(audit: &Audit) -> String {
    let mut text = String::new();
    let mut line = |is: &str, value: serde_json::Value| {
        let mut object = json!({ "is": is });
        if let (Some(object), serde_json::Value::Object(fields)) = (object.as_object_mut(), value) {
            object.extend(fields);
        }
        text += &format!("{object}\n");
    };
    audit.orderings.iter().for_each(|of| line("ordering", plain(of)));
    audit.findings.iter().for_each(|of| line("finding", plain(of)));
    for (file, why) in &audit.unread {
        line("unread", json!({ "file": file, "why": why }));
    }
    let summary = json!({
        "files": audit.files,
        "orderings": audit.orderings.len(),
        "open": audit.open(Kind::Wrong).count(),
        "unexplained": audit.open(Kind::Unexplained).count(),
        "left_out_for_tests": audit.of_tests,
        "macros_passed_over": audit.passed_over,
        "baseline_gone": audit.gone,
    });
    line("summary", summary);
    text
}

fn plain(of: &impl Serialize) -> serde_json::Value {
    serde_json::to_value(of).expect("it is plain data")
}

//! Published bugs: those that a case models, and those that none does.

use serde::{Deserialize, Serialize};

use super::{citations, source};
use casebook_core::case::Entry;

/// A published bug and the failing cases that model it.
pub struct Published<'a> {
    /// The project, and its advisory, issue, pull request or commit.
    pub bug: String,
    /// The cases, all of one file.
    pub cases: Vec<&'a Entry>,
}

/// Every published bug that has a case. In the family `bugs` a file's source names the bug, and each
/// of its failing cases models it; elsewhere it is the doc comment of a failing case that cites one.
pub fn published(corpus: &[Entry]) -> Vec<Published<'_>> {
    let mut all: Vec<Published<'_>> = Vec::new();
    for entry in corpus.iter().filter(|entry| (entry.case.expect)().failure().is_some()) {
        let cited: Vec<String> =
            citations(&entry.doc()).iter().map(|citation| citation.to_string()).collect();
        let bug = match entry.shape.family() {
            "bugs" => source(entry.shape).trim_end_matches('.').to_string(),
            _ => cited.join(", "),
        };
        match all.last_mut() {
            _ if bug.is_empty() => {}
            Some(last) if last.bug == bug => last.cases.push(entry),
            _ => all.push(Published { bug, cases: vec![entry] }),
        }
    }
    all
}

/// A published bug that has no case.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unmodelled {
    /// What is wrong, and where.
    pub name: String,
    /// The project, and its advisory, issue, pull request or commit.
    pub source: String,
    /// Why it has no case.
    pub reason: String,
}

/// Every published bug that is known here and has no case.
pub fn unmodelled() -> Vec<Unmodelled> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        bug: Vec<Unmodelled>,
    }
    let text = include_str!("../../../cases/unmodelled.toml");
    let file: File = toml::from_str(text).expect("the bugs are in their format; a test reads them");
    file.bug
}

//! A baseline: a file with the findings that are known, one a line, so that only new ones are open.
//!
//! A finding is known by its rule, its file, and its place: the function and the operation. Lines move, and places stay. Where a place
//! has several findings of a rule, it stands there as often.

use std::collections::BTreeMap;

use super::finding::{Finding, Rule, Settled};

/// The first line of the file.
const HEAD: &str = "# casebook audit baseline 1: RULE, FILE and PLACE, with a tab between; written by --write-baseline";

/// What is known, and how often.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Baseline(BTreeMap<(Rule, String, String), usize>);

impl Baseline {
    /// Reads one.
    ///
    /// # Errors
    /// What is wrong, with its line.
    pub fn parse(text: &str) -> Result<Baseline, String> {
        let mut lines = text.lines();
        if !lines.next().unwrap_or_default().starts_with("# casebook audit baseline 1") {
            return Err("line 1 does not begin with `# casebook audit baseline 1`".to_string());
        }
        let mut known = BTreeMap::new();
        for (nth, line) in lines.enumerate() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let wrong = |what: &str| format!("line {}: {what}", nth + 2);
            let parts: Vec<&str> = line.split('\t').collect();
            let [rule, file, place] = parts[..] else {
                return Err(wrong("is not a rule, a file and a place with tabs between"));
            };
            let rule =
                Rule::find(rule).ok_or_else(|| wrong(&format!("there is no rule `{rule}`")))?;
            *known.entry((rule, file.to_string(), place.to_string())).or_default() += 1;
        }
        Ok(Baseline(known))
    }

    /// The text of a baseline that knows these.
    pub fn of<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> String {
        let mut lines: Vec<String> = findings
            .into_iter()
            .map(|Finding { rule, file, place, .. }| format!("{rule}\t{file}\t{place}\n"))
            .collect();
        lines.sort();
        format!("{HEAD}\n{}", lines.concat())
    }

    /// Settles what it knows, and gives back how many it knows that are there no more.
    pub fn settle(mut self, findings: &mut [Finding]) -> usize {
        for finding in findings.iter_mut().filter(|finding| finding.settled.is_none()) {
            let key = (finding.rule, finding.file.clone(), finding.place.clone());
            if let Some(left) = self.0.get_mut(&key).filter(|left| **left > 0) {
                *left -= 1;
                finding.settled = Some(Settled::Baseline);
            }
        }
        self.0.values().sum()
    }
}

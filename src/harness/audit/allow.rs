//! `// casebook: allow(RULE) reason`: what the source says about a finding before it is found.

use super::comment::Comments;
use super::finding::Rule;

/// By what an allow begins.
const HEAD: &str = "casebook: allow(";

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allow {
    /// The rule; none where there is no rule of this name.
    pub rule: Option<Rule>,
    /// The name as it is written.
    pub name: String,
    /// Why; empty where nothing is said.
    pub reason: String,
    /// Its line.
    pub line: usize,
}

/// The allows of a file. The reason ends with the line.
pub fn all(comments: &Comments) -> Vec<Allow> {
    comments.all().filter_map(|(line, text)| one(text, line)).collect()
}

/// The allow of a rule that a comment has.
pub fn of(lines: &[&str], rule: Rule) -> Option<Allow> {
    lines.iter().filter_map(|text| one(text, 0)).find(|allow| allow.rule == Some(rule))
}

fn one(text: &str, line: usize) -> Option<Allow> {
    // At its beginning: what is written about allows is none.
    let (name, reason) = text.strip_prefix(HEAD)?.split_once(')')?;
    let reason = reason.trim_matches([' ', ':', '—', '-']).to_string();
    Some(Allow { rule: Rule::find(name.trim()), name: name.trim().to_string(), reason, line })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_allow_has_a_rule_and_a_reason() {
        let allow = |text| one(text, 7).expect("it is one");
        let whole = allow("casebook: allow(load-then-store) only the owner writes");
        assert_eq!(whole.rule, Some(Rule::LoadThenStore));
        assert_eq!(whole.reason, "only the owner writes");
        assert_eq!(allow("casebook: allow(no-reason)").reason, "");
        assert_eq!(allow("casebook: allow(everything) please").rule, None);
        assert_eq!(one("see `casebook: allow(RULE) reason`", 7), None);
    }
}

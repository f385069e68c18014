//! Where a case comes from: the works that its `Source:` paragraph names, and the bugs it cites.

use std::fmt;

use casebook_core::case::Shape;

/// A published bug as prose cites it: an advisory, or an issue, pull request or commit of a project.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Citation {
    /// The project, or `RustSec` and `CVE` for their advisories.
    pub project: String,
    /// `issue`, `pull request`, `commit`, or nothing for an advisory.
    pub what: &'static str,
    /// The number, or the advisory's name.
    pub number: String,
}

impl fmt::Display for Citation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.what {
            "" => f.write_str(&self.number),
            what => write!(f, "{} {what} {}", self.project, self.number),
        }
    }
}

/// The `Source:` paragraph of a file as one line.
pub fn source(shape: &Shape) -> String {
    let prose = shape.prose();
    let from = prose.iter().skip_while(|line| !line.starts_with("Source:"));
    let ends = |line: &str| {
        line.is_empty() || line.starts_with("Does not show:") || line.starts_with("Minimal")
    };
    let mut lines = from.enumerate().take_while(|(nth, line)| *nth == 0 || !ends(line));
    let first = lines.next().map_or("", |(_, line)| line["Source:".len()..].trim());
    lines.fold(first.to_string(), |text, (_, line)| text + " " + line)
}

/// The works that a `Source:` paragraph names, each by the name under which it is grouped: a book or
/// paper without its section, or a project.
pub fn works(source: &str) -> Vec<String> {
    let mut works: Vec<String> = without_remarks(source)
        .split(';')
        .flat_map(|part| match citations(part) {
            cited if cited.is_empty() => vec![work(part)],
            cited => cited.into_iter().map(|citation| citation.project).collect(),
        })
        .collect();
    works.sort();
    works.dedup();
    works
}

/// What follows the name of a work is a place in it.
const PLACES: [&str; 14] = [
    " [",
    ", section",
    ", ch",
    ", figure",
    ", algorithm",
    ", appendix",
    ", problem",
    ", table",
    ", documentation",
    " documentation",
    "'s docs",
    " docs",
    ", `",
    " `",
];

fn work(part: &str) -> String {
    let part = part.trim().trim_end_matches('.').trim_start_matches("the ");
    let end = PLACES.iter().filter_map(|place| part.find(place)).min().unwrap_or(part.len());
    let name = part[..end].trim();
    // A path such as `std::sync::Once`, or a crate's name: the crate.
    let path = name.trim_matches('`');
    match path.split([':', '.', ' ', ',', '`', '\'']).next() {
        Some("std" | "core") => "Rust std".into(),
        Some(project) if path.starts_with(char::is_lowercase) => project.into(),
        _ => name.into(),
    }
}

/// The bugs that a text cites, in its order: `RUSTSEC-2019-0013`, `tokio issue 5429`,
/// `parking_lot issues 257 (poll) and 294 (upgrade)`, `rust issue 1 and pull request 2`.
pub fn citations(text: &str) -> Vec<Citation> {
    let text = without_remarks(text);
    let mut words = text.split_whitespace().peekable();
    let (mut found, mut project, mut before) = (Vec::new(), String::new(), "");
    while let Some(word) = words.next() {
        let name = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        let what = match name {
            "issue" | "issues" => "issue",
            "pull" | "PR" => "pull request",
            "commit" | "commits" => "commit",
            _ => "",
        };
        if let Some(advisory) = advisory(name) {
            found.push(advisory);
        } else if !what.is_empty() {
            // After a pause the project is the last one that was named.
            if !matches!(before, "and" | "in" | "") && !before.ends_with([':', ',', ';']) {
                project = before.rsplit('/').next().unwrap_or(before).to_string();
            }
            words.next_if(|word| word.starts_with("request"));
            before = "and";
            while let Some(number) = words.next_if(|word| is_number(word) || is_pause(word)) {
                let number = number.trim_matches(|c: char| !c.is_ascii_alphanumeric());
                if is_number(number) {
                    let number = number.to_string();
                    found.push(Citation { project: project.clone(), what, number });
                }
            }
            continue;
        }
        before = word;
    }
    found
}

fn advisory(name: &str) -> Option<Citation> {
    let projects = [("RUSTSEC-", "RustSec"), ("CVE-", "CVE")];
    let (_, project) = projects.into_iter().find(|(mark, _)| name.starts_with(mark))?;
    Some(Citation { project: project.into(), what: "", number: name.into() })
}

/// A decimal number, or the beginning of a commit's hash.
fn is_number(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    word.starts_with(|c: char| c.is_ascii_digit()) && word.chars().all(|c| c.is_ascii_digit())
        || word.len() >= 7 && word.chars().all(|c| c.is_ascii_hexdigit())
}

fn is_pause(word: &str) -> bool {
    matches!(word, "," | "and")
}

/// A text without its remarks, which stand in parentheses.
fn without_remarks(text: &str) -> String {
    let (mut depth, mut before) = (0, ' ');
    let outside = text.chars().filter(|c| {
        // The number of an issue, as in `CACM 14(10)`, is no remark.
        depth += i32::from(*c == '(' && (before == ' ' || depth > 0));
        let outside = depth == 0;
        depth -= i32::from(*c == ')' && depth > 0);
        before = *c;
        outside
    });
    outside.collect()
}

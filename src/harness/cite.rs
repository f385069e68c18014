//! What to paste into code, a page or a paper: an id, its claim, what was proved, and what was not.

use std::fmt::Write;
use std::process::Command;
use std::sync::LazyLock;

use crate::justify::stated::strengths;
use crate::justify::{Justification, Need};
use crate::report::justify::NEEDED_UNDER_RC11;
use crate::run::Checked;
use casebook_core::case::Entry;

/// A case as it is cited.
pub struct Citation {
    /// The id.
    pub id: String,
    /// What the case shows: its own words.
    pub shows: String,
    /// What its file claims.
    pub claim: String,
    /// What it does not show.
    pub does_not_show: String,
    /// Each engine's verdict, in a few words.
    pub verdicts: Vec<String>,
    /// What of its verdicts the letter of C++20 forbids; empty where it forbids nothing.
    pub beyond_letter: String,
    /// The orderings that it needs.
    pub needed: Vec<Needed>,
    /// `casebook 0.1.0, commit 1234abcd`.
    pub version: String,
}

/// An ordering that a case needs.
pub struct Needed {
    /// The place.
    pub place: String,
    /// What the file says there.
    pub says: String,
    /// Where the letter of C++20 needs less: what suffices by it.
    pub slack_by_letter: String,
}

impl Needed {
    /// What the file says, and where the letter needs less, that it does: `remark`, and what suffices.
    fn words(&self, remark: &str) -> String {
        match self.slack_by_letter.is_empty() {
            true => self.says.clone(),
            false => format!("{} ({remark}: {})", self.says, self.slack_by_letter),
        }
    }
}

impl Citation {
    /// The citation of a case, with the verdicts it was just given and, if it holds, what its file's
    /// orderings are needed for.
    pub fn of(entry: &Entry, verdicts: &[Checked], found: Option<&Justification>) -> Self {
        let prose = entry.shape.prose();
        Citation {
            id: entry.id.clone(),
            shows: entry.doc(),
            claim: prose.first().unwrap_or(&"").to_string(),
            does_not_show: paragraph(&prose, "Does not show:"),
            verdicts: verdicts.iter().map(verdict).collect(),
            beyond_letter: verdicts.iter().find_map(Checked::beyond_letter).unwrap_or_default(),
            needed: found.map(|found| needed(entry, found)).unwrap_or_default(),
            version: version(),
        }
    }

    /// A line to stand above an operation, for each ordering that is needed.
    pub fn comment(&self) -> String {
        let line = |text: &str| format!("// ordering: casebook {} — {text}\n", self.id);
        match (self.needed.is_empty(), self.beyond_letter.is_empty()) {
            (true, true) => line(&self.shows),
            (true, false) => line(&format!("{} ({})", self.shows, self.beyond_letter)),
            (false, _) => {
                let words = |needed: &Needed| line(&needed.words(NEEDED_UNDER_RC11));
                self.needed.iter().map(words).collect()
            }
        }
    }

    /// A paragraph for a review or a page.
    pub fn markdown(&self) -> String {
        let Citation { id, shows, claim, does_not_show, verdicts, needed, version, .. } = self;
        let mut text = format!("**casebook `{id}`**: {shows} ({claim})\n\n");
        for verdict in verdicts {
            let _ = writeln!(text, "- {verdict}");
        }
        for needed in needed {
            let (place, words) = (&needed.place, needed.words("slack by the letter"));
            let _ = writeln!(text, "- needed in this program, under RC11: `{place}`: {words}");
        }
        let _ = writeln!(text, "- does not show: {does_not_show}\n\n{version}");
        text
    }

    /// An entry for a bibliography.
    pub fn bibtex(&self) -> String {
        let Citation { id, shows, does_not_show, verdicts, version, .. } = self;
        let key = id.replace('/', ":");
        let verdicts = verdicts.join("; ");
        format!(
            "@misc{{casebook:{key},\n  title = {{Casebook, case {}: {}}},\n  \
             howpublished = {{{}}},\n  note = {{{}. Does not show: {}}}\n}}\n",
            latex(id),
            latex(shows),
            latex(version),
            latex(&verdicts),
            latex(does_not_show)
        )
    }
}

/// The orderings that a case needs, each with what its file says there.
fn needed(entry: &Entry, found: &Justification) -> Vec<Needed> {
    let answer = found.answers.iter().find(|answer| answer.id == entry.id);
    let findings = answer.map(|answer| &answer.findings[..]).unwrap_or_default();
    let needed = findings.iter().filter(|finding| finding.need == Need::LoadBearing);
    needed
        .map(|finding| {
            let place = &found.places[finding.place];
            let line = place.used.site.line as usize;
            let says = said_at(entry.shape.source, line);
            Needed {
                place: place.name(),
                says: says.unwrap_or_else(|| place.used.ordering.to_string()),
                slack_by_letter: strengths(&finding.slack_by_letter()),
            }
        })
        .collect()
}

/// The comment that explains a line: behind it, or the nearest one close above.
fn said_at(source: &str, line: usize) -> Option<String> {
    const CLOSE: usize = 6;
    let lines: Vec<&str> = source.lines().collect();
    if let Some((_, behind)) = lines.get(line - 1)?.split_once("// ") {
        return Some(behind.trim().to_string());
    }
    let comment = |index: &usize| lines[*index].trim().strip_prefix("// ");
    let from = line.saturating_sub(CLOSE + 1);
    let last = (from..line - 1).rev().find(|index| comment(index).is_some())?;
    let first = (from..=last).rev().take_while(|index| comment(index).is_some()).last()?;
    Some((first..=last).filter_map(|index| comment(&index)).collect::<Vec<_>>().join(" "))
}

/// A paragraph of a file's prose that begins with `head`, in one line.
fn paragraph(prose: &[&str], head: &str) -> String {
    let from = prose.iter().position(|line| line.starts_with(head));
    let lines = prose.iter().skip(from.unwrap_or(prose.len()));
    let lines: Vec<&str> =
        lines.map(|line| line.trim()).take_while(|line| !line.is_empty()).collect();
    lines.join(" ").trim_start_matches(head).trim().to_string()
}

fn verdict(checked: &Checked) -> String {
    let (engine, word) = (checked.engine, checked.word());
    let failure = checked.result.as_ref().ok().and_then(|report| report.verdict.failure());
    let verdict = match (failure, checked.executions()) {
        (Some(failure), _) => format!("{engine}: {word}, {}", failure.kind),
        (None, 0) => format!("{engine}: {word}"),
        (None, 1) => format!("{engine}: {word}, 1 execution"),
        (None, n) => format!("{engine}: {word}, {n} executions"),
    };
    match checked.beyond_letter() {
        Some(beyond) => format!("{verdict}, {beyond}"),
        None => verdict,
    }
}

/// The version of this program, and the commit of the working tree it was built in.
pub fn version() -> String {
    static VERSION: LazyLock<String> = LazyLock::new(describe);
    VERSION.clone()
}

fn describe() -> String {
    let describe = ["describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"];
    let commit = Command::new("git").arg("-C").arg(crate::checkout()).args(describe).output();
    let commit = commit.ok().filter(|output| output.status.success());
    let commit = commit.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_string());
    let commit = commit.map(|commit| format!(", commit {commit}")).unwrap_or_default();
    format!("casebook {}{commit}, {}", env!("CARGO_PKG_VERSION"), env!("CASEBOOK_RUSTC"))
}

/// Text with the characters escaped that mean something to LaTeX.
fn latex(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '_' | '&' | '%' | '#' | '$' | '{' | '}' => escaped.extend(['\\', c]),
            '`' => {}
            '\\' => escaped += "\\textbackslash{}",
            '^' => escaped += "\\^{}",
            '~' => escaped += "\\~{}",
            c => escaped.push(c),
        }
    }
    escaped
}

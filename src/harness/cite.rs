//! What to paste into code, a page or a paper: an id, its claim, what was proved, and what was not.

use std::fmt::Write;
use std::process::Command;
use std::sync::LazyLock;

use crate::justify::stated::strengths;
use crate::justify::{Break, Justification, Need};
use crate::report;
use crate::report::justify::NEEDED_UNDER_RC11;
use crate::run::Checked;
use casebook_core::case::Entry;
use casebook_core::expect::{Expectation, Way};
use casebook_core::verdict::Verdict;

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
    /// Whether some client of a list needs them, and not one program.
    pub is_of_clients: bool,
    /// `casebook 0.1.0, commit 1234abcd`.
    pub version: String,
    /// Where the case stands in a book that is published.
    pub address: Option<String>,
}

/// An ordering that a case needs, as it was found.
pub struct Needed {
    /// The place.
    pub place: String,
    /// What is found there: `Acquire: with Relaxed, data race`.
    pub says: String,
    /// Where the letter of C++20 needs less: what suffices by it.
    pub slack_by_letter: String,
}

impl Needed {
    /// What is found, and where the letter needs less, that it does: `remark`, and what suffices.
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
        let (prose, expectation) = (entry.shape.prose(), (entry.case.expect)());
        Citation {
            id: entry.id.clone(),
            shows: entry.doc(),
            claim: prose.first().unwrap_or(&"").to_string(),
            does_not_show: paragraph(&prose, "Does not show:"),
            verdicts: verdicts.iter().map(|checked| verdict(checked, &expectation)).collect(),
            beyond_letter: verdicts.iter().find_map(Checked::beyond_letter).unwrap_or_default(),
            needed: found.map(|found| needed(entry, found)).unwrap_or_default(),
            is_of_clients: expectation.is_of_clients(),
            version: version(),
            address: None,
        }
    }

    /// The same, of a book that stands at this address.
    pub fn at(self, book: Option<&str>) -> Self {
        let (stem, name) = self.id.split_once('/').unwrap_or((&self.id, ""));
        let address = book.map(|book| format!("{book}/case/{stem}.html#{name}"));
        Citation { address, ..self }
    }

    /// A line to stand above an operation, for each ordering that is needed.
    pub fn comment(&self) -> String {
        let line = |text: &str| format!("// ordering: casebook {} — {text}\n", self.id);
        let address = self.address.iter().map(|address| format!("// {address}\n"));
        let address: String = address.collect();
        let lines = match (self.needed.is_empty(), self.beyond_letter.is_empty()) {
            (true, true) => line(&self.shows),
            (true, false) => line(&format!("{} ({})", self.shows, self.beyond_letter)),
            (false, _) => {
                let words = |needed: &Needed| {
                    line(&format!("{}: {}", needed.place, needed.words(NEEDED_UNDER_RC11)))
                };
                self.needed.iter().map(words).collect()
            }
        };
        lines + &address
    }

    /// A paragraph for a review or a page.
    pub fn markdown(&self) -> String {
        let Citation { id, shows, claim, does_not_show, verdicts, needed, version, .. } = self;
        let by = match self.is_of_clients {
            true => "by some client of its list",
            false => "in this program",
        };
        let mut text = format!("**casebook `{id}`**: {shows} ({claim})\n\n");
        for verdict in verdicts {
            let _ = writeln!(text, "- {verdict}");
        }
        for needed in needed {
            let (place, words) = (&needed.place, needed.words("slack by the letter"));
            let _ = writeln!(text, "- needed {by}, under RC11: `{place}`: {words}");
        }
        let _ = writeln!(text, "- does not show: {does_not_show}\n\n{version}");
        self.address.iter().for_each(|address| text += &format!("\n<{address}>\n"));
        text
    }

    /// An entry for a bibliography.
    pub fn bibtex(&self) -> String {
        let Citation { id, shows, does_not_show, verdicts, version, .. } = self;
        let key = id.replace('/', ":");
        let verdicts = verdicts.join("; ");
        format!(
            "@misc{{casebook:{key},\n  author = {{{{Casebook}}}},\n  title = {{Case {}: {}}},\n  \
             {}{}howpublished = {{{}}},\n  note = {{{}. Does not show: {}}}\n}}\n",
            latex(id),
            latex(shows),
            year().map(|year| format!("year = {{{year}}},\n  ")).unwrap_or_default(),
            self.address.iter().map(|it| format!("url = {{{it}}},\n  ")).collect::<String>(),
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
            let breaks = finding.breaks.iter().map(|broken| {
                let Break { weakened_to, failure } = broken;
                format!("with {weakened_to}, {}", failure.kind)
            });
            let breaks = breaks.collect::<Vec<_>>().join("; ");
            Needed {
                place: place.name(),
                says: format!("{}: {breaks}", place.used.ordering),
                slack_by_letter: strengths(&finding.slack_by_letter()),
            }
        })
        .collect()
}

/// A paragraph of a file's prose that begins with `head`, in one line.
fn paragraph(prose: &[&str], head: &str) -> String {
    let from = prose.iter().position(|line| line.starts_with(head));
    let lines = prose.iter().skip(from.unwrap_or(prose.len()));
    let lines: Vec<&str> =
        lines.map(|line| line.trim()).take_while(|line| !line.is_empty()).collect();
    lines.join(" ").trim_start_matches(head).trim().to_string()
}

/// What an engine established, under which model, which outcomes it saw, and where it is declared to differ from the truth.
fn verdict(checked: &Checked, expectation: &Expectation) -> String {
    let report = checked.result.as_ref().ok();
    let model = report.and_then(|report| report.model);
    let engine = match model {
        Some(model) => format!("{} under {model}", checked.engine),
        None => checked.engine.to_string(),
    };
    let mut text = match report.map(|report| &report.verdict) {
        Some(Verdict::Refuted { failure, .. }) => format!("{engine}: refuted, {}", failure.kind),
        Some(Verdict::Inexpressible { reason }) => {
            format!("{engine}: not run, {}", reason.sentence())
        }
        Some(verdict) => {
            let executions = report::many(verdict.executions() as usize, "execution");
            format!("{engine}: {}, {executions}", verdict.word())
        }
        None => format!("{engine}: {}", checked.word()),
    };
    if let Some(beyond) = checked.beyond_letter() {
        text += &format!(", {beyond}");
    }
    if let Some(report) = report.filter(|report| report.has_outcomes()) {
        let outcomes: Vec<&str> = report.outcomes.keys().map(String::as_str).collect();
        text += &format!(", outcomes {}", outcomes.join(" "));
    }
    if let Some(found) = checked.load_buffering() {
        text += &format!(", {found}");
    }
    for (engine, way, reason) in expectation.ways() {
        let differs = match way {
            Way::Misses => "misses what an execution does",
            Way::Alarms => "sees what no execution does",
            Way::NoVerdict => continue,
        };
        if engine == checked.engine {
            text += &format!(", and {differs}: {}", reason.sentence());
        }
    }
    text
}

/// The version of this program, and the commit of the working tree it was built in.
pub fn version() -> String {
    static VERSION: LazyLock<String> = LazyLock::new(describe);
    VERSION.clone()
}

/// The year of that commit; none outside of a working tree.
fn year() -> Option<String> {
    git(&["log", "-1", "--format=%cd", "--date=format:%Y"])
}

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").arg("-C").arg(crate::built_from()).args(arguments).output();
    let output = output.ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_string())
}

fn describe() -> String {
    let commit = git(&["describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"]);
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

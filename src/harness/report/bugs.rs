//! The table of published bugs: which engine finds which, in how many executions, and which have no
//! case.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{count, time, wrapped};
use crate::index::{Published, Unmodelled};
use crate::run::Checked;
use casebook_core::case::Entry;
use casebook_core::expect::BEYOND_MARK;
use casebook_core::verdict::{EngineId, Letter, Reason, Verdict};

/// The widths of the columns before the engines', of each engine's, and of the time's.
const NAME: usize = 30;
const ENGINE: usize = 15;
const TIME: usize = 9;

/// Results of checking the cases of published bugs.
pub struct BugTable<'a> {
    published: Vec<Published<'a>>,
    results: BTreeMap<(String, EngineId), Checked>,
}

/// What an engine has to say of a bug.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Finding {
    /// It finds it.
    Found,
    /// It does not see it: for a reason that is declared, or, on real threads, by chance.
    Missed,
    /// It cannot run the case, or must not.
    #[serde(rename = "not run")]
    NotRun,
    /// The check gave no verdict.
    Error,
}

impl<'a> BugTable<'a> {
    /// A table of these bugs, without results.
    pub fn new(published: Vec<Published<'a>>) -> Self {
        BugTable { published, results: BTreeMap::new() }
    }

    /// Adds a result.
    pub fn add(&mut self, checked: Checked) {
        self.results.insert((checked.id.clone(), checked.engine), checked);
    }

    /// Whether every verdict is as declared.
    pub fn as_declared(&self) -> bool {
        self.results.values().all(Checked::as_declared)
    }

    /// One JSON object for each bug, case and engine.
    pub fn json(&self) -> String {
        #[derive(Serialize)]
        struct Line<'a> {
            bug: &'a str,
            id: &'a str,
            engine: EngineId,
            finding: Finding,
            executions: u64,
            reasons: Vec<Reason>,
            #[serde(skip_serializing_if = "Option::is_none")]
            letter: Option<Letter>,
            as_declared: bool,
            millis: u64,
        }
        let mut text = String::new();
        for (bug, entry, checked) in self.rows() {
            let line = Line {
                bug: &bug.bug,
                id: &entry.id,
                engine: checked.engine,
                finding: finding(checked),
                executions: checked.executions(),
                reasons: (entry.case.expect)().reasons(checked.engine),
                letter: checked.result.as_ref().ok().and_then(|report| report.verdict.letter()),
                as_declared: checked.as_declared(),
                millis: checked.millis,
            };
            text += &(serde_json::to_string(&line).expect("it is plain data") + "\n");
        }
        text
    }

    /// Every result, in the order of the bugs.
    fn rows(&self) -> impl Iterator<Item = (&Published<'a>, &'a Entry, &Checked)> {
        let cases =
            self.published.iter().flat_map(|bug| bug.cases.iter().map(move |it| (bug, *it)));
        cases.flat_map(|(bug, entry)| {
            let of = |engine| self.results.get(&(entry.id.clone(), engine));
            EngineId::ALL.into_iter().filter_map(of).map(move |checked| (bug, entry, checked))
        })
    }

    /// The table, what its marks mean, and the bugs without a case, in at most 100 columns.
    pub fn render(&self, unmodelled: &[Unmodelled]) -> String {
        let mut text = format!("{:<NAME$}", "bug and case");
        text.extend(EngineId::ALL.map(|engine| format!("{engine:<ENGINE$}")));
        text += &format!("{:>TIME$}\n{}\n", "time", "─".repeat(NAME + 4 * ENGINE + TIME));
        let mut reasons = Vec::new();
        for bug in &self.published {
            let stem = bug.cases[0].shape.stem();
            text += &wrapped("", &format!("{stem}: {}", bug.bug));
            for entry in &bug.cases {
                text += &self.case(entry, &mut reasons);
            }
        }
        text += &self.legend(&reasons);
        text += "\nPublished bugs that the compiler or a lint refuses stand in compile_fail/.\n\
                 Published bugs without a case:\n";
        for Unmodelled { name, source, reason } in unmodelled {
            text += &format!("\n{}", wrapped("  ", &format!("{source}: {name}.")));
            text += &wrapped("    ", reason);
        }
        text
    }

    /// One line: the case, what each engine says, and the time of all of them.
    fn case(&self, entry: &Entry, reasons: &mut Vec<Reason>) -> String {
        let of = |engine| self.results.get(&(entry.id.clone(), engine));
        let mut text = format!("{:<NAME$}", format!("  {}", entry.case.name));
        for engine in EngineId::ALL {
            let cell = of(engine).map_or(String::new(), |checked| cell(entry, checked, reasons));
            text += &format!("{cell:<ENGINE$}");
        }
        let millis = EngineId::ALL.into_iter().filter_map(of).map(|checked| checked.millis).sum();
        format!("{text}{:>TIME$}\n", time(millis))
    }

    fn legend(&self, reasons: &[Reason]) -> String {
        let mut text = String::from(
            "\nfound in   the number of executions visited, the failing one included\n\
             missed     no execution fails there, for the reason of the letter\n\
             not met    real threads did not meet it in a moment on this machine\n\
             not run    for the reason of the letter\n\n",
        );
        for (nth, reason) in reasons.iter().enumerate() {
            text += &wrapped("", &format!("({}) {reason:?}: {}", letter(nth), reason.sentence()));
        }
        let wrong: Vec<&Checked> =
            self.results.values().filter(|checked| !checked.as_declared()).collect();
        for checked in &wrong {
            text += &format!("\n✗ {} under {}\n", checked.id, checked.engine);
            checked.complaints.iter().for_each(|complaint| text += &wrapped("  ", complaint));
        }
        let found = self.published.iter().filter(|bug| self.found(bug)).count();
        let (bugs, wrong) = (self.published.len(), wrong.len());
        text + &match wrong {
            0 => format!(
                "\n{found} of {bugs} are found by an engine; all verdicts are as declared.\n"
            ),
            n => format!(
                "\n{found} of {bugs} are found by an engine; not as declared: {}.\n",
                super::many(n, "verdict")
            ),
        }
    }

    fn found(&self, bug: &Published) -> bool {
        let found = |checked: &Checked| matches!(finding(checked), Finding::Found);
        let of = |id: &str, engine| self.results.get(&(id.to_string(), engine));
        let by = |id| EngineId::ALL.into_iter().any(|engine| of(id, engine).is_some_and(found));
        bug.cases.iter().all(|entry| by(&entry.id))
    }
}

fn finding(checked: &Checked) -> Finding {
    match &checked.result {
        Ok(report) => match report.verdict {
            Verdict::Refuted { .. } => Finding::Found,
            Verdict::Inexpressible { .. } => Finding::NotRun,
            _ => Finding::Missed,
        },
        Err(_) => Finding::Error,
    }
}

/// A verdict in a few words, with the letter of its reason; a cross marks what is not as declared.
fn cell(entry: &Entry, checked: &Checked, reasons: &mut Vec<Reason>) -> String {
    let letters: String = (entry.case.expect)()
        .reasons(checked.engine)
        .into_iter()
        .map(|reason| {
            let known = reasons.iter().position(|known| *known == reason);
            let nth = known.unwrap_or_else(|| {
                reasons.push(reason);
                reasons.len() - 1
            });
            format!(" ({})", letter(nth))
        })
        .collect();
    let cross = if checked.as_declared() { "" } else { "✗ " };
    let words = match finding(checked) {
        Finding::Found => {
            let mark = checked.beyond_letter().map_or(String::new(), |_| format!(" {BEYOND_MARK}"));
            format!("found in {}{mark}", count(checked.executions()))
        }
        Finding::Missed if letters.is_empty() => "not met".into(),
        Finding::Missed => format!("missed{letters}"),
        Finding::NotRun => format!("not run{letters}"),
        Finding::Error => "error".into(),
    };
    format!("{cross}{words}")
}

fn letter(nth: usize) -> char {
    (b'a'..=b'z').nth(nth).map_or('?', char::from)
}

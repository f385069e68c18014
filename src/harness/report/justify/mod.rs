//! Justifications as people and programs read them.

mod json;

use std::fmt::Write;

use super::graph;
use crate::justify::stated::{self, strengths};
use crate::justify::{Break, Joint, Justification, Need, Opened, Place, Structure, search};
use casebook_core::case::Entry;
use casebook_core::expect::BEYOND_MARK;
use casebook_core::ordering::Strength;
use comfy_table::{ContentArrangement, Row};

use super::{many, wrapped};

pub use json::lines;

/// The model whose executions an engine's answer is about.
fn model(of: &Justification) -> &'static str {
    match of.engine {
        exact if exact.is_exact() => of.model.title(),
        engine => engine.weak_memory().unwrap_or("no weak memory model"),
    }
}

/// A file's justification, with what a reader needs beside it.
pub struct View<'a> {
    /// What was found.
    pub found: &'a Justification,
    /// What rc11 found, beside another engine's answer.
    pub beside: Option<&'a Justification>,
    /// The file's cases that claim to hold.
    pub cases: &'a [&'a Entry],
    /// The widest line of a table.
    pub width: u16,
}

impl View<'_> {
    /// The structures of the file, each with the clients that were tried.
    pub fn file(&self) -> String {
        let mut text = String::new();
        for structure in self.found.structures() {
            text += &self.structure(&structure);
        }
        for answer in &self.found.answers {
            if !answer.open.is_empty() {
                let _ = writeln!(text, "{}: not complete: {}\n", answer.id, answer.open);
            } else if answer.findings.is_empty() {
                let _ = writeln!(text, "{}: no ordering in it could be weaker\n", answer.id);
            }
        }
        text
    }

    fn structure(&self, structure: &Structure) -> String {
        let answers = &self.found.answers;
        let clients: Vec<&str> = structure.clients.iter().map(|c| &answers[*c].id[..]).collect();
        let one = clients.len() == 1;
        let rows = structure.joints.iter().map(|joint| {
            let broken = joint.broken.iter().map(|(client, nth)| {
                let answer = &answers[*client];
                let finding = answer.findings.iter().find(|finding| finding.place == joint.place);
                let broken = &finding.expect("a broken place has a finding").breaks[*nth];
                let (_, by) = answer.id.split_once('/').unwrap_or_default();
                if one { without(broken) } else { format!("{} in {by}", without(broken)) }
            });
            let broken = broken.collect::<Vec<_>>().join("; ");
            self.row(joint.place, verdict_of(self.found, joint), broken)
        });
        let mut text = self.header(&clients);
        text += &self.table(rows);
        let places: Vec<usize> = structure.joints.iter().map(|joint| joint.place).collect();
        text += &minimal(self.found, &places, &structure.minimal, structure.complete);
        text + &self.reasons(&places) + "\n"
    }

    /// One case, with the evidence for each ordering.
    pub fn case(&self, id: &str) -> String {
        let Some(answer) = self.found.answers.iter().find(|answer| answer.id == id) else {
            return String::new();
        };
        let mut text = self.header(&[id]);
        if answer.findings.is_empty() {
            text += "no ordering in it could be weaker\n";
        } else {
            text += &self.table(answer.findings.iter().map(|finding| {
                let mut broken: Vec<String> = finding.breaks.iter().map(without).collect();
                if finding.need == Need::Slack {
                    let needed_by = self.found.needed_by(finding.place);
                    let names = needed_by.iter().filter_map(|id| id.split_once('/'));
                    broken.extend(names.map(|(_, client)| format!("needed by {client}")));
                }
                let broken = broken.join("; ");
                let by_letter = finding.slack_by_letter();
                let used = &self.found.places[finding.place].used;
                let weakest = [&finding.weakest[..], &finding.closed(used.role)];
                let verdict = verdict(finding.need, used.ordering, weakest, &by_letter);
                self.row(finding.place, verdict, broken)
            }));
            let places: Vec<usize> = answer.findings.iter().map(|finding| finding.place).collect();
            text += &minimal(self.found, &places, &answer.minimal, answer.open.is_empty());
            text += &self.reasons(&places);
        }
        if !answer.open.is_empty() {
            let _ = writeln!(text, "not complete: {}", answer.open);
        }
        let others = self.found.answers.iter().map(|a| &a.id[..]).filter(|other| *other != id);
        let others: Vec<&str> = others.collect();
        if !others.is_empty() {
            let _ = writeln!(text, "other clients of the file: {}", others.join(", "));
        }
        for finding in &answer.findings {
            let place = &self.found.places[finding.place];
            for Opened { weakened_to, how } in &finding.opens {
                let _ = writeln!(text, "\n{} given {weakened_to}\n{how}", place.name());
            }
            for broken in &finding.breaks {
                text += &evidence(place, broken);
            }
        }
        text + "\n"
    }

    fn header(&self, clients: &[&str]) -> String {
        let is_list = |entry: &&&Entry| {
            clients.contains(&&*entry.id) && (entry.case.expect)().is_of_clients()
        };
        let programs = match (self.cases.iter().find(is_list), clients.len()) {
            (Some(_), _) => "every client that the file lists",
            (None, 1) => "this client program",
            (None, _) => "these client programs",
        };
        let clients = clients.join(", ");
        format!("{clients}\nunder {}, for {programs}\n", model(self.found))
    }

    fn row(&self, place: usize, verdict: String, broken: String) -> Row {
        let used = &self.found.places[place].used;
        let name = self.found.places[place].name();
        let mut row =
            vec![used.site.line.to_string(), name, used.ordering.to_string(), verdict, broken];
        if let Some(beside) = self.beside {
            let joints = beside.structures().into_iter().flat_map(|structure| structure.joints);
            let same = joints.into_iter().find(|joint| beside.places[joint.place].used == *used);
            row.push(same.map(|joint| verdict_of(beside, &joint)).unwrap_or_default());
        }
        row.into()
    }

    fn table(&self, rows: impl Iterator<Item = Row>) -> String {
        let mut table = comfy_table::Table::new();
        table.load_style(super::table::STYLE);
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(self.width);
        let mut header = vec!["line", "place", "given", "verdict", "what breaks below"];
        if self.beside.is_some() {
            header.push("rc11");
        }
        table.set_header(header);
        table.add_rows(rows);
        let lines = table.to_string();
        lines.lines().map(|line| format!("{}\n", line.trim_end())).collect()
    }

    /// Why orderings are stronger than they need be.
    fn reasons(&self, places: &[usize]) -> String {
        let reason = |place: &usize| {
            let slack = stated::declared(self.found, self.cases, *place)?;
            Some(wrapped("", &format!("slack on purpose: {}: {}", slack.place, slack.why)))
        };
        places.iter().filter_map(reason).collect()
    }
}

/// What follows the word slack: the weakest orderings that hold under RC11, and with which load buffering could not arise.
pub fn slack(given: Strength, weakest: &[Strength], closed: &[Strength]) -> String {
    let alone = format!("under RC11 alone: {}", strengths(weakest));
    match closed {
        closed if closed == weakest => format!(": {}", strengths(weakest)),
        [] => format!(" {alone}"),
        [only] if *only == given => format!(" {alone}"),
        closed => format!(": {}; {alone}", strengths(closed)),
    }
}

/// Whether an ordering is needed: under RC11, in C++ where that differs by load buffering, and by the letter of C++20 where that differs. What is
/// weakest is so under RC11, and with load buffering.
fn verdict(
    need: Need,
    given: Strength,
    [weakest, closed]: [&[Strength]; 2],
    by_letter: &[Strength],
) -> String {
    let verdict = match need {
        Need::LoadBearing => "load-bearing".to_string(),
        Need::Slack => format!("slack{}", slack(given, weakest, closed)),
        Need::Unknown => "unknown".to_string(),
    };
    match (by_letter.is_empty(), need) {
        (true, _) => verdict,
        (false, Need::LoadBearing) => {
            format!("{NEEDED_UNDER_RC11}: {}", strengths(by_letter))
        }
        (false, _) => format!("{verdict}; slack by the letter: {}", strengths(by_letter)),
    }
}

fn verdict_of(of: &Justification, joint: &Joint) -> String {
    let given = of.places[joint.place].used.ordering;
    verdict(joint.need, given, [&joint.weakest, &joint.closed], &joint.slack_by_letter)
}

fn without(broken: &Break) -> String {
    let mark = if broken.is_beyond_letter() { format!(" {BEYOND_MARK}") } else { String::new() };
    format!("{}: {}{mark}", broken.weakened_to, broken.failure.kind)
}

/// The execution that fails with a weaker ordering: step by step, and as a graph.
fn evidence(place: &Place, broken: &Break) -> String {
    let Break { weakened_to, failure } = broken;
    let mut text = format!("\n{} given {weakened_to}\n", place.name());
    text += &super::failure(failure);
    if let Some(graph) = &failure.graph {
        text += &graph::text(graph);
    }
    text
}

/// The minimal assignments, by what differs from the file.
fn minimal(
    justification: &Justification,
    places: &[usize],
    minimal: &[search::Assignment],
    complete: bool,
) -> String {
    let mut text = String::new();
    for assignment in minimal {
        let changed: Vec<String> = places
            .iter()
            .zip(assignment)
            .map(|(place, strength)| (&justification.places[*place], strength))
            .filter(|(place, strength)| place.used.ordering != **strength)
            .map(|(place, strength)| format!("{} {strength}", place.name()))
            .collect();
        text += &match changed.is_empty() {
            true => "minimal: as written\n".to_string(),
            false => wrapped("", &format!("minimal: as written, but {}", changed.join(", "))),
        };
    }
    if !complete {
        text += "minimal: there may be more; a client is not answered completely\n";
    }
    text
}

/// What the words in the tables mean.
pub const LEGEND: &str = "\
load-bearing  with anything weaker the program fails: the step below, and how
slack         it holds with this, all other orderings being as they are; under RC11 alone: load
              buffering, which C++ and Rust allow and RC11 does not, could arise then.
              minimal: several weakened, under RC11
";

/// What they mean where RC11 and the letter of C++20 differ.
const LEGEND_OF_LETTER: &str = "\
‡             beyond the letter (LWG 3941): the letter of C++20 forbids what fails with this, so that
              the ordering is needed under RC11 and slack by the letter
";

/// Where an ordering is load-bearing, but by the letter of C++20 a weaker one holds.
pub const NEEDED_UNDER_RC11: &str = "needed under RC11; slack by the letter";

/// The legend, and how much was asked.
pub fn summary<'a>(found: impl Iterator<Item = &'a Justification> + Clone, time: &str) -> String {
    let answers = || found.clone().flat_map(|file| &file.answers);
    let needs = |need| answers().flat_map(|a| &a.findings).filter(|f| f.need == need).count();
    let (bearing, slack) = (needs(Need::LoadBearing), needs(Need::Slack));
    let unknown = needs(Need::Unknown);
    let open = answers().filter(|answer| !answer.open.is_empty()).count();
    let checks = super::many_counted(answers().map(|answer| answer.checks).sum(), "check");
    let cases = many(answers().count(), "case");
    let (bearing, open) = (many(bearing, "ordering"), many(open, "case"));
    let mut findings = answers().flat_map(|answer| &answer.findings);
    let differs = findings.any(|finding| !finding.slack_by_letter().is_empty());
    let letter = if differs { LEGEND_OF_LETTER } else { "" };
    format!(
        "{LEGEND}{letter}\n{cases}, {checks} in {time}: {bearing} load-bearing in their case, \
         {slack} slack, {unknown} unknown; {open} not complete.\n"
    )
}

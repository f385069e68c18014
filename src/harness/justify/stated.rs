//! What a case file states about its orderings, judged against what was found, both ways.
//!
//! A case that holds states that its orderings are *tight*: each is needed by some case of its file.
//! What is not, it lists by `.slack(PLACE, WEAKEST, WHY)`. A file's prose may state minimal orderings:
//! ``Minimal: `push: self.head.store` Release, `pop: self.head.load` Acquire (Author, year).``, or
//! ``Minimal (case): ...`` where the file holds several structures, and a paragraph for each of
//! several minimal assignments. It names every ordering above Relaxed, and may name others.

use std::collections::BTreeSet;

use super::{Justification, Need, Structure};
use casebook_core::case::Entry;
use casebook_core::expect::Slack;
use casebook_core::ordering::Strength;

/// What differs between the statements of a file and what was found; empty where nothing does.
pub fn complaints(justification: &Justification, cases: &[&Entry]) -> Vec<String> {
    let structures = justification.structures();
    let mut complaints = slack(justification, &structures, cases);
    if let Some(entry) = cases.first() {
        complaints.extend(minimal(justification, &structures, &entry.shape.prose()));
    }
    complaints
}

/// The orderings that a case of the file declares slack at a place it runs.
pub fn declared(justification: &Justification, cases: &[&Entry], place: usize) -> Option<Slack> {
    let name = justification.places[place].name();
    runs(justification, cases, place)
        .flat_map(|entry| (entry.case.expect)().slack().to_vec())
        .find(|slack| slack.place == name)
}

/// The cases that run a place.
fn runs<'a>(
    justification: &'a Justification,
    cases: &'a [&'a Entry],
    place: usize,
) -> impl Iterator<Item = &'a Entry> {
    let answers = justification.answers.iter();
    let run_by = answers.filter(move |a| a.findings.iter().any(|finding| finding.place == place));
    run_by.filter_map(|answer| cases.iter().copied().find(|entry| entry.id == answer.id))
}

fn slack(of: &Justification, structures: &[Structure], cases: &[&Entry]) -> Vec<String> {
    let mut complaints = Vec::new();
    for joint in structures.iter().flat_map(|structure| &structure.joints) {
        let place = &of.places[joint.place];
        let weakest = strengths(&joint.weakest);
        let name = place.name();
        let id = runs(of, cases, joint.place).next().map_or("", |entry| &entry.id);
        match (declared(of, cases, joint.place), joint.need) {
            (None, Need::Slack) => complaints.push(format!(
                "{id}: line {}: {name} is {}, and {weakest} holds: weaken it, add the client that \
                 needs it, or declare .slack({name:?}, {weakest:?}, \"why\")",
                place.used.site.line, place.used.ordering
            )),
            (Some(slack), Need::Slack) if slack.weakest != weakest => complaints.push(format!(
                "{id}: {name} is declared slack down to {}, but it is {weakest}",
                slack.weakest
            )),
            (Some(slack), Need::Slack)
                if slack.why.contains("load buffering") && joint.weakest == joint.closed =>
            {
                complaints.push(format!(
                    "{id}: {name} is declared slack for load buffering, which could not arise with \
                     {weakest}"
                ));
            }
            (Some(_), Need::LoadBearing) => {
                complaints.push(format!("{id}: {name} is declared slack, but it is load-bearing"));
            }
            _ => {}
        }
    }
    for entry in cases {
        let known: Vec<String> = structures
            .iter()
            .flat_map(|structure| &structure.joints)
            .filter(|joint| runs(of, cases, joint.place).any(|runs| runs.id == entry.id))
            .map(|joint| of.places[joint.place].name())
            .collect();
        for slack in (entry.case.expect)().slack() {
            if !known.iter().any(|name| name == slack.place) {
                let known = known.join("`, `");
                complaints.push(format!(
                    "{}: declares slack at `{}`, which is none of its orderings: `{known}`",
                    entry.id, slack.place
                ));
            }
        }
    }
    complaints
}

/// Orderings as a declaration names them: `Release`, `Acquire or Release`, `none`.
pub fn strengths(strengths: &[Strength]) -> String {
    let names: Vec<String> = strengths.iter().map(Strength::to_string).collect();
    names.join(" or ")
}

/// A `Minimal:` paragraph of a file's prose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Minimal {
    /// The case whose structure is meant, where the file has several.
    pub case: Option<String>,
    /// Places and orderings.
    pub orderings: Vec<(String, String)>,
    /// Who states it.
    pub source: String,
}

/// The `Minimal:` paragraphs of a file's prose.
pub fn minimal_of(prose: &[&str]) -> Vec<Minimal> {
    let mut paragraphs: Vec<String> = Vec::new();
    let mut open = false;
    for line in prose {
        open = match line.trim() {
            line if line.starts_with("Minimal") => {
                paragraphs.push(line.to_string());
                true
            }
            // A paragraph ends at an empty line, or where another one begins.
            line if line.is_empty()
                || line.starts_with("Source:")
                || line.starts_with("Does not") =>
            {
                false
            }
            line => {
                if let (true, Some(last)) = (open, paragraphs.last_mut()) {
                    *last += " ";
                    *last += line;
                }
                open
            }
        };
    }
    paragraphs.iter().map(|paragraph| parse(paragraph)).collect()
}

fn parse(paragraph: &str) -> Minimal {
    let (head, rest) = paragraph.split_once(':').unwrap_or((paragraph, ""));
    let case = head.split_once('(').map(|(_, case)| case.trim_end_matches(')').to_string());
    // A source stands in the last brackets, behind the last place and its ordering.
    let (places, source) = rest.rsplit_once(" (").unwrap_or((rest, ""));
    let mut parts = places.split('`').skip(1);
    let mut orderings = Vec::new();
    while let (Some(place), Some(ordering)) = (parts.next(), parts.next()) {
        let ordering = ordering.trim().trim_end_matches([',', ';', '.']);
        orderings.push((place.to_string(), ordering.to_string()));
    }
    Minimal { case, orderings, source: source.trim_end_matches(['.', ')']).to_string() }
}

fn minimal(of: &Justification, structures: &[Structure], prose: &[&str]) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut stated: Vec<(usize, Minimal)> = Vec::new();
    for minimal in minimal_of(prose) {
        let found = structures.iter().position(|structure| match &minimal.case {
            Some(case) => {
                structure.clients.iter().any(|c| of.answers[*c].id.ends_with(&format!("/{case}")))
            }
            None => structures.len() == 1,
        });
        match found {
            Some(structure) => stated.push((structure, minimal)),
            None if is_relaxed(of, &minimal) => {}
            None => complaints.push(format!(
                "{}: `Minimal:` does not say which structure it is about: name one of its cases",
                of.stem
            )),
        }
    }
    for (index, structure) in structures.iter().enumerate() {
        let mine: Vec<&Minimal> =
            stated.iter().filter(|(of, _)| *of == index).map(|(_, minimal)| minimal).collect();
        if mine.is_empty() {
            continue;
        }
        let mut found: Vec<BTreeSet<(String, String)>> = structure
            .minimal
            .iter()
            .map(|assignment| above_relaxed(of, structure, assignment))
            .collect();
        for minimal in mine {
            if !minimal.source.contains(|c: char| c.is_ascii_digit()) {
                complaints.push(format!("{}: `Minimal:` names no source with its year", of.stem));
            }
            let (relaxed, above): (Vec<_>, Vec<_>) =
                minimal.orderings.iter().cloned().partition(|(_, s)| s == "Relaxed" || s == "none");
            let above: BTreeSet<_> = above.into_iter().collect();
            match found.iter().position(|known| *known == above) {
                Some(nth) => drop(found.remove(nth)),
                None => complaints.push(format!(
                    "{}: `Minimal:` states {above:?}, but the minimal orderings are {found:?}",
                    of.stem
                )),
            }
            for (place, _) in
                relaxed.iter().filter(|(place, _)| !of.places.iter().any(|p| p.name() == *place))
            {
                complaints
                    .push(format!("{}: `Minimal:` names `{place}`, which is no place", of.stem));
            }
        }
        for missing in found {
            complaints.push(format!("{}: `Minimal:` leaves out {missing:?}", of.stem));
        }
    }
    complaints
}

/// Whether a statement is about a case in which nothing could be weaker, and says so.
fn is_relaxed(of: &Justification, minimal: &Minimal) -> bool {
    let case = minimal.case.as_ref().map(|case| format!("{}/{case}", of.stem));
    let answer = of.answers.iter().find(|answer| Some(&answer.id) == case.as_ref());
    answer.is_some_and(|answer| answer.findings.is_empty())
        && minimal.orderings.iter().all(|(place, ordering)| {
            ordering == "Relaxed" && of.places.iter().any(|known| known.name() == *place)
        })
}

/// What an assignment gives beyond Relaxed.
fn above_relaxed(
    of: &Justification,
    structure: &Structure,
    assignment: &[Strength],
) -> BTreeSet<(String, String)> {
    let joints = structure.joints.iter().zip(assignment);
    joints
        .filter(|(_, strength)| **strength > Strength::Relaxed)
        .map(|(joint, strength)| (of.places[joint.place].name(), strength.to_string()))
        .collect()
}

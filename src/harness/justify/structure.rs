//! The clients of a structure put together: what no case of the file needs is slack.

use super::search::{self, Answer as Decided, Assignment, Domain};
use super::{Answer, Finding, Justification, Need};
use casebook_core::ordering::{Role, Strength};

/// Cases of a file that share a place, and what they say together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Structure {
    /// The cases: indices into [`Justification::answers`].
    pub clients: Vec<usize>,
    /// One for each place that could be weaker, as in [`Justification::places`].
    pub joints: Vec<Joint>,
    /// The minimal assignments: one ordering for each joint, in their order.
    pub minimal: Vec<Assignment>,
    /// Whether every client's answer is complete.
    pub complete: bool,
}

/// What all clients say about one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joint {
    /// The place: an index into [`Justification::places`].
    pub place: usize,
    /// Whether some client needs its ordering.
    pub need: Need,
    /// The weakest orderings with which every client holds.
    pub weakest: Vec<Strength>,
    /// The weakest of those with which load buffering could arise in no client.
    pub closed: Vec<Strength>,
    /// The orderings, below what RC11 needs, with which every client holds by the letter of C++20.
    pub slack_by_letter: Vec<Strength>,
    /// The clients that run it: indices into [`Justification::answers`].
    pub run_by: Vec<usize>,
    /// For each ordering one step below, the first client that breaks, and which of its breaks: one
    /// that the letter of C++20 allows, if there is one.
    pub broken: Vec<(usize, usize)>,
}

/// The structures of a file: the classes of cases that share a place, directly or through others.
pub(super) fn of(justification: &Justification) -> Vec<Structure> {
    let answers = &justification.answers;
    let mut classes: Vec<Vec<usize>> = Vec::new();
    for (index, answer) in answers.iter().enumerate().filter(|(_, a)| !a.findings.is_empty()) {
        let shares = |class: &Vec<usize>| {
            class
                .iter()
                .any(|other| places(&answers[*other]).any(|p| places(answer).any(|q| p == q)))
        };
        let (joined, mut rest): (Vec<_>, Vec<_>) = classes.into_iter().partition(shares);
        let mut class: Vec<usize> = joined.concat();
        class.push(index);
        rest.push(class);
        classes = rest;
    }
    classes.sort();
    classes.into_iter().map(|clients| structure(justification, clients)).collect()
}

fn places(answer: &Answer) -> impl Iterator<Item = usize> {
    answer.findings.iter().map(|finding| finding.place)
}

fn structure(justification: &Justification, clients: Vec<usize>) -> Structure {
    let answers = &justification.answers;
    let mut all: Vec<usize> = clients.iter().flat_map(|client| places(&answers[*client])).collect();
    all.sort_unstable();
    all.dedup();
    let joints: Vec<(Joint, Domain)> =
        all.into_iter().map(|place| joint(justification, &clients, place)).collect();
    let (joints, domains): (Vec<Joint>, Vec<Domain>) = joints.into_iter().unzip();

    // Each client's minimal assignments say all there is to know: no further check.
    let found = search::minimal(&domains, u64::MAX, |assignment| {
        let holds = clients.iter().all(|client| {
            let answer = &answers[*client];
            let mine: Assignment = places(answer)
                .map(|place| {
                    let joint = joints.iter().position(|joint| joint.place == place);
                    assignment[joint.expect("every client's places are joints")]
                })
                .collect();
            // A case without an answer is left as it is.
            answer.minimal.is_empty()
                || answer.minimal.iter().any(|minimal| search::covers(&mine, minimal))
        });
        if holds { Decided::Holds } else { Decided::Breaks }
    });
    let complete = clients.iter().all(|client| answers[*client].open.is_empty());
    Structure { clients, joints, minimal: found.minimal, complete }
}

fn joint(justification: &Justification, clients: &[usize], place: usize) -> (Joint, Domain) {
    let used = &justification.places[place].used;
    let findings: Vec<_> = clients
        .iter()
        .flat_map(|client| {
            let mine = justification.answers[*client].findings.iter();
            mine.filter(|finding| finding.place == place).map(|finding| (*client, finding))
        })
        .collect();
    let strengths: Vec<Strength> = used
        .role
        .up_to(used.ordering)
        .into_iter()
        .filter(|strength| findings.iter().all(|(_, finding)| finding.holds.contains(strength)))
        .collect();
    let weakest = lowest(used.role, &strengths);
    let opened = |s: &Strength| findings.iter().any(|(_, finding)| finding.is_opened_by(*s));
    let closed: Vec<Strength> = strengths.iter().copied().filter(|s| !opened(s)).collect();
    let closed = lowest(used.role, &closed);
    let mut below: Vec<Strength> =
        weakest.iter().flat_map(|s| used.role.weaker(*s)).copied().collect();
    below.sort_unstable();
    below.dedup();
    let first = |weaker: &Strength| {
        let broken = findings.iter().filter_map(|(client, finding)| {
            let nth = finding.breaks.iter().position(|b| b.weakened_to == *weaker)?;
            Some(((*client, nth), finding.breaks[nth].is_beyond_letter()))
        });
        broken.min_by_key(|(_, beyond)| *beyond).map(|(broken, _)| broken)
    };
    let broken = below.iter().filter_map(first).collect();
    let by_letter = |weaker: &&Strength| {
        let holds = |finding: &Finding| {
            finding.holds.contains(weaker) || finding.slack_by_letter().contains(weaker)
        };
        findings.iter().all(|(_, finding)| holds(finding))
    };
    let slack_by_letter = below.iter().filter(by_letter).copied().collect();
    let says = |need| findings.iter().any(|(_, finding)| finding.need == need);
    let need = match strengths.len() {
        // If none of them needs it alone, each holds with something weaker, but not with the same.
        1 if says(Need::LoadBearing) || !says(Need::Unknown) => Need::LoadBearing,
        1 => Need::Unknown,
        _ => Need::Slack,
    };
    let run_by = findings.iter().map(|(client, _)| *client).collect();
    let joint = Joint { place, need, weakest, closed, slack_by_letter, run_by, broken };
    (joint, Domain { role: used.role, strengths })
}

/// Those of some orderings that no weaker one of them is below.
pub(super) fn lowest(role: Role, some: &[Strength]) -> Vec<Strength> {
    let is_lowest = |s: &&Strength| !role.weaker(**s).iter().any(|w| some.contains(w));
    some.iter().filter(is_lowest).copied().collect()
}

//! All minimal elements of an upward-closed set of assignments, in few questions.
//!
//! If a case holds with some orderings, it holds with stronger ones. So the assignments that hold
//! are all those above the minimal ones, and those that break are all below the maximal ones that
//! break. Each question is asked about an assignment that neither set decides; its answer is then
//! followed down to a minimal, or up to a maximal one. When nothing is undecided, all are known.

use casebook_core::ordering::{Role, Strength};

/// One ordering for each place.
pub type Assignment = Vec<Strength>;

/// The strengths that a place may be given, the declared one first.
#[derive(Clone, Debug)]
pub struct Domain {
    /// What the ordering belongs to.
    pub role: Role,
    /// The strengths: with each, every stronger one.
    pub strengths: Vec<Strength>,
}

impl Domain {
    fn below(&self, strength: Strength) -> impl Iterator<Item = Strength> {
        self.role.weaker(strength).iter().filter(|s| self.strengths.contains(s)).copied()
    }

    fn above(&self, strength: Strength) -> impl Iterator<Item = Strength> {
        self.strengths.iter().filter(move |s| self.role.weaker(**s).contains(&strength)).copied()
    }
}

/// The answer to whether a case holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It holds.
    Holds,
    /// It breaks.
    Breaks,
    /// The question was not decided.
    Unknown,
}

/// What a search found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The minimal assignments that hold.
    pub minimal: Vec<Assignment>,
    /// Whether every question was decided; else there may be weaker assignments that hold.
    pub complete: bool,
}

/// Finds all minimal assignments within `domains` for which `ask` answers that the case holds, by
/// at most `most` questions.
pub fn minimal(domains: &[Domain], most: u64, ask: impl FnMut(&[Strength]) -> Answer) -> Found {
    let found = Found { minimal: Vec::new(), complete: true };
    let (holding, breaking) = (Vec::new(), Vec::new());
    let mut search = Search { domains, ask, left: most, holding, breaking, found };
    while let Some(assignment) = search.undecided() {
        if search.left == 0 {
            search.found.complete = false;
            break;
        }
        match search.holds(&assignment) {
            true => search.descend(assignment),
            false => search.ascend(assignment),
        }
    }
    search.found.minimal.sort();
    search.found
}

struct Search<'a, F> {
    domains: &'a [Domain],
    ask: F,
    left: u64,
    /// What was answered to hold, and all above it holds.
    holding: Vec<Assignment>,
    /// What was answered to break, and all below it breaks.
    breaking: Vec<Assignment>,
    found: Found,
}

impl<F: FnMut(&[Strength]) -> Answer> Search<'_, F> {
    /// An assignment that is neither above a minimal one nor below one that breaks.
    fn undecided(&self) -> Option<Assignment> {
        let mut prefix = Vec::new();
        self.extend(&mut prefix).then_some(prefix)
    }

    fn extend(&self, prefix: &mut Assignment) -> bool {
        let (given, open) = (prefix.len(), &self.domains[prefix.len()..]);
        let holds = |known: &Assignment| {
            let rest = open.iter().zip(&known[given..]);
            covers(prefix, &known[..given])
                && rest.into_iter().all(|(domain, k)| domain.strengths.iter().all(|s| s.covers(*k)))
        };
        let breaks = |known: &Assignment| {
            let rest = open.iter().zip(&known[given..]);
            covers(&known[..given], prefix)
                && rest.into_iter().all(|(domain, k)| domain.strengths.iter().all(|s| k.covers(*s)))
        };
        if self.found.minimal.iter().any(holds) || self.breaking.iter().any(breaks) {
            return false;
        }
        let Some(domain) = open.first() else { return true };
        domain.strengths.iter().rev().any(|strength| {
            prefix.push(*strength);
            let found = self.extend(prefix);
            if !found {
                prefix.pop();
            }
            found
        })
    }

    fn holds(&mut self, assignment: &[Strength]) -> bool {
        if self.holding.iter().any(|known| covers(assignment, known)) {
            return true;
        }
        if self.breaking.iter().any(|known| covers(known, assignment)) {
            return false;
        }
        if self.left == 0 {
            self.found.complete = false;
            return false;
        }
        self.left -= 1;
        let answer = (self.ask)(assignment);
        self.found.complete &= answer != Answer::Unknown;
        let known = if answer == Answer::Holds { &mut self.holding } else { &mut self.breaking };
        known.push(assignment.to_vec());
        answer == Answer::Holds
    }

    /// Weakens an assignment that holds as long as it holds.
    fn descend(&mut self, mut assignment: Assignment) {
        for (place, domain) in self.domains.iter().enumerate() {
            while let Some(weaker) = domain.below(assignment[place]).find(|weaker| {
                let mut tried = assignment.clone();
                tried[place] = *weaker;
                self.holds(&tried)
            }) {
                assignment[place] = weaker;
            }
        }
        self.found.minimal.push(assignment);
    }

    /// Strengthens an assignment that breaks as long as it breaks: all below is then known.
    fn ascend(&mut self, mut assignment: Assignment) {
        for (place, domain) in self.domains.iter().enumerate() {
            while let Some(stronger) = domain.above(assignment[place]).find(|stronger| {
                let mut tried = assignment.clone();
                tried[place] = *stronger;
                !self.holds(&tried)
            }) {
                assignment[place] = stronger;
            }
        }
    }
}

/// Whether every ordering of `stronger` covers that of `weaker`.
pub fn covers(stronger: &[Strength], weaker: &[Strength]) -> bool {
    stronger.iter().zip(weaker).all(|(s, w)| s.covers(*w))
}

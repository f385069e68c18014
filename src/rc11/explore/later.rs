//! Time-outs last: a search in two passes, the first of which takes no choice by which a wait times out.
//!
//! So the executions in which no wait times out, of which there may be many times fewer, are all visited first. The second pass takes those choices. On
//! the way to them it runs executions again that the first has visited, and counts them no more; what has no such choice below it is skipped.
//!
//! A choice that was taken is known by its *name*, the hash of the choices from the root to it. The first pass notes the name of each, and whether
//! anything below was left for the second; where nothing was, the names below are dropped. A choice whose name the second pass does not know is new: it is
//! below a time-out, or of a departure that only time-outs have shown to be worth it, and all below it is counted.
//!
//! The second pass may have other choices, as more is known of waiting loops (`waits`): one that is not there any more leads to nothing, and one that was not
//! there is new. That two of 2²³ choices have one name, so that something could be skipped, has a probability of about 2·10⁻⁶.
//!
//! What is below a choice ends where the stack of choices is no higher than it was when the choice was on top.

use std::collections::HashMap;

use super::super::graph::Graph;
use super::super::hash::mix;
use super::Choice;

/// How many names are kept at most, unless somebody says: 128 MiB in the first pass.
pub const NAMES: usize = 1 << 23;

/// A choice that was taken up, while what is below it is searched.
#[derive(Debug, Default)]
struct Open {
    /// How many choices there were, itself included.
    height: usize,
    name: u64,
    /// In the first pass, how many names were kept before; and whether something below is left.
    before: usize,
    leaves: bool,
}

/// What one pass keeps for the next.
#[derive(Debug)]
pub struct Later {
    open: Vec<Open>,
    /// The names of choices, and whether something below is left: as the first pass comes to their ends.
    names: Vec<(u64, bool)>,
    most: usize,
    /// The same in the second pass.
    known: Option<HashMap<u64, bool>>,
    /// In the second pass, all that is below a choice of this height is new.
    new: Option<usize>,
}

impl Later {
    /// The first pass, which keeps fewer than `most` names.
    pub fn first(most: usize) -> Later {
        Later { open: vec![Open::default()], names: Vec::new(), most, known: None, new: None }
    }

    /// Whether time-outs are left.
    pub fn is_first(&self) -> bool {
        self.known.is_none()
    }

    /// Whether the graph to run next is one that the first pass has run.
    pub fn is_again(&self) -> bool {
        !self.is_first() && self.new.is_none()
    }

    /// Whether a choice, the topmost of so many, is to be taken up; `worth` if it would be otherwise.
    pub fn takes(&mut self, choice: &Choice, height: usize, graph: &Graph, worth: bool) -> bool {
        if self.new.is_some_and(|from| height >= from) {
            return worth;
        }
        self.new = None;
        self.close(height);
        let above = self.open.last_mut().expect("the root is open to the end");
        let name = mix(above.name, choice.name());
        let Some(known) = &self.known else {
            let times_out = choice.times_out(graph);
            above.leaves |= times_out;
            let takes = worth && !times_out;
            if takes {
                self.open.push(Open { height, name, before: self.names.len(), leaves: false });
            }
            return takes;
        };
        match known.get(&name) {
            Some(true) => self.open.push(Open { height, name, ..Open::default() }),
            Some(false) => return false,
            None if worth => self.new = Some(height),
            None => return false,
        }
        true
    }

    /// The search comes to what is not below a choice of this height, or a higher one.
    fn close(&mut self, height: usize) {
        while let Some(done) = self.open.pop_if(|open| open.height > height) {
            let above = self.open.last_mut().expect("the root is open to the end");
            above.leaves |= done.leaves;
            if self.is_first() && self.names.len() < self.most {
                if !done.leaves {
                    self.names.truncate(done.before);
                }
                self.names.push((done.name, done.leaves));
            }
        }
    }

    /// After the first pass: whether it has left anything.
    pub fn is_all(&mut self) -> bool {
        self.close(0);
        !self.open[0].leaves
    }

    /// What the second pass begins with; none if there were too many names, so that it has to begin with nothing.
    pub fn second(self) -> Option<Later> {
        let known = (self.names.len() < self.most).then(|| self.names.into_iter().collect());
        known.map(|known| Later { known: Some(known), ..Later::first(0) })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::super::{Alternative, Choice};

    #[test]
    fn choices_of_one_graph_have_names_of_their_own() {
        let kinds = |other: u32, variant: u8| {
            let places = (variant == 0).then_some(Alternative::Place(other));
            let last = (other == 0 && variant == 0).then_some(Alternative::Last);
            let reads = [Alternative::Source(other, variant), Alternative::Revisit(other, variant)];
            places.into_iter().chain(last).chain(reads)
        };
        let (mut names, mut count) = (HashSet::new(), 0);
        for (at, other) in (0..2_048).flat_map(|at| (0..64).map(move |other| (at, other))) {
            for what in (0..3).flat_map(|variant| kinds(other, variant)) {
                let choice = Choice { at, what, weight: 0.0, shared: false, preemptions: 0 };
                names.insert(choice.name());
                count += 1;
            }
        }
        assert_eq!(names.len(), count);
    }
}

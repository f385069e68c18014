//! What a bounded search (`preemptions`) notes otherwise: whose turn it may be, before an event that is there.

use super::super::graph::{Graph, Id};
use super::super::preemptions::Preemptions;
use super::{Alternative, Choice, Explorer};

impl Explorer {
    /// The graph and the state of a bounded search, if it is one.
    pub fn schedule(&mut self) -> Option<(&Graph, &mut Preemptions)> {
        self.preemptions.as_mut().map(|preemptions| (&self.top.graph, preemptions))
    }

    /// Notes a choice before event `at`, which comes after so many preemptions; it is taken up after those from `at` on.
    pub fn note_before(&mut self, at: Id, what: Alternative, preemptions: u32) {
        let choices = &mut self.top.choices;
        let place = choices.partition_point(|choice| choice.at < at);
        choices.insert(place, Choice { at: at - 1, what, weight: 0.0, shared: false, preemptions });
    }

    /// Whether there are choices left at this event or a later one.
    pub fn has_choices_from(&self, at: Id) -> bool {
        self.top.choices.last().is_some_and(|c| c.at >= at)
    }
}

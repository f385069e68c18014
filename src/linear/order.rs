//! The search for an order that explains a history.
//!
//! Operations are taken one after another, each only once all that come before it are: Wing and Gong, *Testing and Verifying
//! Concurrent Objects*, Journal of Parallel and Distributed Computing 17(1–2), 1993. Which are taken, together with the state, decides whether
//! the rest can be explained, so no such pair is looked at twice: Lowe, *Testing for Linearizability*, Concurrency and Computation 29(4), 2017.
//! Crates that search so take what comes before what from a clock; here it is a partial order.

use std::collections::HashSet;

use super::history::History;
use super::spec::Spec;

/// That no order explains a history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unexplained {
    /// The longest order that explains the results of the operations in it.
    pub longest: Vec<usize>,
}

/// An order of the operations that returned, which explains what each returned and agrees with what came before what. Those that wait for
/// good wait in its last state.
pub fn linearize<S: Spec>(
    history: &History<S::Operation, S::Result>,
) -> Result<Vec<usize>, Unexplained> {
    let mut search = Search {
        history,
        before: history.before(S::AGREES_WITH),
        goal: history.returned(),
        seen: HashSet::new(),
        longest: Vec::new(),
    };
    let mut order = Vec::new();
    match search.go_on(S::default(), 0, &mut order) {
        true => Ok(order),
        false => Err(Unexplained { longest: search.longest }),
    }
}

struct Search<'a, S: Spec> {
    history: &'a History<S::Operation, S::Result>,
    /// By operation: those that come before it, a bit each.
    before: Vec<u64>,
    /// The operations that returned.
    goal: u64,
    /// Sets of operations with the states that they led to, from where nothing led on.
    seen: HashSet<(u64, S)>,
    longest: Vec<usize>,
}

impl<S: Spec> Search<'_, S> {
    /// Whether the operations that are not `taken` can be put in an order, which follows in `order`.
    fn go_on(&mut self, state: S, taken: u64, order: &mut Vec<usize>) -> bool {
        if order.len() > self.longest.len() {
            self.longest.clone_from(order);
        }
        if taken == self.goal && self.all_wait(&state) {
            return true;
        }
        if !self.seen.insert((taken, state.clone())) {
            return false;
        }
        for (nth, called) in self.history.0.iter().enumerate() {
            let is_free = taken & 1 << nth == 0 && self.before[nth] & self.goal & !taken == 0;
            let Some(result) = called.result.as_ref().filter(|_| is_free) else { continue };
            let mut next = state.clone();
            if !next.explains(&called.operation, result) {
                continue;
            }
            order.push(nth);
            if self.go_on(next, taken | 1 << nth, order) {
                return true;
            }
            order.pop();
        }
        false
    }

    /// Whether every operation that did not return waits in this state.
    fn all_wait(&self, state: &S) -> bool {
        let mut waiting = self.history.0.iter().filter(|called| called.result.is_none());
        waiting.all(|called| state.clone().apply(&called.operation).is_none())
    }
}

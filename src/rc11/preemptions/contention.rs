//! Which accesses contend, as far as executions have shown.
//!
//! Two accesses of a location contend if one of them writes and the later one's thread could have come first: the earlier one is not in
//! the `po ∪ rf`-prefix of what precedes the later one.

use super::super::graph::{Event, Graph, Id};
use super::super::label::{Kind, Op, Outcome};

/// What is known.
#[derive(Debug, Default)]
pub(super) struct Contention {
    /// By location, the threads that contend there, a bit each.
    threads: Vec<u64>,
    /// Something was learnt since [`begin`](Self::begin).
    pub has_grown: bool,
}

impl Contention {
    /// A search begins.
    pub fn begin(&mut self) {
        self.has_grown = false;
    }

    /// Notes with whom a new event contends.
    pub fn learn(&mut self, graph: &Graph, id: Id) {
        let e = graph.event(id);
        let Some(before) = graph.po_pred(id).filter(|_| is_access(e)) else { return };
        let loc = e.loc() as usize;
        if self.threads.len() <= loc {
            self.threads.resize(loc + 1, 0);
        }
        for other in graph.accesses(e.loc()) {
            let o = graph.event(other);
            let both = bit(e.thread) | bit(o.thread);
            if self.threads[loc] & both != both
                && o.thread != e.thread
                && (writes(e) || writes(o))
                && !graph.porf(other, before)
            {
                self.threads[loc] |= both;
                self.has_grown = true;
            }
        }
    }

    /// Whether others can tell that an event is there.
    pub fn is_visible(&self, e: &Event) -> bool {
        let threads = self.threads.get(e.loc() as usize).copied().unwrap_or(0);
        is_access(e) && threads & bit(e.thread) != 0
            || matches!(e.kind(), Kind::Create | Kind::End | Kind::Free)
            || e.label.op == Op::Leave
    }
}

fn is_access(e: &Event) -> bool {
    e.label.branches && (e.is_read() || e.is_write())
}

fn writes(e: &Event) -> bool {
    e.is_write() || matches!(e.outcome, Outcome::Write(_))
}

/// A thread's bit; the last is for all that have none of their own.
fn bit(thread: u16) -> u64 {
    1 << thread.min(63)
}

//! Who waits in a bounded search, and how long.
//!
//! - Whose next operation would wait on the latest value cannot go on, and leaving it preempts nobody. That it would is known once it has come there, in
//!   each schedule with the same beginning: what a fork knows of that is there again when another turn is taken at it. If that operation has an
//!   alternative, a time-out or a spurious one, the thread may *give up* at any moment. Where nobody can go on, all that wait give up for good.
//! - A round of a waiting loop that fails, and is left out (`waits`), is taken back: all that its reads might read instead comes first, then the thread waits
//!   for another value. If it failed on an old value alone, others may go on without a preemption, as they may where a thread yields.
//! - Who leaves a place last ([`Departures`](super::super::sync::Departures)) is as the schedule has it, and no choice: the last one is also tried before
//!   others, if it matters who is last. If it does not, a finalizer goes on at once: it preempts nobody, and is not preempted.
//! - A round that is *not* left out cannot be taken back. A thread that it stops on a value since overtaken makes the search incomplete,
//!   and the answer says so ([`Limit::Loop`](super::super::Limit::Loop)).

use super::super::ending::Stop;
use super::super::exec::{Exec, Status};
use super::super::graph::Id;
use super::super::report::Site;
use super::super::waits::{Awaited, values_read};
use super::forks::Waiter;
use super::{Next, Turn, Waiting};

impl Exec {
    /// Begins to add events in a bounded search. Who waits is known from the last fork: a thread that waits is no one whose turn it may be, also if it has
    /// not come to the operation again.
    pub fn start_schedule(&mut self) {
        let alone = self.alone.is_some();
        let Some((graph, preemptions)) = self.explorer.schedule() else { return };
        preemptions.dead_end = false;
        if alone {
            return;
        }
        for waiter in preemptions.forks.waiters(graph.events.len() as Id).to_vec() {
            let thread = &mut self.threads[usize::from(waiter.thread)];
            if thread.status == Status::Ready && thread.len == waiter.events {
                thread.status = waiter.status;
                thread.awaits = waiter.operation.map(Awaited::Operation);
            }
        }
    }

    /// The threads that join others, or wait at an operation.
    pub(super) fn waiters(&self) -> Vec<Waiter> {
        let waiter = |t: usize| {
            let thread = &self.threads[t];
            let operation = match (thread.status, &thread.awaits) {
                (Status::Join(_), _) => None,
                (Status::Await, Some(Awaited::Operation(label))) => Some(*label),
                _ => return None,
            };
            let (events, status) = (thread.len, thread.status);
            (!self.can_go_on(t)).then_some(Waiter { thread: t as u16, events, status, operation })
        };
        (0..self.threads.len()).filter_map(waiter).collect()
    }

    /// Whether a thread waits for what only an alternative of its operation ends as yet.
    pub(super) fn may_give_up(&self, t: usize) -> bool {
        let thread = &self.threads[t];
        let Some(Awaited::Operation(label)) = &thread.awaits else { return false };
        let g = self.explorer.graph();
        let latest = || g.co(label.loc).last().map(|&w| g.event(w).value);
        thread.status == Status::Await
            && label.step.is_some()
            && self.waits(t)
            && self.explorer.has_alternatives(label.op, t, Id::MAX)
            && latest().is_some_and(|value| label.step(value, 1).is_some())
    }

    /// The threads that wait in loops, with what they have found.
    pub(super) fn waiting_in_loops(&self) -> Waiting {
        let awaited = self.threads.iter().enumerate().filter_map(|(t, thread)| {
            let Some(Awaited::Values(values)) = &thread.awaits else { return None };
            (thread.status == Status::Await).then(|| (t, values.clone()))
        });
        awaited.collect()
    }

    /// The round from `head` on of the running thread fails, and is to be left out: takes it back.
    pub fn take_back(&mut self, head: usize) -> Status {
        let t = self.running;
        let first = self.explorer.graph().threads[t][head];
        let g = self.explorer.graph();
        let round = &g.threads[t][head..];
        if g.events.len() - first as usize != round.len() {
            // Others came between. What they did they may do before the round, too.
            if let Some((_, preemptions)) = self.explorer.schedule() {
                preemptions.states.forget(first);
            }
            return self.stop(Stop::Hopeless);
        }
        let is_latest = |&r: &Id| {
            let e = g.event(r);
            !e.is_read() || g.co(e.loc()).last() == Some(&e.rf)
        };
        let waits = round.iter().all(is_latest);
        let others = if waits {
            let found = values_read(g, round);
            let waiting = self.waiting_in_loops().into_iter().chain([(t, found)]).collect();
            vec![Next::Others(self.list(waiting))]
        } else {
            let others = self.in_order().filter(|&other| other != t && self.can_go_on(other));
            others.map(|other| Next::Thread(other as u16)).collect()
        };
        let is_last = !self.explorer.has_choices_from(first);
        if let Some((_, preemptions)) = self.explorer.schedule() {
            preemptions.states.take_back(first, &others);
            if waits && is_last {
                // It goes on with another thread: that is another state.
                preemptions.states.close(first);
            }
        }
        if waits && is_last {
            return self.wait_for_other_values(head);
        }
        let turn = |next| Turn { at: first, next, is_free: true };
        self.note_turns(others.into_iter().map(turn).collect());
        self.stop(Stop::Hopeless)
    }

    /// The number of a list of threads that wait for other values.
    fn list(&mut self, waiting: Waiting) -> u32 {
        let Some((_, preemptions)) = self.explorer.schedule() else { return 0 };
        let lists = &mut preemptions.waiting;
        let known = lists.iter().position(|list| *list == waiting);
        known.unwrap_or_else(|| {
            lists.push(waiting);
            lists.len() - 1
        }) as u32
    }

    /// Lets the threads of a list wait for other values than they have found.
    pub(super) fn let_wait(&mut self, list: u32) {
        let Some((_, preemptions)) = self.explorer.schedule() else { return };
        for (t, values) in preemptions.waiting[list as usize].clone() {
            self.threads[t].status = Status::Await;
            self.threads[t].awaits = Some(Awaited::Values(values));
        }
    }

    /// Where a thread stands that waits for good, in an execution that waits only for lack of a newer value.
    pub fn overtaken(&self) -> Option<Site> {
        let g = self.explorer.graph();
        let blocked = self.in_order().find(|&t| self.threads[t].status == Status::Blocked)?;
        g.threads[blocked].last().map(|&id| g.site(id).into())
    }
}

//! Attempts: rounds of a waiting loop that end without a hint, as in a lock that is looked at until it is free and then tried.
//!
//! `loop { while x.load(Relaxed) != 0 { spin_loop() } if x.swap(1, Acquire) == 0 { break } }` waits in its inner loop. A load that sees the lock free and a
//! swap that finds it taken again change nothing, and bring the thread to where the inner loop begins: to the same operation at the same
//! place of the program. If its memory is then what it was before, they are a round as any other, and are left out.
//!
//! What is looked at is only what leads from the beginning of a loop that waits, by its hint, back to that beginning: a loop without a hint is explored as it
//! is. Where nobody can go on, and every read of an attempt has the latest value, the loop comes round for ever without
//! its hint: that is not decided ([`Limit::Loop`](super::super::Limit)).

use super::super::ending::{Question, Stop};
use super::super::exec::{Exec, Status};
use super::super::graph::Graph;
use super::super::label::{Label, Op};
use super::super::ops::At;
use super::history::asking;
use super::rounds::{Last, Lesson, can_be_left_out};
use super::{Awaited, is_stale};

impl Exec {
    /// What is to be learnt of an attempt that ends where the running thread is about to read, if that is known to be where a loop begins.
    fn lesson_before(&mut self, label: &Label) -> Option<Box<Lesson>> {
        let is_it = |&(at, op): &(At, Op)| op == label.op && std::ptr::eq(at, label.site);
        if !self.waits.begins.iter().any(is_it) {
            return None;
        }
        let t = self.running;
        let g = self.explorer.graph();
        let len = g.threads[t].len() as u16;
        let begin = begin(g, t, label)?;
        let key = self.history(t as u16, len)?;
        if self.waits.refused.contains(&key) {
            return None;
        }
        let last = Last::Operation(label.op, label.site);
        let lesson = self.lesson(t as u16, [begin, len], last);
        self.waits.refused.extend(lesson.is_none().then_some(key));
        lesson
    }

    /// The key of the running thread's history and its next operation, if what that reads may be known to be hopeless. `Err` if it is no event now: an
    /// attempt has ended before it.
    pub fn before_read(&mut self, label: &Label) -> Result<Option<u64>, Status> {
        if matches!(self.me().awaits, Some(Awaited::Values(_))) {
            self.stop_waiting();
        }
        let is_of_loop =
            !self.waits.hopeless.is_empty() && self.waits.is_of_loop(label.op, label.site);
        if !is_of_loop || self.draining || self.alone.is_some() || self.is_finalizing() {
            return Ok(None);
        }
        let t = self.running;
        let len = self.explorer.graph().threads[t].len();
        let Some(key) = self.history(t as u16, len as u16) else { return Ok(None) };
        if let Some(head) = self.waits.start(key) {
            return Err(self.after_attempt(head.into()));
        }
        if let Some(lesson) = self.lesson_before(label) {
            return Err(self.stop(Stop::Again(Question::Learn(lesson))));
        }
        Ok(Some(asking(key, label)))
    }

    /// The running thread has come back to where its waiting loop begins, without a hint, by a round that is left out.
    fn after_attempt(&mut self, head: usize) -> Status {
        let t = self.running;
        let insists = std::mem::take(&mut self.threads[t].insists);
        if self.explorer.preemptions.is_some() && !insists {
            return self.take_back(head);
        }
        let g = self.explorer.graph();
        let round = &g.threads[t][head..];
        let is_new = head >= self.threads[t].recorded as usize;
        let is_last = g.events.len() - round[0] as usize == round.len();
        if is_new && is_last && !insists {
            return self.wait_for_other_values(head);
        }
        let last_read = round.iter().rfind(|&&r| g.event(r).is_read());
        if !is_new && last_read.is_some_and(|&r| is_stale(g, r)) {
            return self.stop(Stop::Hopeless);
        }
        self.threads[t].comes_round = Some(head as u16);
        Status::Blocked
    }
}

/// Where a thread has last come to what `label` asks for, if it has changed nothing since.
fn begin(g: &Graph, thread: usize, label: &Label) -> Option<u16> {
    let events = &g.threads[thread];
    let is_it = |&i: &usize| {
        let Label { op, loc, site, .. } = g.event(events[i]).label;
        (op, loc) == (label.op, label.loc) && std::ptr::eq(site, label.site)
    };
    let unchanged = (0..events.len()).rev().take_while(|&i| can_be_left_out(g, events[i]));
    unchanged.into_iter().find(is_it).map(|i| i as u16)
}

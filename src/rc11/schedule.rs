//! Who comes next: while an execution replays, while it extends its graph, and while it is drained.
//!
//! A graph is extended by the first thread, in the order of the spawn tree, that can go on. That depends on the graph alone, and the search relies
//! on it: so a thread that an event wakes comes at once if it is the first ([`Exec::wakes`]), whoever runs. If nobody can go on, those
//! that wait get their events, one after the other (`explore::revisit`).

use super::ending::Stop;
use super::exec::{Exec, Status};
use super::graph::Id;
use super::label::{Kind, Label, Op};
use super::report::Error;
use super::waits::Awaited;

impl Exec {
    /// The thread to run next.
    pub fn pick(&mut self) -> Option<usize> {
        if !self.extending {
            if self.remaining > 0 {
                return self.pick_replay();
            }
            self.start_extending();
            if self.stop.is_some() {
                return None;
            }
        }
        self.woken = false;
        if self.explorer.preemptions.is_some() && self.alone.is_none() {
            return self.pick_in_schedule();
        }
        let next = self.in_order().find(|&t| self.can_go_on(t));
        if next.is_some() {
            return next;
        }
        let waiting = self.first_waiting()?;
        self.threads[waiting].gives_up = true;
        Some(waiting)
    }

    /// The threads in the order of the spawn tree.
    pub fn in_order(&self) -> impl Iterator<Item = usize> {
        let order = self.names.order().iter().map(|&t| t as usize);
        let order = order.filter(|&t| self.alone.is_none_or(|alone| alone == t));
        order.filter(|&t| t < self.threads.len())
    }

    /// Whether a thread can go on, as far as it has told.
    pub fn can_go_on(&self, t: usize) -> bool {
        match self.threads[t].status {
            Status::Ready => true,
            Status::Join(child) => self.threads[child as usize].status == Status::Done,
            Status::Await => !self.waits(t),
            _ => false,
        }
    }

    /// The first thread that waits. Who is to leave last gives up last of all: others may go on by their alternatives.
    pub fn first_waiting(&self) -> Option<usize> {
        let leaves = |t: &usize| {
            matches!(self.threads[*t].awaits, Some(Awaited::Operation(Label { op: Op::Leave, .. })))
        };
        let waiting = || self.in_order().filter(|&t| self.threads[t].status == Status::Await);
        waiting().find(|t| !leaves(t)).or_else(|| waiting().next())
    }

    /// Whether a thread that waits would still do so on the latest value.
    pub fn waits(&self, t: usize) -> bool {
        let g = self.explorer.graph();
        match &self.threads[t].awaits {
            Some(Awaited::Operation(label)) => g.would_wait(label),
            Some(Awaited::Values(values)) => values
                .iter()
                .all(|&(loc, value)| g.co(loc).last().is_some_and(|&w| g.event(w).value == value)),
            None => false,
        }
    }

    /// Whether a new event ends what some thread waits for.
    pub fn wakes(&self, new: Id) -> bool {
        let loc = self.explorer.graph().event(new).loc();
        let wakes = |t: usize| {
            let thread = &self.threads[t];
            if thread.status != Status::Await {
                return false;
            }
            let here = match &thread.awaits {
                Some(Awaited::Operation(label)) => label.loc == loc,
                Some(Awaited::Values(values)) => values.iter().any(|&(at, _)| at == loc),
                None => false,
            };
            here && !self.waits(t)
        };
        (0..self.threads.len()).any(wakes)
    }

    /// A thread with recorded events left whose next source has run.
    fn pick_replay(&mut self) -> Option<usize> {
        let found = (0..self.threads.len()).find(|&t| {
            let thread = &self.threads[t];
            match thread.status {
                Status::Ready => thread.pos < thread.len,
                Status::Source(source, index) => self.has_run(source, index),
                Status::Join(child) => self.threads[child as usize].status == Status::Done,
                _ => false,
            }
        });
        if found.is_none() {
            let why = "an earlier run went on where this one ends".to_string();
            self.stop = Some(match self.guide {
                Some(_) => Stop::Mismatch("it ends early".to_string()),
                None => Stop::Error(Error::Nondeterminism {
                    site: None,
                    recorded: why,
                    found: "nothing".to_string(),
                }),
            });
        }
        found
    }

    /// Whether the `index`-th event of a thread has run.
    pub fn has_run(&self, thread: u16, index: u16) -> bool {
        self.threads.get(thread as usize).is_some_and(|t| t.pos > u32::from(index))
    }

    /// The next thread, in turns, that can go on with the latest values.
    pub fn pick_draining(&self, from: usize) -> Option<usize> {
        let turns = (from..self.threads.len()).chain(0..from.min(self.threads.len()));
        turns.into_iter().find(|&t| {
            let thread = &self.threads[t];
            let alive = thread.fiber.is_some() || thread.job.is_some();
            alive
                && match thread.status {
                    Status::Ready => true,
                    Status::Join(child) => self.threads[child as usize].status == Status::Done,
                    Status::Await => !self.waits(t),
                    Status::Blocked => self.is_woken(t),
                    _ => false,
                }
        })
    }

    /// Whether the latest value ends what a blocked thread waits for; at a spin hint, going on is how it looks.
    fn is_woken(&self, t: usize) -> bool {
        if self.threads[t].comes_round.is_some() {
            return true;
        }
        let g = self.explorer.graph();
        let Some(&last) = g.threads.get(t).and_then(|events| events.last()) else { return false };
        let e = g.event(last);
        match e.kind() {
            Kind::Spin => true,
            Kind::Read => !g.would_wait(&e.label),
            _ => false,
        }
    }
}

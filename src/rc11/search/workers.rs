//! The workers of one search: what each counts for itself, and how those who have nothing left to do get work from others.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::Ordering;

use super::super::exec::Exec;
use super::super::explore::Frame;
use super::{Shared, lock};

/// How many executions a worker has come to the end of, since it last told.
#[derive(Debug, Default)]
pub struct Counts {
    pub complete: u64,
    pub in_every_order: u64,
    pub blocked: u64,
    pub left_waiting: u64,
}

/// Work that is given away. Whoever takes it copies it, and leaves it to a giver to free: small blocks that one worker has allocated and another one frees are
/// used again by that one, in lines of the cache that both write to.
#[derive(Default)]
pub struct Offer {
    stands: bool,
    frames: Vec<Frame>,
}

impl<T> Shared<'_, T> {
    /// A worker's whole life: the first has what the search begins with, the others wait for work.
    pub fn work(&self, first: bool) {
        let mut exec = self.engine();
        for (nth, path) in self.paths.iter().enumerate().filter(|_| first) {
            if nth > 0 && self.is_bounded(&exec) {
                self.halt();
            }
            let Some(run) = self.follow(&mut exec, path) else { break };
            if run || exec.explorer.advance() {
                self.explore(&mut exec);
            }
        }
        while let Some(frames) = self.take() {
            exec.explorer.adopt(frames);
            exec.names.update();
            if exec.explorer.advance() {
                self.explore(&mut exec);
            }
        }
        if let Some(preemptions) = exec.explorer.preemptions.take() {
            *lock(&self.bounded) = Some(preemptions);
        }
        if let Some(later) = exec.explorer.later.take() {
            *lock(&self.later) = Some(later);
        }
    }

    /// Adds what a worker has counted to what all have.
    pub fn tell(&self, exec: &mut Exec) {
        let Counts { complete, in_every_order, blocked, left_waiting } =
            std::mem::take(&mut exec.counts);
        self.complete.fetch_add(complete, Ordering::Relaxed); // Relaxed: read once all have ended
        self.blocked.fetch_add(blocked, Ordering::Relaxed); // Relaxed, as above
        self.left_waiting.fetch_add(left_waiting, Ordering::Relaxed); // Relaxed, as above
        self.in_every_order.fetch_add(in_every_order, Ordering::Relaxed); // Relaxed, as above
    }

    /// Gives half of what is left to whoever waits for work, unless that is offered some already.
    pub fn give(&self, exec: &mut Exec) {
        let mut offer = lock(&self.offer);
        if !offer.stands {
            let frames = exec.explorer.donate();
            if !frames.is_empty() {
                *offer = Offer { stands: true, frames };
                self.offered.notify_one();
            }
        }
    }

    /// Waits for work; none is left once every worker waits.
    fn take(&self) -> Option<Vec<Frame>> {
        let mut offer = lock(&self.offer);
        // Relaxed, as all that is asked here: who changes it has the lock of `offer`.
        let idle = self.idle.fetch_add(1, Ordering::Relaxed) + 1;
        if idle == self.checker.number_of_workers() {
            self.offered.notify_all();
        }
        loop {
            let halted = self.halt.load(Ordering::Relaxed); // Relaxed, as above
            if offer.stands && !halted {
                self.idle.fetch_sub(1, Ordering::Relaxed); // Relaxed, as above
                offer.stands = false;
                return Some(offer.frames.clone());
            }
            // Relaxed, as above
            if halted || self.idle.load(Ordering::Relaxed) == self.checker.number_of_workers() {
                self.offered.notify_all();
                return None;
            }
            offer = self.offered.wait(offer).unwrap_or_else(|e| e.into_inner());
        }
    }
}

/// Runs all workers; a panic of the engine itself is the caller's.
pub fn run_workers<T>(shared: &Shared<'_, T>) {
    let work = |first| {
        let result = catch_unwind(AssertUnwindSafe(|| shared.work(first)));
        if result.is_err() {
            shared.halt();
        }
        result
    };
    let results = std::thread::scope(|scope| {
        let others: Vec<_> =
            (1..shared.checker.number_of_workers()).map(|_| scope.spawn(|| work(false))).collect();
        let first = work(true);
        others.into_iter().flat_map(|other| other.join()).chain([first]).collect::<Vec<_>>()
    });
    if let Some(panic) = results.into_iter().find_map(Result::err) {
        resume_unwind(panic);
    }
}

//! Random walks through a search by which it is known how large it is: where it was cut off, or before it would be.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::super::Checker;
use super::super::ending::Stop;
use super::super::exec::Exec;
use super::super::report::{Limit, Walked};
use super::{Found, Shared, lock};

impl<T> Shared<'_, T> {
    /// Whether the search was cut off by a bound of the caller's, and the caller wants to know of how large it is, and does not yet.
    pub fn is_to_look_around(&self) -> bool {
        let found = lock(&self.found);
        let is_cut_off =
            matches!(found.stop, Some(Stop::Limit(Limit::Executions(_) | Limit::Time(_))));
        let may = !self.checker.walk.is_zero() && self.checker.preemptions.is_none();
        may && is_cut_off && found.failure.is_none() && found.walked.is_none()
    }

    /// Whether the search cannot end in its time, as far as random walks tell; what these find ends it, too.
    pub fn is_hopeless(&self, exec: &mut Exec) -> bool {
        let Some((time, walk)) = self.checker.look_ahead else { return false };
        let (elapsed, later) = (self.start.elapsed(), exec.explorer.later.as_ref());
        let is_second = later.is_some_and(|later| !later.is_first());
        // Relaxed: whoever sets it walks, and nobody waits for that.
        if elapsed < time || is_second || self.has_looked.swap(true, Ordering::Relaxed) {
            return false;
        }
        let untimed = self.checker.clone().time_outs(0);
        let checker = later.map_or(self.checker, |_| &untimed);
        self.tell(exec);
        if self.look_around(checker, walk) {
            // It may be that something is left out which should not be.
            lock(&self.found).restart = true;
            return true;
        }
        let mut found = lock(&self.found);
        if let (Some(walked), Some(limit)) = (found.walked, self.checker.time_limit) {
            let counts = [&self.complete, &self.blocked];
            // Relaxed: what others have not told yet is little.
            let visited: u64 = counts.map(|count| count.load(Ordering::Relaxed)).iter().sum();
            let left = limit.saturating_sub(self.start.elapsed());
            let further = visited as f64 * left.as_secs_f64() / elapsed.as_secs_f64();
            if walked.least() > visited as f64 + further {
                found.stop.get_or_insert(Stop::Limit(Limit::Time(time)));
            }
        }
        found.failure.is_some() || found.stop.is_some()
    }

    /// Walks at random for so long through a search as `checker` makes it, and keeps what that says of its size, and a failure that it meets. Whether the walks
    /// have learnt something: then they are of no use.
    pub fn look_around(&self, checker: &Checker, time: Duration) -> bool {
        let around = Shared::new(checker, self.body, None, self.learnt, &[], self.start);
        let mut estimates = Vec::new();
        around.walk(&mut around.engine(), Instant::now() + time, &mut estimates);
        if around.is_to_restart() {
            return true;
        }
        let Found { failure, stop, .. } =
            around.found.into_inner().unwrap_or_else(|e| e.into_inner());
        let mut found = lock(&self.found);
        found.walked = Walked::new(&estimates);
        // A failure is one wherever it is met; so is an error. A bound that a walk has hit is none of the search.
        found.failure = found.failure.take().or(failure);
        if let Some(Stop::Error(error)) = stop {
            found.stop = Some(Stop::Error(error));
        }
        // Relaxed: they are read in the end.
        self.failed.fetch_add(around.failed.into_inner(), Ordering::Relaxed);
        self.race.fetch_or(around.race.into_inner(), Ordering::Relaxed); // Relaxed, as above
        false
    }
}

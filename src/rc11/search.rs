//! The search loop: run the closure over the current graph, count, take the next graph; on one worker or several.

use std::cell::UnsafeCell;
use std::panic::Location;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use super::ending::{End, Stop};
use super::exec::Exec;
use super::explore::{Explorer, Later, Path};
use super::exposure::Exposure;
use super::fiber::Job;
use super::graph::Rules;
use super::learnt::Learnt;
use super::preemptions::Preemptions;
use super::report::{Failure, Limit, Walked};
use super::waits::Waits;
use super::{Checker, Completed, Progress, Report, Verdict};

mod ahead;
mod descent;
mod workers;

use workers::Offer;
pub(super) use workers::{Counts, run_workers};

/// What all workers have found together.
#[derive(Default)]
pub(super) struct Found {
    pub failure: Option<Box<Failure>>,
    pub stop: Option<Stop>,
    /// Where an execution was cut off.
    pub cut: Option<Limit>,
    /// How load buffering could arise.
    pub exposure: Option<Exposure>,
    /// More is known now of a waiting loop, or of threads that are alike: the search is to start again.
    pub restart: bool,
    /// What random walks have told.
    pub walked: Option<Walked>,
}

impl Found {
    /// Notes where an execution was cut off. A loop is cut off there whatever time-outs there are.
    fn cut(&mut self, limit: Limit) {
        if self.cut.is_none()
            || matches!((self.cut, limit), (Some(Limit::TimeOut(_)), Limit::Loop(_)))
        {
            self.cut = Some(limit);
        }
    }
}

/// The caller's function for complete executions.
type OnComplete<'a, T> = dyn FnMut(T, &Completed<'_>) + Send + 'a;

/// What the workers of one check share.
pub(super) struct Shared<'a, T> {
    pub checker: &'a Checker,
    body: &'a (dyn Fn() -> T + Sync),
    /// None if nobody asks.
    on_complete: Option<Mutex<&'a mut OnComplete<'a, T>>>,
    /// What workers have told (`tell`). Relaxed, as the next seven: the end reads them after every worker was joined, and on the way an old one will do.
    pub complete: AtomicU64,
    pub blocked: AtomicU64,        // Relaxed, as above
    pub failed: AtomicU64,         // Relaxed, as above
    pub left_waiting: AtomicU64,   // Relaxed, as above
    pub in_every_order: AtomicU64, // Relaxed, as above
    pub race: AtomicBool,          // Relaxed, as above
    is_exposed: AtomicBool,        // Relaxed, as above: what was found stands under a lock
    out_of_time_outs: AtomicBool,  // Relaxed, as above
    /// What a bounded search has learnt.
    bounded: Mutex<Option<Preemptions>>,
    /// Of a search that leaves time-outs for last.
    later: Mutex<Option<Later>>,
    found: Mutex<Found>,
    /// Whether random walks were made in the middle of the search. Relaxed: whoever sets it makes them.
    has_looked: AtomicBool,
    /// Set once everyone is to stop. Relaxed: who sees it late runs once more, and what it is about stands under a lock.
    halt: AtomicBool,
    start: Instant,
    learnt: &'a Learnt,
    /// Where the search begins.
    paths: &'a [Path],
    /// The share of the search that is done, and when it was last told.
    share: Mutex<(f64, Instant)>,
    /// Work given away, and how many workers look for some.
    offer: Mutex<Offer>,
    offered: Condvar,
    /// Changed under the lock of `offer`, which orders it. Relaxed: without the lock it is a hint.
    idle: AtomicUsize,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|e| e.into_inner())
}

impl<'a, T> Shared<'a, T> {
    pub fn new(
        checker: &'a Checker,
        body: &'a (dyn Fn() -> T + Sync),
        on_complete: Option<&'a mut OnComplete<'a, T>>,
        learnt: &'a Learnt,
        paths: &'a [Path],
        start: Instant,
    ) -> Self {
        Shared {
            checker,
            body,
            on_complete: on_complete.map(Mutex::new),
            complete: AtomicU64::new(0),
            blocked: AtomicU64::new(0),
            failed: AtomicU64::new(0),
            left_waiting: AtomicU64::new(0),
            in_every_order: AtomicU64::new(0),
            race: AtomicBool::new(false),
            is_exposed: AtomicBool::new(false),
            out_of_time_outs: AtomicBool::new(false),
            bounded: Mutex::new(None),
            later: Mutex::new(None),
            found: Mutex::default(),
            has_looked: AtomicBool::new(false),
            halt: AtomicBool::new(false),
            start,
            learnt,
            paths,
            share: Mutex::new((0.0, Instant::now())),
            offer: Mutex::default(),
            offered: Condvar::new(),
            idle: AtomicUsize::new(0),
        }
    }

    /// The report of what was found, once every worker is done, which takes the failure; or why a path or a token does not fit.
    pub fn report(&self) -> Result<Report, String> {
        let counters =
            [&self.complete, &self.in_every_order, &self.blocked, &self.failed, &self.left_waiting];
        // Relaxed: whoever has counted has ended.
        let [complete, in_every_order, blocked, failed, left_waiting] =
            counters.map(|counter| counter.load(Ordering::Relaxed));
        let found = &mut *lock(&self.found);
        let bounded = lock(&self.bounded);
        let preemptions = bounded.as_ref();
        let left_out = preemptions.and_then(Preemptions::left_out);
        let verdict = match (found.stop.take(), found.failure.take()) {
            (Some(Stop::Error(error)), _) => Verdict::Error(error),
            (Some(Stop::Mismatch(why)), _) => return Err(why),
            (_, Some(failure)) => Verdict::Failed(failure),
            (Some(Stop::Limit(limit)), None) => Verdict::Bounded(limit),
            (None, None) => {
                let limit = found.cut.or(left_out.map(Limit::Preemptions));
                limit.map_or(Verdict::Proved, Verdict::Bounded)
            }
            (Some(Stop::Failure(..) | Stop::Again(_) | Stop::Hopeless), None) => {
                unreachable!(
                    "a failure is kept as such; what else ends an execution ends no search"
                )
            }
        };
        let is_proved = matches!(verdict, Verdict::Proved);
        let cut_off = matches!(
            verdict,
            Verdict::Bounded(Limit::Time(_) | Limit::Executions(_) | Limit::Graphs(_))
        );
        Ok(Report {
            model: self.checker.model,
            complete,
            in_every_order,
            blocked,
            failed,
            left_waiting,
            race: self.race.load(Ordering::Relaxed), // Relaxed, as above
            elapsed: self.start.elapsed(),
            verdict,
            exposure: found.exposure,
            out_of_time_outs: self.out_of_time_outs.load(Ordering::Relaxed), // Relaxed, as above
            within: if cut_off { preemptions.and_then(Preemptions::visited) } else { left_out },
            walked: found.walked.filter(|_| !is_proved),
            untimed: None,
        })
    }

    /// Leaves time-outs for last.
    pub fn begin_untimed(&self) {
        *lock(&self.later) = Some(Later::first(self.checker.names));
    }

    /// The report of the executions in which no wait times out, if these are all visited and there are others, which are searched next: by whether what was
    /// visited is known well enough to go on from there.
    pub fn untimed(&self) -> Option<(Report, bool)> {
        let mut later = lock(&self.later).take().filter(|_| !self.is_halted())?;
        if later.is_all() {
            return None;
        }
        let report = self.report().expect("a search follows no token");
        let mut found = lock(&self.found);
        found.cut = found.cut.filter(|cut| !matches!(cut, Limit::TimeOut(_)));
        found.walked = None;
        *lock(&self.later) = later.second();
        *lock(&self.share) = (0.0, Instant::now());
        self.idle.store(0, Ordering::Relaxed); // Relaxed: nobody works
        Some((report, lock(&self.later).is_some()))
    }

    /// What a bounded search begins with.
    pub fn begin_bounded(&self, bounded: Option<Preemptions>) {
        *lock(&self.bounded) = bounded;
    }

    /// What the next bounded search begins with, if there is to be one.
    pub fn further(&self) -> Option<Preemptions> {
        lock(&self.bounded).as_mut().filter(|_| !self.is_halted())?.further()
    }

    /// Whether more is known now, so that the search has to start again.
    pub fn is_to_restart(&self) -> bool {
        lock(&self.found).restart
    }

    /// An engine for one worker.
    pub fn engine(&self) -> Box<Exec> {
        let mut explorer = Explorer::default();
        explorer.spurious = self.checker.spurious;
        explorer.preemptions = lock(&self.bounded).take();
        explorer.later = lock(&self.later).take();
        explorer.start(self.rules());
        let mut exec = Exec::new(explorer, self.checker.max_events, self.checker.keep_going);
        exec.names = self.learnt.names.clone();
        exec.names.update();
        exec.time_outs = self.checker.time_outs;
        exec.orderings = self.checker.orderings;
        exec.waits = Waits::new(&self.learnt.loops);
        if self.checker.unreduced {
            exec.waits.switch_off();
        }
        exec.finalizers.off = self.checker.unreduced;
        exec.finalizers.told_apart = self.learnt.places();
        exec.explorer.every_order =
            self.checker.unreduced || self.checker.preemptions.is_some() || self.learnt.alike();
        Box::new(exec)
    }

    pub fn rules(&self) -> Rules {
        Rules { model: self.checker.model, without: self.checker.without }
    }

    /// Explores what is in the engine, and gives work away to idle workers.
    pub fn explore(&self, exec: &mut Exec) {
        for runs in 1_u64.. {
            exec.passing = exec.explorer.later.as_ref().is_some_and(Later::is_again);
            self.run(exec);
            // Rarely, as workers that write to one line for each execution wait for each other.
            let is_told = runs.is_multiple_of(1024) || self.checker.max_executions.is_some();
            if is_told {
                self.tell(exec);
            }
            if self.halt.load(Ordering::Relaxed) || !exec.explorer.advance() {
                break;
            }
            if self.is_bounded(exec) || self.is_hopeless(exec) {
                self.halt();
                break;
            }
            if runs.is_multiple_of(1024) {
                self.progress(exec);
            }
            if self.idle.load(Ordering::Relaxed) > 0 {
                self.give(exec);
            }
        }
        self.tell(exec);
    }

    /// Tells the caller how far the search is, twice a second.
    fn progress(&self, exec: &mut Exec) {
        let Some(on_progress) = self.checker.on_progress else { return };
        let (share, last) = &mut *lock(&self.share);
        *share += std::mem::take(&mut exec.explorer.done);
        if last.elapsed() >= Duration::from_millis(500) {
            *last = Instant::now();
            let count = |n: &AtomicU64| n.load(Ordering::Relaxed); // Relaxed: to be shown, now or soon
            let (complete, blocked) = (count(&self.complete), count(&self.blocked));
            on_progress(&Progress {
                complete,
                blocked,
                elapsed: self.start.elapsed(),
                share: *share,
            });
        }
    }

    /// Runs the current graph to its end, accounts for it, and tells all; whether that is an execution.
    pub fn run_once(&self, exec: &mut Exec) -> bool {
        let is_one = self.run(exec);
        self.tell(exec);
        is_one
    }

    fn run(&self, exec: &mut Exec) -> bool {
        loop {
            if let Some(is_one) = self.run_and_account(exec) {
                return is_one;
            }
        }
    }

    /// None if the graph is to be run again.
    fn run_and_account(&self, exec: &mut Exec) -> Option<bool> {
        let slot: UnsafeCell<Option<T>> = UnsafeCell::new(None);
        let (body, at, out) = (self.body, Location::caller(), &slot);
        let job = || {
            // SAFETY: read only after the run.
            let keep = move |value| unsafe { *out.get() = Some(value) };
            let main = move || super::thread::life(body, keep, at);
            let job: Box<dyn FnOnce() + '_> = Box::new(main);
            // SAFETY: the job runs in `run`, `answer` and `finish`, and never after them. If one of them panics, `Exec`
            // forgets the job or abandons the fiber that runs it.
            unsafe { std::mem::transmute::<Box<dyn FnOnce() + '_>, Job>(job) }
        };
        let end = exec.run(job());
        let last = exec.host as u16;
        // A thread may have left a loop that it is taken to wait in.
        let met = exec.new_rounds();
        // Of those that go on, and only of those, what the threads own has to be freed.
        let goes_on = matches!(end, End::Again(_) | End::Blocked | End::Hopeless);
        let drain = goes_on && exec.extending && !exec.explorer.single;
        let is_one = !matches!(end, End::Hopeless);
        let question = match end {
            End::Again(question) => Some(question),
            end => {
                self.account(exec, end, &slot);
                None
            }
        };
        exec.finish(drain);
        let is_done = question.is_none();
        let goes_on = met.iter().all(|met| exec.rehearse(met, &job))
            && question.is_none_or(|question| exec.answer(question, &job));
        if let Some(preemptions) = exec.explorer.preemptions.as_mut().filter(|_| !is_done) {
            preemptions.run_again(last);
        }
        let tells = self.learnt.note(exec.explorer.untold, &mut exec.finalizers.new);
        if !goes_on || tells {
            lock(&self.found).restart = true;
            self.halt();
        }
        (is_done || !goes_on).then_some(is_one)
    }

    fn account(&self, exec: &mut Exec, end: End, slot: &UnsafeCell<Option<T>>) {
        if exec.passing {
            exec.race = None;
            return match end {
                End::Stopped(Stop::Failure(..)) if self.checker.keep_going => {}
                End::Stopped(stop) => self.keep(exec, stop),
                _ => {}
            };
        }
        if exec.out_of_time_outs && !self.out_of_time_outs.load(Ordering::Relaxed) {
            self.out_of_time_outs.store(true, Ordering::Relaxed);
        }
        if let Some(race) = exec.race.take() {
            self.race.store(true, Ordering::Relaxed);
            self.keep(exec, race);
        }
        if let End::Complete | End::Blocked = &end
            && let Some(limit) = exec.cut_off()
        {
            lock(&self.found).cut(limit);
        }
        if let End::Complete | End::Blocked = &end
            && !self.is_exposed.load(Ordering::Relaxed)
            && let Some(exposure) = exec.find_exposure()
        {
            self.is_exposed.store(true, Ordering::Relaxed);
            lock(&self.found).exposure.get_or_insert(exposure);
        }
        match end {
            End::Complete => {
                exec.counts.complete += 1;
                exec.counts.in_every_order += exec.explorer.stands_for();
                exec.counts.left_waiting += u64::from(exec.is_left_waiting());
                // SAFETY: the run is over.
                let value = unsafe { (*slot.get()).take() };
                if let (Some(on_complete), Some(value)) = (&self.on_complete, value) {
                    lock(on_complete)(value, &Completed { exec });
                }
            }
            End::Blocked => {
                exec.counts.blocked += 1;
                if self.checker.preemptions.is_some()
                    && let Some(site) = exec.overtaken()
                {
                    lock(&self.found).cut(Limit::Loop(site));
                }
            }
            End::Hopeless => {}
            End::Again(_) => unreachable!("it runs again"),
            End::Stopped(stop) => self.keep(exec, stop),
        }
    }

    /// Notes why an execution stopped; unless it is to keep going, that ends the search.
    pub fn keep(&self, exec: &Exec, stop: Stop) {
        let mut found = lock(&self.found);
        if let Stop::Failure(kind, ..) = &stop {
            let race = *kind == super::FailureKind::DataRace;
            self.race.fetch_or(race, Ordering::Relaxed);
            if !(race && self.checker.keep_going) {
                self.failed.fetch_add(1, Ordering::Relaxed);
            }
        }
        let going = self.checker.keep_going && matches!(stop, Stop::Failure(..));
        if found.failure.is_none() && found.stop.is_none() {
            match exec.failure(stop) {
                Ok(failure) => found.failure = Some(Box::new(failure)),
                Err(stop) => found.stop = Some(stop),
            }
        } else if let Stop::Error(_) | Stop::Limit(_) | Stop::Mismatch(_) = stop {
            found.stop.get_or_insert(stop);
        }
        if !going {
            drop(found);
            self.halt();
        }
    }

    /// Whether everyone is to stop.
    pub fn is_halted(&self) -> bool {
        self.halt.load(Ordering::Relaxed)
    }

    fn halt(&self) {
        let _offer = lock(&self.offer);
        self.halt.store(true, Ordering::Relaxed);
        self.offered.notify_all();
    }

    /// Whether a bound is hit; notes it.
    fn is_bounded(&self, exec: &Exec) -> bool {
        let done = self.complete.load(Ordering::Relaxed) + self.blocked.load(Ordering::Relaxed);
        let full = exec.explorer.preemptions.as_ref().and_then(Preemptions::is_full);
        let limit = match (self.checker.max_executions, self.checker.time_limit, full) {
            (Some(n), ..) if done >= n => Limit::Executions(n),
            (_, Some(limit), _) if self.start.elapsed() >= limit => Limit::Time(limit),
            (.., Some(full)) => full,
            _ => return false,
        };
        lock(&self.found).stop.get_or_insert(Stop::Limit(limit));
        true
    }
}

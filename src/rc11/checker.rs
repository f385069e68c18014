//! `Checker` sets the bounds and runs the exploration.

use std::time::{Duration, Instant};

use super::asked::Orderings;
use super::exec::Exec;
use super::explore::{NAMES, Path};
use super::hook;
use super::learnt::Learnt;
use super::preemptions::{Preemptions, STATES};
use super::report::Report;
use super::search::{Shared, run_workers};
use super::token::{BadToken, Guide};

/// Which executions exist.
///
/// The two agree on all but what `SeqCst` orders. Source of the difference: [LWG issue 3941](https://wg21.link/lwg3941) (Boehm, 2023), which calls the letter an
/// error: processors and compilers show executions that it forbids.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Model {
    /// RC11 (Lahav et al., PLDI 2017) with C++20's release sequences.
    #[default]
    Rc11,
    /// The letter of C++20, [atomics.order] p3 and p4: as RC11, but S must agree with the coherence order also where that goes
    /// through accesses that are not `SeqCst`. Load buffering is no more explored than under RC11.
    Cxx20,
}

impl std::fmt::Display for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Model::Rc11 => "RC11",
            Model::Cxx20 => "the letter of C++20",
        })
    }
}

/// Explores every execution of a closure that a memory model allows.
#[derive(Clone, Debug)]
pub struct Checker {
    pub(super) max_executions: Option<u64>,
    pub(super) max_events: u32,
    pub(super) time_limit: Option<Duration>,
    pub(super) workers: usize,
    pub(super) keep_going: bool,
    pub(super) spurious: u32,
    pub(super) time_outs: u32,
    pub(super) time_outs_last: bool,
    pub(super) look_ahead: Option<(Duration, Duration)>,
    pub(super) unreduced: bool,
    pub(super) preemptions: Option<u32>,
    pub(super) model: Model,
    pub(super) without: Option<Axiom>,
    pub(super) on_progress: Option<fn(&Progress)>,
    pub(super) orderings: Option<Orderings>,
    pub(super) walk: Duration,
    pub(super) walks: u64,
    pub(super) names: usize,
    pub(super) states: usize,
}

/// How far a search is.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// Complete executions so far.
    pub complete: u64,
    /// Blocked executions so far.
    pub blocked: u64,
    /// Time so far.
    pub elapsed: Duration,
    /// How much of the search is done, from 0 to 1: what the choices already exhausted weigh, if all choices at an event weigh the same.
    pub share: f64,
}

/// An axiom of the model, named so that a test can show that it matters.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axiom {
    /// `hb ; eco?` is irreflexive.
    Coherence,
    /// `rmw ∩ (rb ; co)` is empty.
    Atomicity,
    /// `psc` is acyclic.
    Psc,
    /// The part of `Psc` with an SC access in the cycle, or `co` and `rb` alone between SC fences.
    PscBase,
    /// The part of `Psc` that only `psc_F` has: `hb ; eco ; hb` between SC fences through what is read.
    PscFence,
    /// Conflicting non-atomic accesses are ordered by `hb`.
    RaceFreedom,
    /// A release sequence continues through read-modify-writes.
    ReleaseSequence,
    /// Fences synchronize.
    FenceSynchronization,
}

/// What `collect` hands over for each complete execution, beside the closure's result.
pub struct Completed<'a> {
    pub(super) exec: &'a Exec,
}

impl Completed<'_> {
    /// How many executions it stands for: see [`Report::in_every_order`].
    pub fn stands_for(&self) -> u64 {
        self.exec.explorer.stands_for()
    }

    /// A token that replays this execution.
    pub fn token(&self) -> String {
        self.exec.token()
    }

    /// Whether the letter of C++20 forbids this execution: [`Model::Cxx20`] does not have it.
    pub fn is_beyond_letter(&self) -> bool {
        self.exec.is_beyond_letter()
    }
}

impl Default for Checker {
    fn default() -> Self {
        Self::new()
    }
}

impl Checker {
    /// A checker with one worker, no bound on executions or time, and 10,000 events per thread.
    pub fn new() -> Self {
        Checker {
            max_executions: None,
            max_events: 10_000,
            time_limit: None,
            workers: 1,
            keep_going: false,
            spurious: 1,
            time_outs: 1,
            time_outs_last: false,
            look_ahead: None,
            unreduced: false,
            preemptions: None,
            model: Model::default(),
            without: None,
            on_progress: None,
            orderings: None,
            walk: Duration::ZERO,
            walks: u64::MAX,
            names: NAMES,
            states: STATES,
        }
    }

    /// Stop after this many executions, complete and blocked together.
    pub fn max_executions(mut self, n: u64) -> Self {
        self.max_executions = Some(n);
        self
    }

    /// Stop when a thread has more events than this (at most 60,000).
    pub fn max_events(mut self, n: u32) -> Self {
        self.max_events = n.min(60_000);
        self
    }

    /// Stop after this much wall-clock time.
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.time_limit = Some(limit);
        self
    }

    /// Ask `f` for each memory ordering of an atomic operation or a fence, and use what it returns in its place. It must return the same
    /// in every execution.
    pub fn orderings(mut self, f: Orderings) -> Self {
        self.orderings = Some(f);
        self
    }

    /// If the search is cut off, walk through it at random for this long: [`Report::walked`] then says how large the whole is, and a
    /// failure on the way is found. A walk proves nothing.
    pub fn walk(mut self, time: Duration) -> Self {
        self.walk = time;
        self
    }

    /// Explore on this many OS threads; the answer is the same. So are the numbers, save for rounds of loops: how many are left out, and
    /// how many executions are blocked, may depend on who learns of a loop first.
    pub fn workers(mut self, n: usize) -> Self {
        self.workers = n.max(1);
        self
    }

    /// Go on after a failure: count every execution and report the first failure.
    pub fn keep_going(mut self, yes: bool) -> Self {
        self.keep_going = yes;
        self
    }

    /// How many spurious events (a weak compare-exchange failing on the expected value, a condition variable or a park
    /// waking unasked) a thread may see in one execution. They could recur for ever, so a bound there must be; 1 is the default.
    pub fn spurious(mut self, n: u32) -> Self {
        self.spurious = n;
        self
    }

    /// How many waits of a thread may end by their time-out in one execution. 1 is the default; what only one more could end is cut off
    /// ([`Limit::TimeOut`](super::Limit::TimeOut)).
    pub fn time_outs(mut self, n: u32) -> Self {
        self.time_outs = n;
        self
    }

    /// Visit all executions in which no wait times out before any other, on one worker; not with a bound on preemptions. If these are all visited,
    /// [`Report::untimed`] tells what was found in them, also where the search is cut off later.
    pub fn time_outs_last(mut self) -> Self {
        self.time_outs_last = true;
        self
    }

    /// Stop after `time` if the search cannot end within its time limit, as far as random walks tell, which are made for `walk` then. With
    /// [`time_outs_last`](Self::time_outs_last) that is about executions in which no wait times out, as long as these are not all visited.
    pub fn look_ahead(mut self, time: Duration, walk: Duration) -> Self {
        self.look_ahead = Some((time, walk));
        self
    }

    /// Explore only executions that have a schedule with at most `n` preemptions; on one worker. What the bound leaves out makes the verdict
    /// [`Bounded`](Verdict::Bounded), by [`Limit::Preemptions`]: then every execution within the bound was explored.
    ///
    /// A schedule adds the events of an execution one by one, each after those before it in program order and reads-from, and preempts a thread where
    /// it goes on with another one although the thread could go on. Values read may be old all the same.
    pub fn preemptions(mut self, n: u32) -> Self {
        self.preemptions = Some(n);
        self
    }

    /// Leave nothing out that makes no difference: explore every round of a waiting loop, also where it leaves nothing behind, each compare-exchange
    /// that fails and is repeated, threads that are alike in every order, and each thread that may leave last. Many more executions, and the same answer.
    pub fn unreduced(mut self, yes: bool) -> Self {
        self.unreduced = yes;
        self
    }

    /// Which executions exist; RC11's by default.
    pub fn model(mut self, model: Model) -> Self {
        self.model = model;
        self
    }

    /// Calls `f` now and then during a long search.
    pub fn on_progress(mut self, f: fn(&Progress)) -> Self {
        self.on_progress = Some(f);
        self
    }

    /// Walk no more often than this: for tests, that are to be the same every time.
    #[doc(hidden)]
    pub fn walks(mut self, most: u64) -> Self {
        self.walks = most;
        self
    }

    /// What a search that leaves time-outs for last remembers of its first pass: for tests of what becomes of it where that is too little.
    #[doc(hidden)]
    pub fn names(mut self, most: usize) -> Self {
        self.names = most;
        self
    }

    /// How many states a search with a bound on preemptions remembers: for tests of what it leaves out by them.
    #[doc(hidden)]
    pub fn states(mut self, most: usize) -> Self {
        self.states = most;
        self
    }

    /// Drops an axiom: for tests that show that it matters.
    #[doc(hidden)]
    pub fn without(mut self, axiom: Axiom) -> Self {
        self.without = Some(axiom);
        self
    }

    /// Explores every execution of `body`.
    pub fn check(&self, body: impl Fn() + Send + Sync) -> Report {
        self.search(body, None::<fn(&mut (), (), &Completed<'_>)>).1
    }

    /// Explores every execution of `body`; `add` adds the result of each complete one to what is collected. A search that has to start
    /// again, as more is known of a waiting loop, collects anew.
    pub fn collect<T, C: Default + Send>(
        &self,
        body: impl Fn() -> T + Sync,
        add: impl FnMut(&mut C, T, &Completed<'_>) + Send,
    ) -> (C, Report) {
        self.search(body, Some(add))
    }

    fn search<T, C: Default + Send>(
        &self,
        body: impl Fn() -> T + Sync,
        mut add: Option<impl FnMut(&mut C, T, &Completed<'_>) + Send>,
    ) -> (C, Report) {
        hook::install();
        let start = Instant::now();
        let (learnt, root) = (Learnt::default(), [Path::ROOT]);
        let begin = || self.preemptions.map(|most| Preemptions::new(most, self.states));
        let two_passes = self.time_outs_last && self.preemptions.is_none();
        let (mut bounded, mut untimed, mut later) = (begin(), None, two_passes);
        loop {
            let mut collected = C::default();
            let mut add = add.as_mut().map(|add| {
                |value: T, completed: &Completed<'_>| add(&mut collected, value, completed)
            });
            let add = add.as_mut().map(|add| add as _);
            let shared = Shared::new(self, &body, add, &learnt, &root, start);
            shared.begin_bounded(bounded.take());
            if later {
                shared.begin_untimed();
            }
            run_workers(&shared);
            if let Some((report, goes_on)) = shared.untimed() {
                untimed = Some(Box::new(report));
                if !goes_on {
                    later = false;
                    continue;
                }
                run_workers(&shared);
            }
            if shared.is_to_restart() {
                (bounded, untimed, later) = (begin(), None, two_passes);
                continue;
            }
            if let Some(further) = shared.further() {
                bounded = Some(further);
                continue;
            }
            if shared.is_to_look_around() {
                while shared.look_around(self, self.walk) {}
            }
            let report = shared.report().expect("a search follows no token");
            drop(shared);
            return (collected, Report { untimed, ..report });
        }
    }

    /// A search that remembers where it was is not shared.
    pub(super) fn number_of_workers(&self) -> usize {
        if self.preemptions.is_some() || self.time_outs_last { 1 } else { self.workers }
    }

    /// Runs the one execution that `token` names.
    pub fn replay<T>(&self, token: &str, body: impl Fn() -> T + Sync) -> Result<Report, BadToken> {
        hook::install();
        let start = Instant::now();
        let learnt = Learnt::default();
        let shared = Shared::new(self, &body, None, &learnt, &[], start);
        let mut exec = shared.engine();
        exec.waits.switch_off();
        exec.guide = Some(Guide::parse(token, &mut exec.names)?);
        exec.explorer.single = true;
        shared.run_once(&mut exec);
        let allowed = exec.explorer.is_consistent();
        drop(exec);
        let report = shared.report().map_err(BadToken::Mismatch)?;
        if allowed { Ok(report) } else { Err(BadToken::Forbidden(self.model)) }
    }
}

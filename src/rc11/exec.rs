//! One execution: threads as fibers that replay the graph's events and then extend it.
//!
//! Two phases. While events of the graph are left to *replay*, a thread runs until it needs a source that has not run yet, or
//! has no recorded event left. Then the graph is *extended*: the first thread, in the order of the spawn tree, that can go on does.
//!
//! # How an execution ends
//!
//! No code of the program ever runs on values that the program could not see. So a thread that waits when an execution ends is never
//! unwound. Where it waits only for lack of a newer value, the execution is *drained*: it goes on as the program would, each
//! operation on the latest value, until every thread has ended and what they own is freed; nothing of this is counted. What
//! waits for good, and every thread of an execution that failed, is abandoned with its stack.

use std::any::Any;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};

use super::current::lend;
use super::explore::Explorer;
use super::fiber::{Back, Fiber, Job};
use super::graph::Id;
use super::heap::Heap;
use super::hook::{self, Panic};
use super::names::Names;
use super::report::{Error, FailureKind, Limit, Site};
use super::token::Guide;
use super::waits::{Awaited, Lesson, Told, Waits};

/// What a thread is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    /// Not spawned in this execution.
    Unborn,
    /// It can go on.
    Ready,
    /// It replays a read or a join, whose source (thread, index) has not run yet.
    Source(u16, u16),
    /// It joins a thread that has not ended.
    Join(u16),
    /// Its next operation would wait on the latest value, and is no event yet.
    Await,
    /// It waits for good, unless a revisit gives it another value.
    Blocked,
    /// It has ended.
    Done,
}

/// A thread of the current execution.
pub(super) struct Thread {
    pub status: Status,
    pub fiber: Option<Fiber>,
    pub job: Option<Job>,
    /// How many of its events have run, and how many are recorded.
    pub pos: u32,
    pub len: u32,
    /// How many were recorded when it began.
    pub recorded: u32,
    /// Where its stack begins.
    pub base: usize,
    /// Counters behind the stable names.
    pub spawns: u32,
    pub locations: u32,
    /// The event that created it.
    pub create: Id,
    /// Its run in its own shadow, at a spin hint; and how often it has repeated one.
    pub shadow: Option<Box<super::shadow::Shadow>>,
    pub idle: u32,
    /// It has let others go first, while the execution is drained.
    pub yielded: bool,
    /// Where it joins another, while it does.
    pub joins: Option<super::ops::At>,
    /// What it waits for, while it does; and nobody else can go on, so it is to wait for good.
    pub awaits: Option<Awaited>,
    pub gives_up: bool,
    /// It has given up waiting in a loop: its next round is there to stay.
    pub insists: bool,
    /// Its handle.
    pub local: Option<super::thread::Thread>,
}

impl Thread {
    const UNBORN: Thread = Thread {
        status: Status::Unborn,
        fiber: None,
        job: None,
        pos: 0,
        len: 0,
        recorded: 0,
        base: 0,
        spawns: 0,
        locations: 0,
        create: Id::MAX,
        shadow: None,
        idle: 0,
        yielded: false,
        joins: None,
        awaits: None,
        gives_up: false,
        insists: false,
        local: None,
    };
}

/// Why an execution ends early.
#[derive(Debug)]
pub(super) enum Stop {
    /// The program fails: kind, message, place, the events to mark.
    Failure(FailureKind, String, Option<Site>, Vec<Id>),
    /// The same graph is to be run again, with an answer.
    Again(Question),
    /// A read was chosen to read an old value with which its loop only comes round again.
    Hopeless,
    /// A thread that was chosen to leave last cannot.
    Moot,
    /// A bound is hit.
    Limit(Limit),
    /// The engine cannot go on.
    Error(Error),
    /// The replay token does not fit.
    Mismatch(String),
}

/// What is to be found out before a graph is run again.
#[derive(Debug)]
pub(super) enum Question {
    /// Nothing more: it is found. A spin hint turned out to be none.
    Nothing,
    /// Nothing more, but the hint is to come again.
    Sooner(Id),
    /// Whether the loop at this hint waits, in an execution of the hint's prefix alone, since others have gone on meanwhile.
    LookAt(Id),
    /// Whether this round of a loop can be left out.
    Learn(Box<Lesson>),
}

/// How an execution ended.
#[derive(Debug)]
pub(super) enum End {
    /// The body returned; every thread has ended, or waits for good.
    Complete,
    /// A thread waits, but only because it reads a stale value.
    Blocked,
    /// It holds a round of a loop that is left out: it is none.
    Hopeless,
    Again(Question),
    Stopped(Stop),
}

/// The state of one worker: the search, and the execution it is in.
pub(super) struct Exec {
    pub explorer: Explorer,
    pub names: Names,
    pub threads: Vec<Thread>,
    /// The running thread.
    pub running: usize,
    /// Events left to replay.
    pub remaining: usize,
    pub extending: bool,
    /// The newest event ends what a thread waits for: the graph alone says who comes next, not who has come so far.
    pub woken: bool,
    /// The execution is over, and its threads run to their ends.
    pub draining: bool,
    /// The execution is of the prefix of this thread's last event, a spin hint, and only this thread goes on.
    pub alone: Option<usize>,
    /// The execution's number, unique in the process: locations of another one are refused.
    pub epoch: u64,
    pub heap: Heap,
    /// The slots of waits, by condition variable and thread, in the thread's order.
    pub slots: HashMap<(u32, usize), Vec<super::ops::Loc>>,
    pub panic: Option<Panic>,
    pub stop: Option<Stop>,
    /// A first race, under `keep_going`.
    pub race: Option<Stop>,
    pub guide: Option<Guide>,
    pub max_events: u32,
    pub keep_going: bool,
    /// A new hint, and where the round that leads to it begins, if not where it seemed to.
    pub sooner: Option<(Id, u16)>,
    /// What is known of waiting loops; and what a thread that rehearses one is told.
    pub waits: Waits,
    pub told: Option<Told>,
    pub rehearses: Option<usize>,
    /// Who looks at memory orderings.
    pub orderings: Option<super::Orderings>,
    /// Idle fibers.
    fibers: Vec<Fiber>,
}

/// How many engines there were.
static ENGINES: AtomicU64 = AtomicU64::new(1);

impl Exec {
    pub fn new(explorer: Explorer, max_events: u32, keep_going: bool) -> Self {
        Exec {
            explorer,
            names: Names::default(),
            threads: Vec::new(),
            running: 0,
            remaining: 0,
            extending: false,
            woken: false,
            draining: false,
            alone: None,
            epoch: ENGINES.fetch_add(1, Ordering::Relaxed) << 40,
            heap: Heap::default(),
            slots: HashMap::new(),
            panic: None,
            stop: None,
            race: None,
            guide: None,
            max_events,
            keep_going,
            sooner: None,
            waits: Waits::default(),
            told: None,
            rehearses: None,
            orderings: None,
            fibers: Vec::new(),
        }
    }

    /// Makes a thread ready to run `job`.
    pub fn launch(
        &mut self,
        thread: usize,
        create: Id,
        job: Job,
        local: Option<super::thread::Thread>,
    ) {
        if self.threads.len() <= thread {
            self.threads.resize_with(thread + 1, || Thread::UNBORN);
        }
        let len = match &self.guide {
            Some(guide) => guide.len(thread),
            None => self.explorer.graph().threads.get(thread).map_or(0, Vec::len),
        };
        self.threads[thread] = Thread {
            status: Status::Ready,
            job: Some(job),
            len: len as u32,
            recorded: len as u32,
            create,
            local,
            ..Thread::UNBORN
        };
    }

    /// Runs the closure once over the current graph and extends it to the end. The threads are left as they stop, for [`finish`](Self::finish).
    pub fn run(&mut self, main: Job) -> End {
        self.begin(main);
        while self.stop.is_none()
            && let Some(next) = self.pick()
        {
            self.resume(next);
        }
        self.ending()
    }

    /// Runs a thread until it pauses or ends.
    fn resume(&mut self, t: usize) {
        self.running = t;
        let is_told = self.is_told();
        let thread = &mut self.threads[t];
        thread.status = Status::Ready;
        let (mut job, held) = (thread.job.take(), thread.fiber.take());
        if is_told {
            job = job.map(super::waits::on_clean_stack);
        }
        let mut fiber = held.or_else(|| self.fibers.pop()).unwrap_or_else(Fiber::new);
        if job.is_some() {
            thread.base = fiber.base();
        }
        let back = lend(self, || match job {
            Some(job) => fiber.start(job),
            None => fiber.proceed(),
        });
        match back {
            Back::Paused => self.threads[t].fiber = Some(fiber),
            Back::Finished(result) => {
                self.fibers.push(fiber);
                match result {
                    Ok(()) => self.threads[t].status = Status::Done,
                    Err(payload) => self.note_panic(t, &*payload),
                }
            }
        }
    }

    /// The running thread cannot go on now.
    pub fn pause(&mut self, status: Status) {
        self.threads[self.running].status = status;
    }

    fn begin(&mut self, main: Job) {
        self.epoch += 1;
        self.slots.clear();
        self.threads.clear();
        self.stop = None;
        self.panic = None;
        self.extending = false;
        self.woken = false;
        self.remaining = match &self.guide {
            Some(guide) => guide.events(),
            None => self.explorer.graph().events.len(),
        };
        self.launch(0, Id::MAX, main, None);
    }

    /// Everything recorded has run: what was found meanwhile counts now.
    pub fn start_extending(&mut self) {
        self.extending = true;
        self.guide = None;
        if let Some(panic) = self.panic.take() {
            self.stop_for_panic(panic);
        } else if let Some((a, b)) = self.explorer.race.take() {
            self.found_race(a, b);
        } else if self.is_hopeless() {
            self.stop = Some(Stop::Hopeless);
        }
    }

    /// A panic fails the execution.
    fn stop_for_panic(&mut self, Panic { message, site }: Panic) {
        // In the engine, and not in a test of it.
        let own = |file: &str| {
            let folder = file!().trim_end_matches("exec.rs");
            file.strip_prefix(folder).is_some_and(|rest| !rest.starts_with("tests/"))
        };
        self.stop = Some(match site {
            Some(at) if own(at.file) => Stop::Error(Error::Engine { site, message }),
            _ => Stop::Failure(FailureKind::Assertion, message, site, Vec::new()),
        });
    }

    /// All threads have stopped: how did it end?
    fn ending(&mut self) -> End {
        match self.stop.take() {
            Some(Stop::Moot) => return End::Blocked,
            Some(Stop::Hopeless) => return End::Hopeless,
            Some(Stop::Again(question)) => return End::Again(question),
            Some(stop) => return End::Stopped(stop),
            None => {}
        }
        if self.threads.iter().all(|t| matches!(t.status, Status::Done | Status::Unborn)) {
            return match self.leak() {
                Some(stop) => End::Stopped(stop),
                None => End::Complete,
            };
        }
        if !self.waits_for_good() {
            return End::Blocked;
        }
        // The end of the body is the end of the program, whoever still waits.
        match self.threads[0].status {
            Status::Done => End::Complete,
            _ => End::Stopped(self.stuck()),
        }
    }

    /// Finds out what is asked, by further runs. False if the whole search is to start again.
    pub fn answer(&mut self, question: Question, main: &dyn Fn() -> Job) -> bool {
        match question {
            Question::Nothing => true,
            Question::Sooner(hint) => {
                self.explorer.forget(hint);
                true
            }
            Question::LookAt(hint) => {
                self.look_alone(hint, main());
                true
            }
            Question::Learn(lesson) => self.learn(&lesson, main),
        }
    }

    /// Looks at the loop of a hint in an execution of its prefix alone, and marks the hint by what is found.
    fn look_alone(&mut self, hint: Id, main: Job) {
        let thread = self.explorer.graph().event(hint).thread;
        self.explorer.enter_prefix(hint);
        let single = std::mem::replace(&mut self.explorer.single, true);
        self.alone = Some(thread.into());
        let len = self.explorer.graph().threads[thread as usize].len();
        self.run(main);
        let found =
            *self.explorer.graph().event(self.explorer.graph().threads[thread as usize][len - 1]);
        let extending = self.extending;
        self.alone = None;
        self.finish(extending);
        self.explorer.single = single;
        self.explorer.leave_prefix();
        let hint = &mut self.explorer.graph_mut().events[hint as usize];
        match found.verified() {
            Some(start) => hint.verify(start, found.is_undecided()),
            None => hint.refute(),
        }
    }

    /// Whether threads still wait, for good, after the body has returned.
    pub fn is_left_waiting(&self) -> bool {
        !self.threads.iter().all(|t| matches!(t.status, Status::Done | Status::Unborn))
    }

    /// Ends an execution, once it is accounted for: lets it go on to its own end if asked to, and abandons the threads that are left.
    pub fn finish(&mut self, drain: bool) {
        if drain {
            self.drain(3 * self.explorer.graph().events.len() + 1_000);
        }
        for t in 0..self.threads.len() {
            // A job that has not started owns what it captured: the program's destructors are not to run.
            if let Some(job) = self.threads[t].job.take() {
                std::mem::forget(job);
            }
            self.abandon(t);
        }
        self.heap.release();
    }

    /// Leaves a thread where it stands for good.
    pub fn abandon(&mut self, t: usize) {
        self.fibers.extend(self.threads[t].fiber.take().map(Fiber::abandon));
    }

    /// Goes on with an execution that is over, uncounted, each operation on the latest value, until nothing can go on or so many events are
    /// new. The graph is left as it was.
    pub fn drain(&mut self, steps: usize) {
        let len = self.explorer.graph().events.len();
        let most = len + steps;
        let single = std::mem::replace(&mut self.explorer.single, true);
        self.draining = true;
        self.stop = None;
        self.threads.iter_mut().for_each(|thread| thread.shadow = None);
        let mut next = 0;
        while self.stop.is_none()
            && self.explorer.graph().events.len() < most
            && let Some(t) = self.pick_draining(next)
        {
            self.resume(t);
            next = t + 1;
        }
        self.draining = false;
        self.explorer.single = single;
        self.explorer.graph_mut().truncate(len);
    }
}

impl Drop for Exec {
    fn drop(&mut self) {
        self.finish(false);
    }
}

impl Exec {
    /// Notes a panic that has ended a thread. While others replay, they go on; else the execution ends.
    fn note_panic(&mut self, t: usize, payload: &(dyn Any + Send)) {
        let thread = &mut self.threads[t];
        thread.status = Status::Blocked;
        let panic = hook::noted(payload);
        if thread.shadow.is_some() {
            self.stop = Some(Stop::Again(Question::Nothing));
            return;
        }
        if self.extending {
            self.stop_for_panic(panic);
        } else {
            self.panic.get_or_insert(panic);
        }
    }

    /// Two accesses race.
    pub fn found_race(&mut self, a: Id, b: Id) {
        let g = self.explorer.graph();
        let text =
            |id: Id| format!("{} at {}", g.event(id).label.op.text(), Site::from(g.site(id)));
        let message = format!("{} and {} race", text(a), text(b));
        let stop =
            Stop::Failure(FailureKind::DataRace, message, Some(Site::from(g.site(b))), vec![a, b]);
        if !self.keep_going {
            self.stop = Some(stop);
        } else if self.race.is_none() {
            self.race = Some(stop);
        }
    }

    /// Ends the execution early: the running thread goes no further.
    pub fn stop(&mut self, stop: Stop) -> Status {
        self.stop = Some(stop);
        Status::Blocked
    }

    /// The running thread.
    pub fn me(&mut self) -> &mut Thread {
        &mut self.threads[self.running]
    }
}

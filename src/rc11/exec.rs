//! One execution: threads as fibers that replay the graph's events and then extend it.
//!
//! Two phases. While events of the graph are left to *replay*, a thread runs until it needs a source that has not run yet, or
//! has no recorded event left. Then the graph is *extended*: the first thread, in the order of the spawn tree, that can go on does.
//! How an execution ends is in `ending`.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};

use super::current::lend;
use super::ending::{End, Stop};
use super::explore::Explorer;
use super::exposure::{Exposure, Finder};
use super::fiber::{Back, Fiber, Job};
use super::frame::{Watch, watch};
use super::graph::Id;
use super::heap::Heap;
use super::hook::Panic;
use super::names::Names;
use super::search::Counts;
use super::token::Guide;
use super::waits::{Awaited, Looked, Told, Waits};

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
    pub fiber: Option<Box<Fiber>>,
    pub job: Option<Job>,
    /// How many of its events have run, and how many are recorded.
    pub pos: u32,
    pub len: u32,
    /// How many were recorded when it began.
    pub recorded: u32,
    /// Where its stack begins, and on it its job: the highest addresses.
    pub base: usize,
    pub job_base: usize,
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
    /// It tries once more what has failed, or has replaced what it could have loaded: the execution is none (`waits::retries`).
    pub tries_again: bool,
    /// What was on its stack and in its registers at its last operations, if somebody looked.
    pub memories: Vec<Looked>,
    /// It has left as the last one, and has not done anything since.
    pub departing: Option<super::sync::Departing>,
    /// It has come back to the beginning of its waiting loop, without a hint: where its last round begins.
    pub comes_round: Option<u16>,
    /// Its handle.
    pub local: Option<super::thread::Thread>,
}

impl Thread {
    pub const UNBORN: Thread = Thread {
        status: Status::Unborn,
        fiber: None,
        job: None,
        pos: 0,
        len: 0,
        recorded: 0,
        base: 0,
        job_base: 0,
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
        tries_again: false,
        memories: Vec::new(),
        departing: None,
        comes_round: None,
        local: None,
    };
}

/// The state of one worker: the search, and the execution it is in.
pub(super) struct Exec {
    pub explorer: Explorer,
    pub names: Names,
    pub threads: Vec<Thread>,
    /// The thread whose events come next, and the one that runs: not the same if it runs the code of a finalizer.
    pub running: usize,
    pub host: usize,
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
    pub time_outs: u32,
    /// A wait had no time-out left, in some execution.
    pub out_of_time_outs: bool,
    pub keep_going: bool,
    /// It is on the way to where the search begins: what it runs is counted elsewhere.
    pub passing: bool,
    /// A new hint, and where the round that leads to it begins, if not where it seemed to.
    pub sooner: Option<(Id, u16)>,
    /// What the search has counted here, and not yet told all workers.
    pub counts: Counts,
    /// What is known of waiting loops; and what a thread that rehearses one is told.
    pub waits: Waits,
    pub told: Option<Told>,
    pub rehearses: Option<usize>,
    /// Looks for load buffering.
    pub finder: Finder,
    /// What is done by whoever leaves last.
    pub finalizers: super::sync::Finalizers,
    /// Who looks at memory orderings.
    pub orderings: Option<super::Orderings>,
    /// Idle fibers, by thread: each thread has the same stack every time, so that addresses on it are the same.
    fibers: Vec<Option<Box<Fiber>>>,
}

/// How many engines there were.
static ENGINES: AtomicU64 = AtomicU64::new(1);

impl Exec {
    pub fn new(explorer: Explorer, max_events: u32, keep_going: bool) -> Self {
        watch(Watch::Nobody);
        Exec {
            explorer,
            names: Names::default(),
            threads: Vec::new(),
            running: 0,
            host: 0,
            remaining: 0,
            extending: false,
            woken: false,
            draining: false,
            alone: None,
            // Relaxed: a number that no other engine has; it orders nothing.
            epoch: ENGINES.fetch_add(1, Ordering::Relaxed) << 40,
            heap: Heap::default(),
            slots: HashMap::new(),
            panic: None,
            stop: None,
            race: None,
            guide: None,
            max_events,
            time_outs: 1,
            out_of_time_outs: false,
            keep_going,
            passing: false,
            sooner: None,
            waits: Waits::default(),
            counts: Counts::default(),
            told: None,
            rehearses: None,
            finder: Finder::default(),
            finalizers: super::sync::Finalizers::default(),
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
        let len = self.recorded_len(thread);
        *self.unborn(thread) = Thread {
            status: Status::Ready,
            job: Some(job),
            len,
            recorded: len,
            create,
            local,
            ..Thread::UNBORN
        };
    }

    /// How many events of a thread are recorded.
    pub fn recorded_len(&self, thread: usize) -> u32 {
        let len = match &self.guide {
            Some(guide) => guide.len(thread),
            None => self.explorer.graph().threads.get(thread).map_or(0, Vec::len),
        };
        len as u32
    }

    /// A thread that has not begun in this execution.
    pub fn unborn(&mut self, thread: usize) -> &mut Thread {
        if self.threads.len() <= thread {
            self.threads.resize_with(thread + 1, || Thread::UNBORN);
        }
        &mut self.threads[thread]
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
    pub fn resume(&mut self, t: usize) {
        self.host = t;
        self.running = self.finalizers.running(t);
        let thread = &mut self.threads[t];
        thread.status = Status::Ready;
        let (job, held) = (thread.job.take(), thread.fiber.take());
        if self.fibers.len() <= t {
            self.fibers.resize_with(t + 1, || None);
        }
        let fiber = held.or_else(|| self.fibers[t].take());
        let mut fiber = fiber.unwrap_or_else(|| Box::new(Fiber::new()));
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
                self.fibers[t] = Some(fiber);
                match result {
                    Ok(()) => self.threads[t].status = Status::Done,
                    Err(payload) => self.note_panic(t, &*payload),
                }
            }
        }
    }

    /// Leaves a thread where it stands for good.
    pub fn abandon(&mut self, t: usize) {
        if let Some(mut fiber) = self.threads[t].fiber.take() {
            fiber.abandon();
            self.fibers[t] = Some(fiber);
        }
    }

    /// The running thread cannot go on now.
    pub fn pause(&mut self, status: Status) {
        self.threads[self.host].status = status;
    }

    fn begin(&mut self, main: Job) {
        self.epoch += 1;
        self.names.forget_remarks();
        self.slots.clear();
        self.finalizers.begin();
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
        self.start_schedule();
        if let Some(panic) = self.panic.take() {
            self.stop_for_panic(panic);
        } else if let Some((a, b)) = self.explorer.race.take() {
            self.found_race(a, b);
        } else if self.is_hopeless() {
            self.stop = Some(Stop::Hopeless);
        }
    }

    /// How load buffering could arise in this execution.
    pub fn find_exposure(&mut self) -> Option<Exposure> {
        self.finder.find(self.explorer.graph_mut())
    }

    /// The thread whose events come next.
    pub fn me(&mut self) -> &mut Thread {
        &mut self.threads[self.running]
    }
}

//! One execution: threads as fibers that replay the graph's events and then extend it.
//!
//! Two phases. While events of the graph are left to *replay*, a thread runs until it needs a source that has not run yet, or
//! has no recorded event left. Then the graph is *extended*: the first thread, in the order of the spawn tree, that can go on does.

use std::any::Any;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};

use super::current::Current;
use super::explore::Explorer;
use super::fiber::{Fiber, Handle, Job};
use super::graph::Id;
use super::heap::Heap;
use super::names::Names;
use super::report::{Error, FailureKind, Limit, Site};
use super::token::Guide;

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
    /// Counters behind the stable names.
    pub spawns: u32,
    pub locations: u32,
    /// The event that created it.
    pub create: Id,
    /// Its run in its own shadow, at a spin hint; and how often it has repeated one.
    pub shadow: Option<super::shadow::Shadow>,
    pub idle: u32,
    /// Where it joins another, while it does.
    pub joins: Option<super::ops::At>,
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
        spawns: 0,
        locations: 0,
        create: Id::MAX,
        shadow: None,
        idle: 0,
        joins: None,
        local: None,
    };
}

/// Why an execution ends early.
#[derive(Debug)]
pub(super) enum Stop {
    /// The program fails: kind, message, place, the events to mark.
    Failure(FailureKind, String, Option<Site>, Vec<Id>),
    /// A spin hint turned out to be none: the same graph is to be run again.
    Again,
    /// A bound is hit.
    Limit(Limit),
    /// The engine cannot go on.
    Error(Error),
    /// The replay token does not fit.
    Mismatch(String),
}

/// How an execution ended.
#[derive(Debug)]
pub(super) enum End {
    Complete,
    Blocked,
    Stopped(Stop),
}

/// What the panic hook noted.
pub(super) struct Panic {
    pub message: String,
    pub site: Option<Site>,
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
    /// Operations do nothing: a thread unwinds.
    pub inert: bool,
    /// The execution is over, all threads unwind.
    pub over: bool,
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
    /// Idle fibers.
    pub fibers: Vec<Fiber>,
    /// The running fiber's handle.
    pub handle: *const Handle,
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
            inert: false,
            over: false,
            epoch: ENGINES.fetch_add(1, Ordering::Relaxed) << 40,
            heap: Heap::default(),
            slots: HashMap::new(),
            panic: None,
            stop: None,
            race: None,
            guide: None,
            max_events,
            keep_going,
            fibers: Vec::new(),
            handle: std::ptr::null(),
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
            create,
            local,
            ..Thread::UNBORN
        };
    }

    /// Runs the closure once over the current graph and extends it to the end. The threads are left as they stop: see [`finish`](Self::finish).
    ///
    /// # Safety
    /// `this` is valid, and nothing borrows it during the call.
    pub unsafe fn run(this: *mut Exec, main: Job) -> End {
        let (current, outer) = Current::enter(this);
        current.exec().begin(main);
        while let Some(next) = current.exec().pick() {
            current.resume(next);
            if current.exec().stop.is_some() {
                break;
            }
        }
        Current::leave(outer);
        current.exec().ending()
    }

    fn begin(&mut self, main: Job) {
        self.epoch += 1;
        self.slots.clear();
        self.threads.clear();
        (self.inert, self.over) = (false, false);
        self.stop = None;
        self.panic = None;
        self.extending = false;
        self.remaining = match &self.guide {
            Some(guide) => guide.events(),
            None => self.explorer.graph().events.len(),
        };
        self.launch(0, Id::MAX, main, None);
    }

    /// The thread to run next.
    fn pick(&mut self) -> Option<usize> {
        if !self.extending {
            if self.remaining > 0 {
                return self.pick_replay();
            }
            self.start_extending();
            if self.stop.is_some() {
                return None;
            }
        }
        let order = self.names.order().iter().map(|&t| t as usize);
        order.filter(|&t| t < self.threads.len()).find(|&t| match self.threads[t].status {
            Status::Ready => true,
            Status::Join(child) => self.threads[child as usize].status == Status::Done,
            _ => false,
        })
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

    /// Everything recorded has run: what was found meanwhile counts now.
    fn start_extending(&mut self) {
        self.extending = true;
        self.guide = None;
        if self.panic.is_some() {
            self.stop_for_panic();
        } else if let Some((a, b)) = self.explorer.race.take() {
            self.found_race(a, b);
        }
    }

    /// Whether the `index`-th event of a thread has run.
    pub fn has_run(&self, thread: u16, index: u16) -> bool {
        self.threads.get(thread as usize).is_some_and(|t| t.pos > u32::from(index))
    }

    /// A panic fails the execution.
    fn stop_for_panic(&mut self) {
        let Some(Panic { message, site }) = self.panic.take() else { return };
        let own = file!().trim_end_matches("exec.rs");
        self.stop = Some(match site {
            Some(at) if at.file.starts_with(own) => Stop::Error(Error::Engine { site, message }),
            _ => Stop::Failure(FailureKind::Assertion, message, site, Vec::new()),
        });
    }

    /// All threads have stopped: how did it end?
    fn ending(&mut self) -> End {
        if let Some(stop) = self.stop.take() {
            return End::Stopped(stop);
        }
        if self.threads.iter().all(|t| matches!(t.status, Status::Done | Status::Unborn)) {
            return match self.leak() {
                Some(stop) => End::Stopped(stop),
                None => End::Complete,
            };
        }
        match self.stuck() {
            Some(stop) => End::Stopped(stop),
            None => End::Blocked,
        }
    }

    /// Unwinds what is still suspended, children before their parents (whose stack they may borrow), and returns all memory.
    ///
    /// # Safety
    /// As for [`run`](Self::run), after it.
    pub unsafe fn finish(this: *mut Exec) {
        let (current, outer) = Current::enter(this);
        let exec = current.exec();
        (exec.inert, exec.over) = (true, true);
        for i in (0..exec.names.order().len()).rev() {
            let t = current.exec().names.order()[i] as usize;
            if t < current.exec().threads.len() {
                let job = current.exec().threads[t].job.take();
                // What the job captured may call operations when dropped, and those unwind.
                let _ = catch_unwind(AssertUnwindSafe(|| drop(job)));
                if current.exec().threads[t].fiber.is_some() {
                    current.resume(t);
                }
            }
        }
        current.exec().heap.release();
        Current::leave(outer);
    }
}

impl Exec {
    /// Notes a panic that has unwound its thread. While others replay, they go on; else the execution ends.
    pub fn note_panic(&mut self, payload: &(dyn Any + Send)) {
        if self.threads[self.running].shadow.is_some() {
            self.stop = Some(Stop::Again);
            return;
        }
        if self.panic.is_none() {
            self.panic = Some(Panic { message: super::hook::text(payload), site: None });
        }
        self.inert = false;
        if self.extending {
            self.stop_for_panic();
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
}

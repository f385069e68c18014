//! How an execution ends: why early, what is to be found out before its graph runs again, and what becomes of its threads.
//!
//! No code of the program ever runs on values that the program could not see. So a thread that waits when an execution ends is never
//! unwound. Where it waits only for lack of a newer value, the execution is *drained*: it goes on as the program would, each
//! operation on the latest value, until every thread has ended and what they own is freed; nothing of this is counted. What
//! waits for good, and every thread of an execution that failed, is abandoned with its stack.

use std::any::Any;

use super::exec::{Exec, Status};
use super::fiber::Job;
use super::graph::Id;
use super::hook::{self, Panic};
use super::report::{Error, FailureKind, Limit, Site};
use super::waits::{Lesson, Retry};

/// Why an execution ends early.
#[derive(Debug)]
pub(super) enum Stop {
    /// The program fails: kind, message, place, the events to mark.
    Failure(FailureKind, String, Option<Site>, Vec<Id>),
    /// The same graph is to be run again, with an answer.
    Again(Question),
    /// Nothing comes of a choice: a read got an old value with which its loop only comes round again, or a failed try is repeated, or a departure is to be the last one, and
    /// cannot be or does not matter.
    Hopeless,
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
    /// Nothing more: the round that leads to this hint begins later than it seemed to, and the hint is to come again.
    Sooner(Id, u16),
    /// Whether the loop at this hint waits, in an execution of the hint's prefix alone, since others have gone on meanwhile.
    LookAt(Id),
    /// Nothing, but the whole search is to start again.
    Restart,
    /// Whether this round of a loop can be left out.
    Learn(Box<Lesson>),
    /// Whether this try, which failed and is repeated, can be left out.
    Retry(Box<Retry>),
}

/// How an execution ended.
#[derive(Debug)]
pub(super) enum End {
    /// The body returned; every thread has ended, or waits for good.
    Complete,
    /// A thread waits, but only because it reads a stale value.
    Blocked,
    /// It is none: nothing comes of a choice in it.
    Hopeless,
    Again(Question),
    Stopped(Stop),
}

impl Exec {
    /// A panic fails the execution.
    pub fn stop_for_panic(&mut self, Panic { message, site }: Panic) {
        // In the engine, and not in a test of it.
        let own = |file: &str| {
            let folder = file!().trim_end_matches("ending.rs");
            file.strip_prefix(folder).is_some_and(|rest| !rest.starts_with("tests/"))
        };
        self.stop = Some(match site {
            Some(at) if own(at.file) => Stop::Error(Error::Engine { site, message }),
            _ => Stop::Failure(FailureKind::Assertion, message, site, Vec::new()),
        });
    }

    /// All threads have stopped: how did it end?
    pub fn ending(&mut self) -> End {
        match self.stop.take() {
            Some(Stop::Hopeless) => return End::Hopeless,
            Some(Stop::Again(question)) => return End::Again(question),
            Some(stop) => return End::Stopped(stop),
            None => {}
        }
        if self.threads.iter().any(|t| t.tries_again) {
            return End::Hopeless;
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

    /// Notes a panic that has ended a thread. While others replay, they go on; else the execution ends.
    pub fn note_panic(&mut self, t: usize, payload: &(dyn Any + Send)) {
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

    /// Ends the execution early: the running thread goes no further. It waits for nothing, and goes on if the execution is drained.
    pub fn stop(&mut self, stop: Stop) -> Status {
        self.stop = Some(stop);
        Status::Ready
    }

    /// Finds out what is asked, by further runs. False if the whole search is to start again.
    pub fn answer(&mut self, question: Question, main: &dyn Fn() -> Job) -> bool {
        match question {
            Question::Nothing => true,
            Question::Sooner(hint, start) => {
                self.explorer.forget(hint);
                self.sooner = Some((hint, start));
                true
            }
            Question::LookAt(hint) => {
                self.look_alone(hint, main());
                true
            }
            Question::Restart => false,
            Question::Learn(lesson) => self.learn(&lesson, main),
            Question::Retry(retry) => {
                self.learn_retry(&retry, main);
                true
            }
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

    /// Goes on with an execution that is over, uncounted, each operation on the latest value, until nothing can go on or so many events are
    /// new. The graph is left as it was.
    pub fn drain(&mut self, steps: usize) {
        let len = self.explorer.graph().events.len();
        let most = len + steps;
        let single = std::mem::replace(&mut self.explorer.single, true);
        self.draining = true;
        self.woken = false;
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

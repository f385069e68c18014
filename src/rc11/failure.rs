//! What fails an execution besides a panic and a race, and a failing graph as plain data.

use super::ending::Stop;
use super::exec::{Exec, Status};
use super::explore::Later;
use super::graph::{Event, Graph, Id, NONE};
use super::label::{Kind, Op};
use super::portrait::Portrait;
use super::report::{BlockedThread, Failure, FailureKind, Limit, Site, Wait};
use super::sc::ScOrder;
use super::{Model, token};

impl Exec {
    /// An access to an allocation that some event frees.
    pub fn check_use(&mut self, id: Id) -> Result<(), Status> {
        let g = self.explorer.graph();
        let label = g.event(id).label;
        let freed = g.co(label.allocation).iter().find(|&&w| g.event(w).kind() == Kind::Free);
        let Some(&free) = freed else { return Ok(()) };
        let message =
            format!("{} of memory freed at {}", label.op.text(), super::Site::from(g.site(free)));
        Err(self.fail(FailureKind::UseAfterFree, message, label.site, vec![free, id]))
    }

    /// A free that some access of the allocation is not ordered before.
    pub fn check_free(&mut self, free: Id) -> Result<(), Status> {
        let g = self.explorer.graph();
        let allocation = g.event(free).loc();
        let unordered = |&id: &Id| {
            let e = g.event(id);
            id != free
                && (e.label.allocation == allocation || e.loc() == allocation)
                && !g.hb(id, free)
        };
        let Some(other) = (0..g.events.len() as Id).find(unordered) else { return Ok(()) };
        let e = g.event(other);
        let message = format!(
            "free of memory that {} at {} may use afterwards",
            e.label.op.text(),
            super::Site::from(e.label.site)
        );
        let site = g.site(free);
        Err(self.fail(FailureKind::UseAfterFree, message, site, vec![other, free]))
    }

    /// The events that have freed an allocation.
    pub fn freed_by(&self, location: u32) -> Vec<Id> {
        let g = self.explorer.graph();
        g.co(location).iter().copied().filter(|&w| g.event(w).kind() == Kind::Free).collect()
    }

    /// An allocation that a complete execution never frees.
    pub fn leak(&self) -> Option<Stop> {
        let g = self.explorer.graph();
        let is_leaked = |e: &&Event| {
            e.label.op == Op::BoxNew
                && g.event(*g.co(e.loc()).last().expect("it has its init")).kind() != Kind::Free
        };
        let e = g.events.iter().find(is_leaked)?;
        let id = g.threads[e.thread as usize][e.index as usize];
        let site = super::Site::from(e.label.site);
        Some(Stop::Failure(
            FailureKind::Leak,
            format!("the box made at {site} is never freed"),
            Some(site),
            vec![id],
        ))
    }

    /// Whether no thread waits on a value that another execution overtakes; nor for its time-out, unless the body has returned.
    pub fn waits_for_good(&self) -> bool {
        let g = self.explorer.graph();
        let returned = self.threads[0].status == Status::Done;
        let lasts = |id| is_final(g, id) && (returned || !g.event(id).label.op.has_time_out());
        let tries = |&&(t, _): &&(u16, _)| self.threads[t as usize].comes_round.is_some();
        let waiting = self.waiting();
        !waiting.iter().any(|w| tries(&w))
            && waiting.iter().all(|&(_, last)| last.is_none_or(lasts))
    }

    /// Where the execution was cut off although a thread might have gone on.
    pub fn cut_off(&self) -> Option<Limit> {
        let time_out = || self.last_time_out().map(Limit::TimeOut);
        self.undecided_loop().map(Limit::Loop).or_else(time_out)
    }

    /// Where a thread waits for a time-out that it may not have any more, or not yet, in a program that has not ended.
    fn last_time_out(&self) -> Option<Site> {
        let g = self.explorer.graph();
        let later = self.explorer.later.as_ref().is_some_and(Later::is_first);
        let is_last = |&id: &Id| {
            let e = g.event(id);
            let may = !later && e.label.step(e.value, 1).is_some();
            e.label.op.has_time_out() && is_final(g, id) && !may
        };
        let returned = self.threads[0].status == Status::Done;
        let waiting = self.waiting().into_iter().filter_map(|(_, last)| last).find(is_last);
        waiting.filter(|_| !returned).map(|id| g.site(id).into())
    }

    /// The threads that wait for good, as a failure.
    pub fn stuck(&self) -> Stop {
        let blocked = self.blocked();
        let spins = blocked.iter().any(|b| b.wait == Wait::Spin);
        let kind = if spins { FailureKind::Livelock } else { FailureKind::Deadlock };
        let story: Vec<String> = blocked.iter().map(describe).collect();
        let marked = self.waiting().iter().filter_map(|&(_, last)| last).collect();
        let site = blocked.first().and_then(|b| b.site);
        Stop::Failure(kind, story.join("; "), site, marked)
    }

    /// The threads that have not ended, each with the read or spin it waits at; none for a join.
    fn waiting(&self) -> Vec<(u16, Option<Id>)> {
        let of = |(t, thread): (usize, &super::exec::Thread)| match thread.status {
            Status::Blocked => Some((t as u16, self.explorer.graph().threads[t].last().copied())),
            Status::Join(_) => Some((t as u16, None)),
            _ => None,
        };
        self.threads.iter().enumerate().filter_map(of).collect()
    }

    /// Who waits for what.
    pub fn blocked(&self) -> Vec<BlockedThread> {
        let g = self.explorer.graph();
        let portrait = Portrait::new(g, &self.names, &self.heap);
        let of = |&(t, last): &(u16, Option<Id>)| match (last, self.threads[t as usize].status) {
            (Some(id), _) if g.event(id).is_blocked() => Some(self.blocked_at(&portrait, id)),
            (_, Status::Join(child)) => Some(BlockedThread {
                thread: portrait.number(t),
                wait: Wait::Join,
                site: self.threads[t as usize].joins.map(Into::into),
                location: String::new(),
                holder: Some(portrait.number(child)),
                wakeup_issued: false,
            }),
            _ => None,
        };
        self.waiting().iter().filter_map(of).collect()
    }

    fn blocked_at(&self, portrait: &Portrait, id: Id) -> BlockedThread {
        let g = self.explorer.graph();
        let e = g.event(id);
        let wait = match e.label.op {
            Op::Park | Op::ParkTimeout => Wait::Park,
            Op::AwaitNotify | Op::AwaitTimeout => Wait::Condvar,
            Op::FutexSleep => Wait::Futex,
            Op::Spin => Wait::Spin,
            _ => Wait::Lock,
        };
        // What such a waiter waits on is its own slot; its wake-ups are issued on the condition variable, or the queue.
        let has_slot = matches!(wait, Wait::Condvar | Wait::Futex);
        let woken = if has_slot { e.label.a as u32 } else { e.loc() };
        let wakes = |other: &Event| {
            use Op::{FutexWakeAll, FutexWakeOne, NotifyAll, NotifyOne, Unpark};
            matches!(other.label.op, Unpark | NotifyOne | NotifyAll | FutexWakeOne | FutexWakeAll)
                && other.loc() == woken
        };
        BlockedThread {
            thread: portrait.number(e.thread),
            wait,
            site: Some(e.label.site.into()),
            location: if e.loc() == NONE { String::new() } else { portrait.name_of(woken) },
            holder: (wait == Wait::Lock).then(|| portrait.number(g.event(e.rf).thread)),
            wakeup_issued: (has_slot || wait == Wait::Park) && g.events.iter().any(wakes),
        }
    }

    /// A stop as the failure to report; other stops are none.
    pub fn failure(&self, stop: Stop) -> Result<Failure, Stop> {
        let Stop::Failure(kind, message, site, marked) = stop else { return Err(stop) };
        let g = self.explorer.graph();
        let portrait = Portrait::new(g, &self.names, &self.heap);
        let graph = portrait.graph(&marked);
        let trace = portrait.trace(&graph);
        let blocked = if matches!(kind, FailureKind::Deadlock | FailureKind::Livelock) {
            self.blocked()
        } else {
            Vec::new()
        };
        Ok(Failure {
            kind,
            message,
            site,
            trace,
            blocked,
            graph,
            beyond_letter: self.is_beyond_letter(),
            replay: self.token(),
        })
    }

    /// The token that replays the execution.
    pub fn token(&self) -> String {
        token::write(self.explorer.graph(), &self.names)
    }

    /// Whether the letter of C++20 forbids the execution.
    pub fn is_beyond_letter(&self) -> bool {
        !ScOrder::default().holds_under(Model::Cxx20, self.explorer.graph())
    }
}

/// Whether a wait can only end by a write that this execution does not have.
fn is_final(g: &Graph, id: Id) -> bool {
    match g.event(id).kind() {
        Kind::Spin => g.repeats_for_good(id),
        Kind::Read => g.reads_last_value(id),
        _ => true,
    }
}

fn describe(b: &BlockedThread) -> String {
    let site = b.site.map_or(String::new(), |s| format!(" at {s}"));
    let what = match b.wait {
        Wait::Lock => format!("waits for the lock {}", b.location),
        Wait::Condvar => format!("waits on the condition variable {}", b.location),
        Wait::Futex => format!("sleeps at the futex {}", b.location),
        Wait::Park => "is parked".to_string(),
        Wait::Join => "joins".to_string(),
        Wait::Spin => "spins for ever".to_string(),
    };
    let holder = match (b.wait, b.holder) {
        (Wait::Lock, Some(t)) => format!(", held by thread {t}"),
        (_, Some(t)) => format!(" thread {t}"),
        _ => String::new(),
    };
    let woken = if b.wakeup_issued { " (a wake-up was issued earlier)" } else { "" };
    format!("thread {} {what}{holder}{site}{woken}", b.thread)
}

//! A bounded search: every execution that has a schedule with few preemptions.
//!
//! A *schedule* of an execution adds its events one after the other, each after those before it in `po ∪ rf`. It *preempts* a thread
//! where it goes on with another one, although the thread could go on. There are far fewer executions with few of them, and bugs show there: Musuvathi,
//! Qadeer, *Iterative Context Bounding for Systematic Testing of Multithreaded Programs*, PLDI 2007, whose
//! programs are sequentially consistent. Here a read may read any coherent write that the schedule has added before, and a write may take any
//! coherent place in `co`: no preemption is needed for what is old.
//!
//! # The search
//!
//! There are no revisits: the events of a graph stand in the order of a schedule, and who comes next is a choice. Every graph of the model has
//! a schedule, as `po ∪ rf` has no cycle; so without a bound the search visits what the other one does, and the oracle compares the two.
//!
//! One execution has many schedules. So graphs are remembered with who goes on (`seen`): where a schedule comes to one that was reached before, with
//! no more preemptions, it ends. Each execution counts once.
//!
//! A thread is preempted only after an event that others can tell, such as an access that *contends* with another (`contention`): what comes before the next
//! such event may as well come before the switch. Who contends where is learnt on the way. If more is known at the end of a search
//! than at its beginning, it starts again: so in the last one nothing was new, and a switch elsewhere would show nothing that it has not visited.
//! This is argued, and compared with the oracle; it is not proved.
//!
//! The bound grows from none to the one asked for, so that a search which is cut off has an answer for a smaller one.
//!
//! # Waiting
//!
//! - Whose next operation would wait on the latest value cannot go on, and leaving it preempts nobody. If that operation has an
//!   alternative, a time-out or a spurious one, the thread may *give up* at any moment. Where nobody can go on, all that wait give up for good.
//! - A round of a waiting loop that fails, and is left out (`waits`), is taken back: all that its reads might read instead comes first, then the thread waits
//!   for another value. If it failed on an old value alone, others may go on without a preemption, as they may where a thread yields.
//! - A round that is *not* left out cannot be taken back. A thread that it stops on a value since overtaken makes the search incomplete,
//!   and the answer says so ([`Limit::Loop`](super::Limit::Loop)).

use super::ending::Stop;
use super::exec::{Exec, Status};
use super::explore::Alternative;
use super::graph::{Graph, Id};
use super::report::{Limit, Site};
use super::waits::{Awaited, values_read};

mod contention;
mod seen;

use contention::Contention;
use seen::Seen;

/// Threads that wait in loops, with what they have found: each location with its value.
type Waiting = Vec<(usize, Vec<(u32, u64)>)>;

/// The state of a bounded search.
#[derive(Debug)]
pub(super) struct Preemptions {
    /// The bound now, and the one asked for.
    bound: u32,
    most: u32,
    /// How many there are on the current path.
    pub used: u32,
    /// Some schedule has more than the bound allows.
    exceeded: bool,
    /// Nobody can go on: what is added now has no alternative.
    pub dead_end: bool,
    /// What the choice taken last says of who comes next.
    next: Option<Next>,
    /// Nothing is new yet in this run.
    resumed: bool,
    contention: Contention,
    seen: Seen,
    /// The lists of [`Next::Others`] that are noted.
    waiting: Vec<Waiting>,
}

/// Who comes next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Next {
    /// This thread.
    Thread(u16),
    /// This thread, by an alternative of what it waits for.
    GivesUp(u16),
    /// Whoever can, while the threads of this list wait for other values.
    Others(u32),
}

impl Preemptions {
    /// A search with at most so many; as many as there are need no smaller bound first.
    pub fn new(most: u32) -> Self {
        let bound = if most == u32::MAX { most } else { 0 };
        Preemptions::with(bound, most, Contention::default())
    }

    fn with(bound: u32, most: u32, contention: Contention) -> Self {
        Preemptions {
            bound,
            most,
            used: 0,
            exceeded: false,
            dead_end: false,
            next: None,
            resumed: false,
            contention,
            seen: Seen::new(),
            waiting: Vec::new(),
        }
    }

    /// What comes after an exhausted search: the same with what it has learnt, or the next bound. None if it was the last.
    pub fn further(&mut self) -> Option<Preemptions> {
        let has_learnt = self.contention.has_grown;
        (has_learnt || self.exceeded && self.bound < self.most).then(|| {
            let bound = self.bound + u32::from(!has_learnt);
            let mut contention = std::mem::take(&mut self.contention);
            contention.begin();
            Preemptions::with(bound, self.most, contention)
        })
    }

    /// The bound that left something out, in a search that is exhausted.
    pub fn left_out(&self) -> Option<u32> {
        self.exceeded.then_some(self.bound)
    }

    /// Up to how many everything was visited, in a search that was cut off.
    pub fn visited(&self) -> Option<u32> {
        if self.most == u32::MAX { None } else { self.bound.checked_sub(1) }
    }

    /// The bound on what is remembered, if it is reached.
    pub fn is_full(&self) -> Option<Limit> {
        self.seen.is_full()
    }

    /// There is a new event.
    pub fn added(&mut self, graph: &Graph, id: Id) {
        self.contention.learn(graph, id);
    }

    /// The search goes on with a choice at an event, from which on the graph changes.
    pub fn take_up(&mut self, at: Id, used: u32) {
        self.seen.change(at);
        (self.used, self.next) = (used, None);
    }

    /// The choice says who comes next. Whether that is new.
    pub fn take_turn(&mut self, graph: &Graph, next: Next) -> bool {
        self.next = Some(next);
        match next {
            Next::Thread(t) => self.is_new(graph, &[t.into()]),
            Next::GivesUp(t) => self.is_new(graph, &[t.into(), 1]),
            Next::Others(_) => true,
        }
    }

    /// The same schedule is run again: the thread that it came to goes on, also where its last events are taken back.
    pub fn run_again(&mut self, thread: u16) {
        self.next = Some(Next::Thread(thread));
    }

    /// Whether it is new who goes on in a graph.
    fn is_new(&mut self, graph: &Graph, next: &[u64]) -> bool {
        self.seen.is_new(graph, next, self.used)
    }

    /// Whether an execution that has ended is new, after whichever schedule: it counts once.
    fn is_new_end(&mut self, graph: &Graph) -> bool {
        self.seen.is_new(graph, &[], 0)
    }
}

impl Exec {
    /// Begins to add events in a bounded search.
    pub fn start_schedule(&mut self) {
        if let Some(preemptions) = &mut self.explorer.preemptions {
            (preemptions.resumed, preemptions.dead_end) = (true, false);
        }
    }

    /// The thread to run next in a bounded search; none if the execution ends.
    pub fn pick_in_schedule(&mut self) -> Option<usize> {
        let (_, preemptions) = self.explorer.schedule()?;
        let resumed = std::mem::take(&mut preemptions.resumed);
        let (next, is_dead_end) = (preemptions.next.take(), preemptions.dead_end);
        match next {
            Some(Next::Thread(t)) => return Some(t.into()),
            Some(Next::GivesUp(t)) => {
                self.threads[usize::from(t)].gives_up = true;
                return Some(t.into());
            }
            Some(Next::Others(list)) => self.let_wait(list),
            None => {}
        }
        let last = self.explorer.graph().events.last().copied();
        if !is_dead_end && last.is_some_and(|e| e.is_read() && e.is_blocked()) {
            // Somebody gave up, but has no alternative that goes on.
            return self.end_schedule();
        }
        let able: Vec<usize> = self.in_order().filter(|&t| self.can_go_on(t)).collect();
        let current = last.map(|e| usize::from(e.thread)).filter(|t| able.contains(t));
        if let (Some(current), Some(e)) = (current, last)
            && !self.explorer.schedule()?.1.contention.is_visible(&e)
        {
            return Some(current);
        }
        let next = current.or(able.first().copied());
        if !is_dead_end {
            let others = able.into_iter().filter(|&t| Some(t) != next);
            let others = others.map(|t| Next::Thread(t as u16));
            let giving_up = self.in_order().filter(|&t| self.may_give_up(t));
            let giving_up = giving_up.map(|t| Next::GivesUp(t as u16));
            let turns = others.chain(giving_up).collect::<Vec<_>>();
            let at = self.explorer.graph().events.len() as Id;
            turns.into_iter().for_each(|turn| self.note_turn(at, turn, current.is_some()));
        }
        let Some(next) = next else { return self.pick_at_dead_end() };
        let (graph, preemptions) = self.explorer.schedule()?;
        if !is_dead_end && !preemptions.is_new(graph, &[next as u64]) && !resumed {
            return self.end_schedule();
        }
        Some(next)
    }

    /// Nobody can go on: those who wait give up, one after the other.
    fn pick_at_dead_end(&mut self) -> Option<usize> {
        self.explorer.schedule()?.1.dead_end = true;
        if let Some(waiting) = self.first_waiting() {
            self.threads[waiting].gives_up = true;
            return Some(waiting);
        }
        let (graph, preemptions) = self.explorer.schedule()?;
        if preemptions.is_new_end(graph) { None } else { self.end_schedule() }
    }

    /// Nothing new comes of the schedule.
    fn end_schedule(&mut self) -> Option<usize> {
        self.stop = Some(Stop::Hopeless);
        None
    }

    /// Whether a thread waits for what only an alternative of its operation ends as yet.
    fn may_give_up(&self, t: usize) -> bool {
        let thread = &self.threads[t];
        let Some(Awaited::Operation(label)) = &thread.awaits else { return false };
        let g = self.explorer.graph();
        let latest = || g.co(label.loc).last().map(|&w| g.event(w).value);
        thread.status == Status::Await
            && label.step.is_some()
            && self.waits(t)
            && latest().is_some_and(|value| label.step(value, 1).is_some())
    }

    /// Notes that it may be another's turn before event `at`. That preempts who `could_go_on`.
    fn note_turn(&mut self, at: Id, turn: Next, could_go_on: bool) {
        let Some((_, preemptions)) = self.explorer.schedule() else { return };
        let used = preemptions.used + u32::from(could_go_on);
        if used > preemptions.bound {
            preemptions.exceeded = true;
        } else {
            self.explorer.note_before(at, Alternative::Turn(turn), used);
        }
    }

    /// The round from `head` on of the running thread fails, and is to be left out: takes it back.
    pub fn take_back(&mut self, head: usize) -> Status {
        let t = self.running;
        let g = self.explorer.graph();
        let round = &g.threads[t][head..];
        let first = round[0];
        if g.events.len() - first as usize != round.len() {
            // Others came between. What they did they may do before the round, too.
            return self.stop(Stop::Hopeless);
        }
        let is_latest = |&r: &Id| {
            let e = g.event(r);
            !e.is_read() || g.co(e.loc()).last() == Some(&e.rf)
        };
        if !round.iter().all(is_latest) {
            let others = self.in_order().filter(|&other| other != t && self.can_go_on(other));
            for other in others.collect::<Vec<_>>() {
                self.note_turn(first, Next::Thread(other as u16), false);
            }
            return self.stop(Stop::Hopeless);
        }
        if !self.explorer.has_choices_from(first) {
            return self.wait_for_other_values(head);
        }
        let found = values_read(g, round);
        let awaited = self.threads.iter().enumerate().filter_map(|(t, thread)| {
            let Some(Awaited::Values(values)) = &thread.awaits else { return None };
            (thread.status == Status::Await).then(|| (t, values.clone()))
        });
        let waiting: Waiting = awaited.chain([(t, found)]).collect();
        if let Some((_, preemptions)) = self.explorer.schedule() {
            preemptions.waiting.push(waiting);
            let list = preemptions.waiting.len() as u32 - 1;
            self.note_turn(first, Next::Others(list), false);
        }
        self.stop(Stop::Hopeless)
    }

    /// Lets the threads of a list wait for other values than they have found.
    fn let_wait(&mut self, list: u32) {
        let Some((_, preemptions)) = self.explorer.schedule() else { return };
        preemptions.waiting.truncate(list as usize + 1);
        for (t, values) in preemptions.waiting.pop().unwrap_or_default() {
            self.threads[t].status = Status::Await;
            self.threads[t].awaits = Some(Awaited::Values(values));
        }
    }

    /// Where a thread stands that waits for good, in an execution that waits only for lack of a newer value.
    pub fn overtaken(&self) -> Option<Site> {
        let g = self.explorer.graph();
        let blocked = self.in_order().find(|&t| self.threads[t].status == Status::Blocked)?;
        g.threads[blocked].last().map(|&id| g.site(id).into())
    }
}

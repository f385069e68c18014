//! A bounded search: every execution that has a schedule with few preemptions.
//!
//! A *schedule* of an execution adds its events one after the other, each after those before it in `po ∪ rf`. It *preempts* a thread
//! where it goes on with another one, although the thread could go on. Bugs show with few preemptions, and programs that are too large have far fewer executions
//! with few of them: Musuvathi, Qadeer, *Iterative Context Bounding for Systematic Testing of Multithreaded Programs*, PLDI 2007, whose
//! programs are sequentially consistent. Here a read may read any coherent write that the schedule has added before, and a write may take any
//! coherent place in `co`: no preemption is needed for what is stale.
//!
//! # The search
//!
//! There are no revisits: the events of a graph stand in the order of a schedule, and who comes next is a choice. Every graph of the model has
//! a schedule, as `po ∪ rf` has no cycle; so without a bound the search visits what the other one does, and the oracle compares the two.
//!
//! One execution has many schedules. So graphs are remembered, each by 128 bits of its hash and who goes on: where a schedule comes to one that was reached before,
//! with no more preemptions, it ends. Each execution counts once.
//!
//! A thread is preempted only after an event that others can tell, as what comes before the next such event may as well come before the switch: an
//! access of a location where it *contends* with another thread. Two accesses contend if one of them writes and the later one's thread
//! could have come first: the earlier one is not in the `po ∪ rf`-prefix of what precedes the later one. Who contends where is learnt on the way. If more is known at the end of a search
//! than at its beginning, it starts again: so in the last one nothing was new, and a switch elsewhere would show nothing that it has not visited.
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

use std::collections::HashMap;

use super::ending::Stop;
use super::exec::{Exec, Status};
use super::explore::Alternative;
use super::graph::{Event, Graph, Id, NONE};
use super::hash::mix;
use super::label::{Kind, Op, Outcome};
use super::report::{Limit, Site};
use super::waits::{Awaited, values_read};

/// What threads that wait in loops have found: each location with its value.
type Waiting = Vec<(usize, Vec<(u32, u64)>)>;

/// The state of a bounded search.
#[derive(Debug)]
pub(super) struct Preemptions {
    /// The bound now, and the one asked for.
    bound: u32,
    most: u32,
    /// Which threads contend at a location, a bit each, and whether that was learnt in this search.
    contenders: Vec<u64>,
    has_learnt: bool,
    /// How many there are on the current path.
    pub used: u32,
    /// Some were more than the bound allows.
    exceeded: bool,
    /// Nobody can go on: what is added now has no alternative.
    pub dead_end: bool,
    /// What the choice taken last says of who comes next.
    next: Option<Next>,
    /// Nothing is new yet in this run.
    resumed: bool,
    /// Graphs with who went on, and after how many preemptions.
    seen: HashMap<u128, u32>,
    /// The sum of what the first `n` events say of the graph, for each `n`.
    sums: Vec<u128>,
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

/// How many graphs are remembered at most: half a gigabyte.
const GRAPHS: usize = 10_000_000;

/// What a state says of who comes next, if nobody does.
const NOBODY: u64 = u64::MAX;

impl Preemptions {
    /// Without a bound there is nothing to begin with.
    pub fn new(most: u32) -> Self {
        Preemptions {
            bound: if most == u32::MAX { most } else { 0 },
            most,
            contenders: Vec::new(),
            has_learnt: false,
            used: 0,
            exceeded: false,
            dead_end: false,
            next: None,
            resumed: true,
            seen: HashMap::new(),
            sums: vec![0],
            waiting: Vec::new(),
        }
    }

    /// Begins the next search, if this one is not the last.
    pub fn goes_further(&mut self) -> bool {
        let more = self.has_learnt || self.exceeded && self.bound < self.most;
        if more {
            self.bound += u32::from(!self.has_learnt);
            let contenders = std::mem::take(&mut self.contenders);
            *self = Preemptions { bound: self.bound, contenders, ..Preemptions::new(self.most) };
        }
        more
    }

    /// Up to how many preemptions everything was visited, if this search was not exhausted.
    pub fn exhausted(&self) -> Option<u32> {
        if self.most == u32::MAX { None } else { self.bound.checked_sub(1) }
    }

    /// The bound on what is remembered, if it is reached.
    pub fn is_full(&self) -> Option<Limit> {
        (self.seen.len() >= GRAPHS).then_some(Limit::Graphs(GRAPHS))
    }

    /// Whether the bound left something out.
    pub fn is_exceeded(&self) -> bool {
        self.exceeded
    }

    /// Notes with whom a new event contends.
    pub fn contend(&mut self, graph: &Graph, id: Id) {
        let e = graph.event(id);
        let Some(before) = graph.po_pred(id).filter(|_| is_access(e)) else { return };
        let loc = e.loc() as usize;
        if self.contenders.len() <= loc {
            self.contenders.resize(loc + 1, 0);
        }
        let mut contenders = self.contenders[loc];
        let (me, writes) = (bit(e.thread), writes(e));
        for other in graph.accesses(e.loc()) {
            let o = graph.event(other);
            let both = me | bit(o.thread);
            let is_known = contenders & both == both;
            if !is_known
                && o.thread != e.thread
                && (writes || self::writes(o))
                && !graph.porf(other, before)
            {
                contenders |= both;
            }
        }
        self.has_learnt |= contenders != self.contenders[loc];
        self.contenders[loc] = contenders;
    }

    /// Whether others can tell that an event is there.
    fn is_visible(&self, e: &Event) -> bool {
        let contends =
            || self.contenders.get(e.loc() as usize).is_some_and(|c| c & bit(e.thread) != 0);
        is_access(e) && contends()
            || matches!(e.kind(), Kind::Create | Kind::End | Kind::Free)
            || e.label.op == Op::Leave
    }

    /// The search goes on with a choice at an event, from which on the graph changes.
    pub fn take_up(&mut self, at: Id, used: u32) {
        self.sums.truncate(at as usize + 1);
        self.used = used;
        self.next = None;
    }

    /// The same schedule is run again: the thread that it came to goes on, also where its last events are taken back.
    pub fn run_again(&mut self, thread: u16) {
        self.next = Some(Next::Thread(thread));
    }

    /// The choice says who comes next. Whether that is new.
    pub fn goes_on(&mut self, graph: &Graph, next: Next) -> bool {
        self.next = Some(next);
        match next {
            Next::Thread(t) => self.is_new(graph, wide(&[t.into()]), false),
            Next::GivesUp(t) => self.is_new(graph, wide(&[t.into(), 1]), false),
            Next::Others(_) => true,
        }
    }

    /// Whether a graph is new, with what comes next in it; notes it. One that has ended counts once.
    pub fn is_new(&mut self, graph: &Graph, next: u128, ended: bool) -> bool {
        let key = self.sum(graph).wrapping_add(next);
        let used = if ended { 0 } else { self.used };
        let known = self.seen.entry(key).or_insert(u32::MAX);
        let is_new = used < *known;
        *known = used.min(*known);
        is_new
    }

    /// What all events say of the graph together: that they are there, what each reads, and the pairs of neighbours in `co`. The order in which they were added
    /// does not matter.
    fn sum(&mut self, graph: &Graph) -> u128 {
        self.sums.truncate(graph.events.len() + 1);
        for id in self.sums.len() as Id - 1..graph.events.len() as Id {
            let sum = self.sums[id as usize];
            self.sums.push(sum.wrapping_add(says(graph, id)));
        }
        self.sums[graph.events.len()]
    }
}

/// What an event adds to the sum.
fn says(graph: &Graph, id: Id) -> u128 {
    let e = graph.event(id);
    let name = |id: Option<Id>| {
        let event = id.filter(|&id| id != NONE).map(|id| graph.event(id));
        event.map_or(NOBODY, |e| u64::from(e.thread) << 16 | u64::from(e.index))
    };
    let me = name(Some(id));
    let last = if e.label.op == Op::Leave { e.value } else { 0 };
    let mut sum = wide(&[me, name(Some(e.rf)), e.variant.into(), last]);
    if e.is_write() && e.co != NONE {
        let co = graph.co(e.loc());
        let at = e.co as usize;
        let before = co[..at].iter().rfind(|&&w| w < id).copied();
        let after = co[at + 1..].iter().find(|&&w| w < id).copied();
        let pair = |a, b| wide(&[name(a), name(b), e.loc().into()]);
        sum = sum.wrapping_add(pair(before, Some(id))).wrapping_add(pair(Some(id), after));
        sum = sum.wrapping_sub(pair(before, after));
    }
    sum
}

/// 128 bits of a hash.
fn wide(values: &[u64]) -> u128 {
    let half = |seed| values.iter().fold(seed, |key, &value| mix(key, value));
    u128::from(half(1)) << 64 | u128::from(half(2))
}

fn is_access(e: &Event) -> bool {
    e.label.branches && (e.is_read() || e.is_write())
}

fn writes(e: &Event) -> bool {
    e.is_write() || matches!(e.outcome, Outcome::Write(_))
}

/// A thread's bit; the last is for all that have none of their own.
fn bit(thread: u16) -> u64 {
    1 << thread.min(63)
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
        let resumed = std::mem::take(&mut self.preemptions().resumed);
        match self.preemptions().next.take() {
            Some(Next::Thread(t)) => return Some(t.into()),
            Some(Next::GivesUp(t)) => {
                self.threads[usize::from(t)].gives_up = true;
                return Some(t.into());
            }
            Some(Next::Others(list)) => self.let_wait(list),
            None => {}
        }
        let last = self.explorer.graph().events.last().copied();
        if !self.preemptions().dead_end && last.is_some_and(|e| e.is_read() && e.is_blocked()) {
            // Somebody gave up, but has no alternative that goes on.
            self.stop = Some(Stop::Hopeless);
            return None;
        }
        let at = self.explorer.graph().events.len() as Id;
        let able: Vec<usize> = self.in_order().filter(|&t| self.can_go_on(t)).collect();
        let patient = self.in_order().filter(|&t| self.may_give_up(t)).collect::<Vec<_>>();
        let current = last.map_or(0, |e| usize::from(e.thread));
        let goes_on = able.contains(&current);
        let next = if goes_on { Some(current) } else { able.first().copied() };
        let switches = !goes_on || last.is_none_or(|e| self.preemptions().is_visible(&e));
        if goes_on && !switches {
            return next;
        }
        if last.is_some() && !self.preemptions().dead_end {
            let others = able.iter().filter(|&&t| Some(t) != next);
            let others = others.map(|&t| Alternative::Next(Next::Thread(t as u16)));
            let give_up = patient.iter().map(|&t| Alternative::Next(Next::GivesUp(t as u16)));
            for choice in others.chain(give_up).collect::<Vec<_>>() {
                self.note_switch(at, choice, goes_on);
            }
        }
        let Some(next) = next else { return self.pick_at_dead_end() };
        self.go_on_with(next, next as u64, resumed)
    }

    /// Goes on with a thread, unless it was seen to do so in this graph.
    fn go_on_with(&mut self, thread: usize, key: u64, resumed: bool) -> Option<usize> {
        if !self.preemptions().dead_end && !self.is_new_state(key) && !resumed {
            self.stop = Some(Stop::Hopeless);
            return None;
        }
        Some(thread)
    }

    /// Nobody can go on: those who wait give up, one after the other.
    fn pick_at_dead_end(&mut self) -> Option<usize> {
        self.preemptions().dead_end = true;
        if let Some(waiting) = self.first_waiting() {
            self.threads[waiting].gives_up = true;
            return Some(waiting);
        }
        if !self.is_new_state(NOBODY) {
            self.stop = Some(Stop::Hopeless);
        }
        None
    }

    fn preemptions(&mut self) -> &mut Preemptions {
        self.explorer.preemptions.as_mut().expect("the search is bounded")
    }

    /// Whether it is new that `next` goes on in this graph.
    fn is_new_state(&mut self, next: u64) -> bool {
        self.explorer.is_new_state(wide(&[next]), next == NOBODY)
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

    /// Notes that another thread may come before event `at`, in place of one that `goes_on`.
    fn note_switch(&mut self, at: Id, choice: Alternative, goes_on: bool) {
        let preemptions = self.preemptions();
        let used = preemptions.used + u32::from(goes_on);
        if used > preemptions.bound {
            preemptions.exceeded = true;
        } else {
            self.explorer.note_before(at, choice, used);
        }
    }

    /// The new round from `head` on of the running thread fails, and is to be left out: takes it back.
    pub fn take_back(&mut self, head: usize) -> Status {
        let t = self.running;
        let g = self.explorer.graph();
        let round = &g.threads[t][head..];
        let first = round[0];
        if g.events.len() - first as usize != round.len() {
            // Others came between. What they did they may do before the round, too.
            return self.stop(Stop::Hopeless);
        }
        let is_old = |&&r: &&Id| {
            let e = g.event(r);
            e.is_read() && g.co(e.loc()).last() != Some(&e.rf)
        };
        if round.iter().any(|r| is_old(&r)) {
            let others = self.in_order().filter(|&other| other != t && self.can_go_on(other));
            for other in others.collect::<Vec<_>>() {
                self.note_switch(first, Alternative::Next(Next::Thread(other as u16)), false);
            }
            return self.stop(Stop::Hopeless);
        }
        if !self.explorer.has_choices_from(first) {
            return self.wait_for_other_values(head);
        }
        let awaited = self.threads.iter().enumerate().filter_map(|(t, thread)| {
            let Some(Awaited::Values(values)) = &thread.awaits else { return None };
            (thread.status == Status::Await).then(|| (t, values.clone()))
        });
        let waiting = awaited.chain([(t, values_read(g, round))]).collect();
        let preemptions = self.preemptions();
        preemptions.waiting.push(waiting);
        let list = preemptions.waiting.len() as u32 - 1;
        self.note_switch(first, Alternative::Next(Next::Others(list)), false);
        self.stop(Stop::Hopeless)
    }

    /// Where a thread stands that waits for good, in an execution that waits only for lack of a newer value.
    pub fn overtaken(&self) -> Option<Site> {
        let g = self.explorer.graph();
        let blocked = self.in_order().find(|&t| self.threads[t].status == Status::Blocked)?;
        g.threads[blocked].last().map(|&id| g.site(id).into())
    }

    /// Lets the threads of a list wait for other values than they have found.
    fn let_wait(&mut self, list: u32) {
        let preemptions = self.preemptions();
        preemptions.waiting.truncate(list as usize + 1);
        for (t, values) in preemptions.waiting.pop().unwrap_or_default() {
            self.threads[t].status = Status::Await;
            self.threads[t].awaits = Some(Awaited::Values(values));
        }
    }
}

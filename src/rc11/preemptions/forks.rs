//! Where a schedule may go on otherwise, and who is worth trying there.

use super::super::clock::Clock;
use super::super::exec::Status;
use super::super::graph::{Event, Graph, Id};
use super::super::label::{Kind, Label, Op};
use super::Next;

/// The forks of the current schedule, a fork before each event for which somebody was picked.
#[derive(Debug, Default)]
pub(super) struct Forks(Vec<Fork>);

#[derive(Debug)]
struct Fork {
    /// The event that it is before.
    at: Id,
    /// The preemptions until then.
    used: u32,
    /// Who came before, and could go on.
    current: Option<u16>,
    able: Vec<u16>,
    giving_up: Vec<u16>,
    waiters: Vec<Waiter>,
    /// The turns that were taken or are noted, with the preemptions until then.
    taken: Vec<(Next, u32)>,
}

/// A thread that cannot go on at a fork: it joins another one, or has come to an operation that waits.
#[derive(Clone, Debug)]
pub(super) struct Waiter {
    pub thread: u16,
    /// How many events it has.
    pub events: u32,
    pub status: Status,
    pub operation: Option<Label>,
}

impl Forks {
    /// Forgets the forks behind an event.
    pub fn truncate(&mut self, at: Id) {
        while self.0.last().is_some_and(|fork| fork.at > at) {
            self.0.pop();
        }
    }

    /// Somebody is picked.
    pub fn open(
        &mut self,
        at: Id,
        used: u32,
        current: Option<u16>,
        able: Vec<u16>,
        giving_up: Vec<u16>,
        waiters: Vec<Waiter>,
    ) {
        self.truncate(at);
        let taken = match self.0.pop_if(|fork| fork.at == at) {
            Some(before) => before.taken,
            None => Vec::new(),
        };
        self.0.push(Fork { at, used, current, able, giving_up, waiters, taken });
    }

    /// Who waited at the last fork up to an event.
    pub fn waiters(&mut self, at: Id) -> &[Waiter] {
        self.before(at).map_or(&[], |fork| &fork.waiters)
    }

    /// Notes a turn; whether it is new.
    pub fn take(&mut self, at: Id, turn: Next, used: u32) -> bool {
        let Some(fork) = self.before(at) else { return false };
        let known = fork.taken.iter_mut().find(|(taken, _)| *taken == turn);
        match known {
            Some((_, known)) if *known <= used => return false,
            Some((_, known)) => *known = used,
            None => fork.taken.push((turn, used)),
        }
        true
    }

    /// The preemptions with a turn, which preempts nobody if it is free.
    pub fn cost(&mut self, at: Id, turn: Next, is_free: bool) -> Option<u32> {
        let fork = self.before(at)?;
        let preempts = fork.current.is_some_and(|current| turn != Next::Thread(current));
        Some(fork.used + u32::from(preempts && !is_free))
    }

    fn before(&mut self, at: Id) -> Option<&mut Fork> {
        let end = self.0.partition_point(|fork| fork.at <= at);
        self.0[..end].last_mut()
    }

    /// The turns by which an event may come to stand before others, the last one first: at the fork before the last of each thread, and at the beginning
    /// of its block, where nobody is preempted for it. Where the event's thread could not have gone on, an earlier one may be the one.
    pub fn towards(&self, graph: &Graph, late: &Late) -> (Vec<(Id, Next)>, Vec<Tried>) {
        let (mut turns, mut tried) = (Vec::new(), Vec::<Tried>::new());
        for &(other, thread) in &late.others {
            let is_reached = tried.iter().any(|tried| tried.is_reached && tried.thread == thread);
            if is_reached || late.until.is_some_and(|until| other >= until) {
                continue;
            }
            let end = self.0.partition_point(|fork| fork.at <= other);
            let Some(last) = self.0[..end].last() else { continue };
            let is_reached = last.towards(graph, thread, late, &mut turns);
            let first = self.0[..end].iter().rfind(|fork| fork.current != Some(thread));
            let first = first.unwrap_or(last);
            if first.at != last.at {
                first.towards(graph, thread, late, &mut turns);
            }
            tried.push(Tried { other, thread, forks: [first.at, last.at], is_reached });
        }
        (turns, tried)
    }
}

/// An event that others of other threads need not come before.
#[derive(Debug, PartialEq)]
pub(super) struct Late {
    pub thread: u16,
    /// How many events of each thread it comes after in `po ∪ rf`, but for its own source.
    pub after: Box<[u16]>,
    /// The others with their threads, the last one first; only those before `until` count, if it is given.
    pub others: Vec<(Id, u16)>,
    pub until: Option<Id>,
}

/// What was tried for a [`Late`] event and one of the others.
#[derive(Debug)]
pub(super) struct Tried {
    pub other: Id,
    pub thread: u16,
    /// Where it was tried: the fork before the other's block, and the one before the other itself.
    pub forks: [Id; 2],
    /// The event's own thread goes on there, so that earlier ones of the other's thread are looked at when it does.
    pub is_reached: bool,
}

impl Late {
    /// A new event, and those of these others that it need not come after.
    fn new(graph: &Graph, id: Id, others: impl Iterator<Item = Id>, until: Option<Id>) -> Late {
        let thread = graph.event(id).thread;
        let before = graph.po_pred(id);
        let is_after = |&other: &Id| before.is_some_and(|before| graph.porf(other, before));
        let others = others.map(|other| (other, graph.event(other).thread));
        let others = others.filter(|(other, of)| *of != thread && !is_after(other));
        let mut others: Vec<(Id, u16)> = others.collect();
        others.sort_unstable_by(|a, b| b.cmp(a));
        let after = graph.clocks.get(before.unwrap_or(id), Clock::Porf);
        // Whoever has no events yet may have no entry yet.
        let known = after.iter().rposition(|&n| n > 0).map_or(0, |last| last + 1);
        Late { thread, after: after[..known].into(), others, until }
    }

    /// Whether the event comes after the `index`-th one of a thread.
    fn is_after(&self, thread: u16, index: u16) -> bool {
        self.after.get(usize::from(thread)).is_some_and(|&n| index < n)
    }
}

impl Fork {
    /// The turns at this fork; whether they are the event's own thread's.
    fn towards(&self, graph: &Graph, other: u16, late: &Late, turns: &mut Vec<(Id, Next)>) -> bool {
        let turn_of = |t| {
            let able = self.able.contains(&t).then_some(Next::Thread(t));
            able.or(self.giving_up.contains(&t).then_some(Next::GivesUp(t)))
        };
        if let Some(turn) = turn_of(late.thread) {
            turns.push((self.at, turn));
            return true;
        }
        let all = || self.able.iter().chain(&self.giving_up).copied().filter(|&t| t != other);
        let leads = |&t: &u16| {
            let events = graph.threads.get(usize::from(t)).map_or(&[][..], Vec::as_slice);
            late.is_after(t, events.partition_point(|&id| id < self.at) as u16)
        };
        let n = turns.len();
        turns.extend(all().filter(leads).filter_map(turn_of).map(|turn| (self.at, turn)));
        // Nobody does if a wait was ended by what is not read: whoever can is tried, as there.
        if turns.len() == n {
            turns.extend(all().filter_map(turn_of).map(|turn| (self.at, turn)));
        }
        false
    }
}

/// The reads of other threads that come before a new write, and could have read it. What else comes before it may do so: reads may read what is old, and
/// writes may stand anywhere in `co`.
pub(super) fn missed_reads(graph: &Graph, id: Id) -> Option<Late> {
    let e = graph.event(id);
    let reads = may_write(e).then(|| graph.memory[e.loc() as usize].reads.iter().copied())?;
    Some(Late::new(graph, id, reads.filter(|&read| graph.event(read).label.branches), None))
}

/// What other threads have done that a new event would have waited for: a write that its operation goes on by, or a thread's end. Who comes before that
/// leaves its turn there without being preempted. It is the same if it has done nothing since, but join others. (The rounds of a waiting loop have this from
/// the old values that they read: `take_back`.)
pub(super) fn ended_waits(graph: &Graph, id: Id) -> Option<Late> {
    let e = graph.event(id);
    let joins = |&id: &Id| graph.event(id).label.op == Op::Join;
    let mut before = graph.threads[e.thread as usize][..e.index as usize].iter().rev();
    let &done = before.find(|&id| !joins(id))?;
    let ends: Vec<Id> = if joins(&id) {
        vec![e.rf]
    } else if e.is_read() && e.label.step.is_some() {
        let waits = |w| graph.blocks(id, w, 0);
        let ends = graph.co(e.loc()).windows(2).filter(|pair| waits(pair[0]) && !waits(pair[1]));
        ends.map(|pair| pair[1]).collect()
    } else {
        return None;
    };
    Some(Late::new(graph, id, ends.into_iter(), Some(done)))
}

/// The departures of other threads that the last one does not come after.
pub(super) fn other_departures(graph: &Graph, last: Id) -> Option<Late> {
    let departures = &graph.memory[graph.event(last).loc() as usize].departures;
    Some(Late::new(graph, last, departures.iter().copied(), None))
}

/// Whether an operation writes, or could with another source. The write half of one was looked at with its read.
fn may_write(e: &Event) -> bool {
    e.label.branches && (e.kind() == Kind::Write || e.is_read() && e.label.step.is_some())
}

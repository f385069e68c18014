//! Rounds of loops, as they are read off a graph: those that fail, and those that are met.

use super::super::exec::Exec;
use super::super::graph::{Event, Graph, Id, NONE};
use super::super::hash::mix;
use super::super::label::{Kind, Label, Op, Order, Outcome};
use super::super::ops::At;
use super::Loop;
use super::history::{is_address, reading};

/// One operation of a round, and what it read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Step {
    pub(super) op: Op,
    pub(super) loc: u32,
    pub(super) ord: Order,
    pub(super) site: At,
    pub(super) value: u64,
    pub(super) outcome: Outcome,
}

/// What a round ends with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Last {
    /// This hint: the thread comes round once more.
    Hint(At),
    /// This operation at this place: the thread has left the loop.
    Operation(Op, At),
    /// Whatever comes next.
    Next,
    /// It has not come so far.
    Unknown,
}

/// A round of a loop.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Round {
    pub(super) steps: Vec<Step>,
    pub(super) last: Last,
}

impl Round {
    /// Whether something that it reads may be an address, which is another one in another run.
    pub(super) fn reads_address(&self) -> bool {
        self.steps.iter().any(|step| is_address(step.value))
    }
}

/// A round that was found to fail.
#[derive(Debug)]
pub(in super::super) struct Lesson {
    pub(super) thread: u16,
    pub(super) loop_: Loop,
    /// Where the round begins and ends in program order.
    pub(super) head: u16,
    pub(super) end: u16,
    /// All its reads are new: they had the latest values.
    pub(super) is_new: bool,
    /// The thread's history up to the head, the end, and the round's last read.
    pub(super) keys: [u64; 3],
    pub(super) round: Round,
    /// Locations, and allocations, that it reads, but for those of its first read.
    pub(super) elsewhere: Vec<u32>,
}

/// A round met in an execution, not rehearsed yet.
#[derive(Debug)]
pub(in super::super) struct Met {
    pub(super) thread: u16,
    pub(super) head: u16,
    pub(super) key: u64,
    pub(super) round: Round,
}

impl Exec {
    /// What is to be learnt of the round from `head` to a new hint, which is known to come again for ever: none if it is to be explored.
    pub fn lesson_at(&mut self, hint: Id, head: usize) -> Option<Box<Lesson>> {
        let Event { thread, index, label, .. } = *self.explorer.graph().event(hint);
        self.lesson(thread, [head as u16, index], Last::Hint(label.site))
    }

    /// What is to be learnt of a round, from its first event to the one after its last.
    pub(super) fn lesson(
        &mut self,
        thread: u16,
        [head, end]: [u16; 2],
        last: Last,
    ) -> Option<Box<Lesson>> {
        if self.waits.off || self.alone.is_some() || head == 0 {
            return None;
        }
        let g = self.explorer.graph();
        let events = &g.threads[thread as usize];
        let before = g.event(events[head as usize - 1]);
        let loop_ = match last {
            Last::Hint(site) if before.kind() == Kind::Spin => {
                (site, !std::ptr::eq(before.label.site, site))
            }
            Last::Hint(site) | Last::Operation(_, site) => (site, true),
            Last::Next | Last::Unknown => return None,
        };
        let round = &events[head as usize..end as usize];
        if !round.iter().all(|&id| can_be_left_out(g, id)) {
            return None;
        }
        let steps = round.iter().filter(|&&id| !g.event(id).is_write());
        let steps = steps.map(|&id| step(g, id)).collect();
        let last_read = head + round.iter().rposition(|&r| g.event(r).is_read())? as u16;
        let places = |label: &Label| [label.loc, label.allocation];
        let reads = || round.iter().map(|&r| g.event(r)).filter(|e| e.is_read());
        let first = places(&reads().next()?.label);
        let elsewhere = reads().flat_map(|e| places(&e.label));
        let elsewhere =
            elsewhere.filter(|place| *place != NONE && !first.contains(place)).collect();
        let [at_head, at_end, at_read] =
            [head, end, last_read + 1].map(|len| self.history(thread, len));
        if self.waits.table.lock().is_refused(loop_, at_end?) {
            return None;
        }
        Some(Box::new(Lesson {
            thread,
            loop_,
            head,
            end,
            is_new: u32::from(head) >= self.threads[thread as usize].recorded,
            keys: [at_head?, at_end?, at_read?],
            round: Round { steps, last },
            elsewhere,
        }))
    }

    /// Rounds of this execution that are to be rehearsed.
    pub fn new_rounds(&mut self) -> Vec<Met> {
        if self.waits.off || self.waits.parts.is_empty() {
            return Vec::new();
        }
        let mut rounds = self.rounds();
        rounds.retain(|met| {
            let mut known = self.waits.table.lock();
            let others = known.others.entry(met.key).or_default();
            let is_new = !others.contains(&met.round);
            if is_new {
                others.push(met.round.clone());
            }
            self.waits.seen.insert(hash_of(met.key, &met.round));
            is_new && known.failed.contains_key(&met.key)
        });
        rounds
    }

    /// The rounds of loops in this execution that this worker has not seen before.
    fn rounds(&mut self) -> Vec<Met> {
        let mut rounds = Vec::new();
        for thread in 0..self.explorer.graph().threads.len() as u16 {
            for head in 0..self.explorer.graph().threads[thread as usize].len() as u16 {
                let g = self.explorer.graph();
                let events = &g.threads[thread as usize][head as usize..];
                let e = g.event(events[0]);
                if !(e.is_read() && self.waits.is_of_loop(e.label.op, e.label.site)) {
                    continue;
                }
                let Some(round) = self.round_from(events) else { continue };
                let Some(key) = self.history(thread, head) else { break };
                if !self.waits.seen.contains(&hash_of(key, &round)) {
                    rounds.push(Met { thread, head, key, round });
                }
            }
        }
        rounds
    }

    /// The round that begins with these events, up to the first that is no part of a loop. None if it has just come to a hint: whether it
    /// fails is found out there, and what it leaves is a matter of what comes after that.
    fn round_from(&self, events: &[Id]) -> Option<Round> {
        let g = self.explorer.graph();
        let is_part = |&&id: &&Id| {
            let e = g.event(id);
            e.kind() == Kind::ExclusiveWrite || self.waits.is_of_loop(e.label.op, e.label.site)
        };
        let len = events.iter().take_while(is_part).count();
        let steps = events[..len].iter().filter(|&&id| !g.event(id).is_write());
        let last = match events.get(len).map(|&id| g.event(id).label) {
            Some(Label { kind: Kind::Spin, .. }) if events.len() == len + 1 => return None,
            Some(Label { kind: Kind::Spin, site, .. }) => Last::Hint(site),
            Some(Label { op, site, .. }) => Last::Operation(op, site),
            None => Last::Unknown,
        };
        Some(Round { steps: steps.map(|&id| step(g, id)).collect(), last })
    }
}

/// Whether an event changes nothing, and is what a rehearsal can tell. A read-modify-write that writes the value that it read changes nothing: who
/// reads its write could read the one before.
pub(super) fn can_be_left_out(g: &Graph, id: Id) -> bool {
    let e = g.event(id);
    let spurious = e.variant > 0 && e.label.op.is_spurious();
    match e.kind() {
        Kind::Fence => true,
        Kind::Read => e.is_atomic() && e.label.branches && !spurious && !is_address(e.value),
        Kind::ExclusiveWrite => !g.changes(id),
        _ => false,
    }
}

pub(super) fn step(g: &Graph, id: Id) -> Step {
    let e = g.event(id);
    let Label { op, loc, ord, site, .. } = e.label;
    Step { op, loc, ord, site, value: e.value, outcome: e.outcome }
}

/// The key of a history with what a round reads after it, and how that ends.
pub(super) fn hash_of(key: u64, round: &Round) -> u64 {
    let last = match round.last {
        Last::Unknown => 0,
        Last::Next => 1,
        Last::Hint(at) => reading(0, 1, std::ptr::from_ref(at).addr() as u64),
        Last::Operation(op, at) => {
            reading(mix(0, op as u64), 0, std::ptr::from_ref(at).addr() as u64)
        }
    };
    round.steps.iter().fold(reading(key, 0, last), |key, step| {
        let site = std::ptr::from_ref(step.site).addr() as u64;
        reading(
            reading(key, u8::from(matches!(step.outcome, Outcome::Write(_))), step.value),
            0,
            site,
        )
    })
}

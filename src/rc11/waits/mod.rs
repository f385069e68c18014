//! Waiting loops whose failed rounds are no events.
//!
//! A *round* of a waiting loop reads, changes nothing, and comes to a spin hint. Where the thread's memory is after it what it would be
//! without it, an execution with the round differs in nothing from the one without: what other threads do they do there, too, and less is
//! ordered. So such a round is not explored. It is a matter of the loop, not of the values: `while x.load(Acquire) == 0 {}` does not
//! remember how often it came round; one that sets a flag on the way, or counts, does.
//!
//! # What happens at a hint
//!
//! `shadow` has found that the thread would come round for ever on the values it read, and where the round begins, its *head*. If the round is
//! plain reads and fences it becomes a lesson ([`Lesson`]): the execution ends, the loop is *rehearsed* (below), and the graph runs again. From then
//! on, when the same thread with the same history comes to that hint:
//!
//! - if all reads of the round are new, they had the latest values. The round leaves the graph with all its choices, and the thread waits until one
//!   of these values changes ([`Awaited::Values`]): then it tries again. So a thread's round is in the graph once it ends the
//!   loop, with the alternatives of each read; or if nobody can go on any more, so that a livelock is found;
//! - if the last read of the round has an old value, and what overwrote it is there to stay, the execution is dropped: no revisit would ever change
//!   that read, nor one before it, for it would have to delete a read that is not canonical (`explore::revisit`). An old value of an earlier read
//!   alone is another matter: the last one may still be revisited, and end the loop. Where it is known beforehand, the execution does not
//!   even start ([`Waits::hopeless`]);
//! - else a revisit has brought the round there, and another may take it away: it stays, and the thread is blocked.
//!
//! A round may also end without a hint, where the loop begins anew (`attempts`). A compare-exchange that fails and is repeated waits for nobody, and is
//! left out all the same (`retries`).
//!
//! When a thread tries and when it waits depends on the graph alone, as it must: it waits if its round fails on the graph's latest values.
//!
//! # The rehearsal
//!
//! Let `H` be the thread's history up to the head, `f` a failed round, and `r` any round that begins there: one that fails, or one that goes on,
//! up to its first operation that is not a part of the loop. The thread runs alone, and is *told* what to read: once `H r`, once `H f r`. If
//! its stack and registers are the same at the end, `f` left nothing behind. By induction this holds for any number of failed
//! rounds, as each pair is rehearsed. Where `H` ends with the loop's hint it is enough that the memory is the same there and after `f`.
//!
//! Addresses differ from run to run, and so does what lies unused on the stack: both ways are run until they are alike but for bytes that differ
//! between runs of one way, up to ten times each. An address in the heap is compared by what it is called (`memories`). To be sure that what is compared
//! is the program's, an operation that a round may hold begins with [`arrive`](super::frame::arrive) and ends with [`settle`](super::frame::settle).
//!
//! If the memory differs, it may be by what is of no use any more (`residues`). Else the loop *remembers*: the round is refused, and stays.
//! Rounds are met in executions as well, before and after a lesson, and rehearsed with it. Where one shows that a round should not
//! have been left out, the search starts again; it also does at the first lesson of a loop, as the rounds that go on are noted from then on.
//!
//! # Races
//!
//! A round that is left out cannot race, but another does in its place. Let `x` be a read of a failed round of the thread `T`, and `N` a plain
//! write of its location, or a free, that is not ordered with it.
//!
//! - If `N` is there when `T` tries the round, or chooses what to read, the race is found then, also where the choice is skipped
//!   ([`Explorer::add_read`](super::explore::Explorer::add_read)).
//! - Else, if `T` never leaves the loop, its last round is in the graph once nobody else can go on, and races.
//! - Else `T` leaves the loop before `N` comes. The round with which it does so begins with the same operation. So if `x` is the first
//!   read, or reads the same location, or was freed with it, the round that leaves races: it is no more ordered before `N` than `x` is.
//! - Else that round may leave without a read of `x`'s location. An execution in which it does read it need not have `N`, which
//!   may wait for `T`. This is noticed ([`Exec::note_unordered`]): the search starts again, and no round of that loop is left out any more.
//!
//! # What is not seen
//!
//! What a round leaves on the heap or in a static, unless it shows in what the thread does next. Which of two blocks of the heap an address leads to,
//! if the thread found both of them elsewhere than near to what it had in mind where the round begins, and does not go on at one of them next.
//! What a rehearsed thread owns is never freed.
//!
//! Kokologiannakis, Ren, Vafeiadis, *Dynamic Partial Order Reductions for Spinloops*, FMCAD 2021, leave out such rounds by a static analysis; the
//! waiting for a change is that of Kokologiannakis, Marmanis, Vafeiadis, *Unblocking Dynamic Partial Order Reduction*, CAV 2023.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use super::ending::{Question, Stop};
use super::exec::{Exec, Status};
use super::graph::{Graph, Id};
use super::label::{Label, Op};
use super::ops::At;

mod attempts;
mod differences;
mod history;
mod memories;
mod rehearse;
mod residues;
mod retries;
mod rounds;

pub(super) use memories::Looked;
pub(super) use rehearse::Told;

pub(super) use retries::Retry;
pub(super) use rounds::Lesson;

use history::reading;
use rounds::Round;

/// What a waiting thread waits for.
#[derive(Debug)]
pub(super) enum Awaited {
    /// That this operation can go on.
    Operation(Label),
    /// That a location has another latest value than this.
    Values(Vec<(u32, u64)>),
}

/// A loop, by its hint: in its first round, or in a later one.
type Loop = (At, bool);

/// What is known of a failed round.
#[derive(Clone, Copy)]
struct Failed {
    loop_: Loop,
    /// Where it begins.
    head: u16,
    /// The history up to its last read.
    last_read: u64,
}

/// How many rounds of a loop may turn out not to be left out until none is tried any more.
const TRIALS: usize = 64;

/// What is known of all loops.
#[derive(Default)]
struct Known {
    /// Failed rounds that are no more to be left out, by the history up to their end; and of which loops they were.
    refused: HashMap<u64, Loop>,
    /// Where the reads and fences of rounds are, and where rounds begin.
    parts: Vec<(At, Op)>,
    begins: Vec<(At, Op)>,
    /// The rounds that begin after a history, by its key: those that fail, and all that were met in executions.
    failed: HashMap<u64, Vec<(u64, Round)>>,
    others: HashMap<u64, Vec<Round>>,
    /// What failed rounds that begin after a history may leave behind, each by rounds that do.
    residues: HashMap<u64, Vec<Vec<Round>>>,
    /// Histories that end with a failed round: where that begins, and the history up to its last read.
    fails: HashMap<u64, Failed>,
    /// These histories in the order in which they were learnt. One that was forgotten stays, and the search starts again.
    learnt: Vec<(u64, Failed)>,
    /// Threads, and places that left-out rounds of theirs read after another one.
    elsewhere: HashMap<(u16, u32), HashSet<Loop>>,
    /// Threads, and places with a plain write, or a free, that their last round is not ordered before.
    unordered: HashSet<(u16, u32)>,
    /// Whether a try that fails and is repeated was left out.
    leaves_out_tries: bool,
    /// Loops of which no round is left out any more, as one should not have been.
    distrusted: HashSet<Loop>,
}

impl Known {
    fn is_refused(&self, loop_: Loop, at_hint: u64) -> bool {
        self.distrusted.contains(&loop_)
            || self.refused.contains_key(&at_hint)
            || self.refused.values().filter(|&&l| l == loop_).count() >= TRIALS
    }

    /// A round is not to be left out. False if the search has to start again.
    fn refuse(&mut self, loop_: Loop, at_hint: u64) -> bool {
        self.refused.insert(at_hint, loop_);
        if self.forget(at_hint) {
            // It was left out, which costs what has been searched so far: not once more.
            self.distrust(loop_);
            return false;
        }
        self.refused.values().filter(|&&l| l == loop_).count() != TRIALS
    }

    /// Forgets that a round fails. Whether it was known.
    fn forget(&mut self, at_hint: u64) -> bool {
        for (key, rounds) in &mut self.failed {
            if let Some(nth) = rounds.iter().position(|&(key, _)| key == at_hint) {
                let (_, round) = rounds.remove(nth);
                let residues = self.residues.entry(*key).or_default();
                residues.retain(|rounds| !rounds.contains(&round));
            }
        }
        self.failed.retain(|_, rounds| !rounds.is_empty());
        self.fails.remove(&at_hint).is_some()
    }

    /// A loop of this thread reads these places. Whether that may be a race.
    fn elsewhere(&mut self, thread: u16, places: &[u32], loop_: Loop) -> bool {
        for &place in places {
            self.elsewhere.entry((thread, place)).or_default().insert(loop_);
        }
        let races = places.iter().any(|&place| self.unordered.contains(&(thread, place)));
        if races {
            self.distrust(loop_);
        }
        races
    }

    /// This thread's last round is not ordered before a write of this place. Whether that may be a race.
    fn unordered(&mut self, thread: u16, place: u32) -> bool {
        self.unordered.insert((thread, place));
        let loops = self.elsewhere.get(&(thread, place)).cloned().unwrap_or_default();
        let news = loops.difference(&self.distrusted).copied().collect::<Vec<_>>();
        news.iter().for_each(|&loop_| self.distrust(loop_));
        !news.is_empty()
    }

    /// No round of this loop is to be left out.
    fn distrust(&mut self, loop_: Loop) {
        self.distrusted.insert(loop_);
        let known = self.fails.iter().filter(|(_, failed)| failed.loop_ == loop_);
        for at_hint in known.map(|(&at_hint, _)| at_hint).collect::<Vec<_>>() {
            self.forget(at_hint);
        }
    }
}

/// What the workers of one check know of its loops.
#[derive(Default)]
pub(super) struct Table {
    known: Mutex<Known>,
    /// How many histories were learnt. Relaxed: whoever sees it late explores a round that is left out elsewhere; what they are stands under the lock.
    learnt: AtomicUsize,
}

impl Table {
    /// Whether nothing is known of any loop.
    pub fn is_empty(&self) -> bool {
        let known = self.lock();
        known.fails.is_empty()
            && known.refused.is_empty()
            && known.distrusted.is_empty()
            && !known.leaves_out_tries
    }

    /// A round that ends with this history fails, and is to be left out.
    fn note(&self, known: &mut Known, at_end: u64, failed: Failed) {
        known.fails.insert(at_end, failed);
        known.learnt.push((at_end, failed));
        self.learnt.store(known.learnt.len(), Ordering::Relaxed);
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(|e| e.into_inner())
    }
}

/// What a worker knows.
#[derive(Default)]
pub(super) struct Waits {
    table: Arc<Table>,
    /// Copies of what the table has; of what was learnt, up to here.
    learnt: usize,
    parts: Vec<(At, Op)>,
    begins: Vec<(At, Op)>,
    fails: HashMap<u64, u16>,
    hopeless: HashSet<u64>,
    /// Histories that end with an attempt that is not left out.
    refused: HashSet<u64>,
    seen: HashSet<u64>,
    unordered: HashSet<(u16, u32)>,
    /// What was found in rehearsals.
    taken: differences::Taken,
    /// What is known of tries that fail and are repeated.
    retries: retries::Retries,
    /// Nothing is left out: a token is followed, or every round is to be explored.
    off: bool,
}

impl Waits {
    pub fn new(table: &Arc<Table>) -> Self {
        let known = table.lock();
        let fails = known.fails.iter().map(|(&key, failed)| (key, failed.head)).collect();
        let hopeless = known.fails.values().map(|failed| failed.last_read).collect();
        let (parts, begins) = (known.parts.clone(), known.begins.clone());
        let (table, learnt) = (table.clone(), known.learnt.len());
        drop(known);
        Waits { table, learnt, parts, begins, fails, hopeless, ..Waits::default() }
    }

    /// Leaves nothing out.
    pub fn switch_off(&mut self) {
        self.off = true;
    }

    /// Where the round that ends with this history begins, if it is known to fail.
    fn start(&mut self, key: u64) -> Option<u16> {
        if let Some(&start) = self.fails.get(&key) {
            return Some(start);
        }
        if self.table.learnt.load(Ordering::Relaxed) == self.learnt {
            return None;
        }
        let known = self.table.lock();
        let new = &known.learnt[self.learnt..];
        self.learnt = known.learnt.len();
        self.hopeless.extend(new.iter().map(|(_, failed)| failed.last_read));
        self.fails.extend(new.iter().map(|(key, failed)| (*key, failed.head)));
        self.fails.get(&key).copied()
    }

    /// Whether a thread that asks for its next read with this history will fail if it reads this value.
    pub fn is_hopeless(&self, asking: u64, value: u64) -> bool {
        self.hopeless.contains(&reading(asking, 0, value))
    }

    /// Whether rounds that fail read, or have a fence, with this operation at this place.
    fn is_of_loop(&self, op: Op, site: At) -> bool {
        self.parts.iter().any(|&(at, o)| std::ptr::eq(at, site) && o == op)
    }
}

impl Exec {
    /// Where the round that a new hint ends begins, if it is to be left out.
    pub fn known_round(&mut self, hint: Id) -> Option<usize> {
        if self.waits.off || self.alone.is_some() || self.waits.parts.is_empty() {
            return None;
        }
        let e = *self.explorer.graph().event(hint);
        let key = self.history(e.thread, e.index)?;
        self.waits.start(key).map(usize::from)
    }

    /// Leaves the round that begins at `head` and ends with a new hint out of the graph, if it can be.
    pub fn leave_out(&mut self, hint: Id, head: usize) -> Result<(), Status> {
        let t = self.running;
        let insists = std::mem::take(&mut self.threads[t].insists);
        if self.explorer.preemptions.is_some() && !insists {
            return Err(self.take_back(head));
        }
        let g = self.explorer.graph();
        let round = &g.threads[t][head..g.event(hint).index as usize];
        let is_new = head >= self.threads[t].recorded as usize;
        let last_read = round.iter().rfind(|&&r| g.event(r).is_read());
        if !is_new && last_read.is_some_and(|&r| is_stale(g, r)) {
            // Should the same graph run again, the hint comes again.
            self.explorer.forget(hint);
            return Err(self.stop(Stop::Hopeless));
        }
        if !is_new || insists {
            self.explorer.graph_mut().events[hint as usize].block(head, false);
            return Err(Status::Blocked);
        }
        Err(self.wait_for_other_values(head))
    }

    /// Takes the new events from `head` on, a round that fails on the latest values, out of the graph, until one of these changes.
    pub fn wait_for_other_values(&mut self, head: usize) -> Status {
        let t = self.running;
        let g = self.explorer.graph();
        let round = &g.threads[t][head..];
        let (values, first) = (values_read(g, round), round[0]);
        self.explorer.forget(first);
        let me = &mut self.threads[t];
        (me.pos, me.len) = (head as u32, head as u32);
        me.awaits = Some(Awaited::Values(values));
        Status::Await
    }

    /// Goes on after having waited for a value.
    pub fn stop_waiting(&mut self) {
        let me = self.me();
        me.awaits = None;
        me.insists = std::mem::take(&mut me.gives_up);
    }

    /// Whether the choice taken last is to read what ends in a round that is left out.
    pub fn is_hopeless(&mut self) -> bool {
        if self.waits.hopeless.is_empty() || self.explorer.preemptions.is_some() {
            return false;
        }
        let g = self.explorer.graph();
        let Some(last) = g.events.len().checked_sub(1) else { return false };
        let e = *g.event(last as Id);
        let is_last = g.threads[e.thread as usize].len() == e.index as usize + 1;
        e.is_read()
            && is_last
            && self.waits.is_of_loop(e.label.op, e.label.site)
            && is_stale(g, last as Id)
            && self
                .history(e.thread, e.index + 1)
                .is_some_and(|key| self.waits.hopeless.contains(&key))
    }

    /// Notes the threads whose last round is not ordered before a new plain write, or a free: a round that was left out may race with it.
    pub fn note_unordered(&mut self, id: Id) -> Result<(), Status> {
        if self.waits.off || self.alone.is_some() || self.waits.parts.is_empty() {
            return Ok(());
        }
        let g = self.explorer.graph();
        let place = g.event(id).loc();
        let mut races = false;
        for (t, events) in g.threads.iter().enumerate() {
            let is_of_loop = |r: &&Id| {
                let Label { op, site, .. } = g.event(**r).label;
                g.event(**r).is_read() && self.waits.is_of_loop(op, site)
            };
            let last = events.iter().rfind(is_of_loop);
            let unordered = (t as u16, place);
            if last.is_some_and(|&r| !g.hb(r, id)) && self.waits.unordered.insert(unordered) {
                races |= self.waits.table.lock().unordered(t as u16, place);
            }
        }
        if races { Err(self.stop(Stop::Again(Question::Restart))) } else { Ok(()) }
    }
}

/// What a round reads: each location with its value.
pub(super) fn values_read(g: &Graph, round: &[Id]) -> Vec<(u32, u64)> {
    let reads = round.iter().map(|&r| g.event(r)).filter(|e| e.is_read());
    reads.map(|e| (e.loc(), e.value)).collect()
}

/// Whether a read has an old value for good: no revisit would change that (`explore::revisit::is_maximal`).
fn is_stale(g: &Graph, r: Id) -> bool {
    let e = g.event(r);
    e.is_read() && {
        let later = &g.co(e.loc())[g.seen(r) + 1..];
        later.iter().any(|&w| w < r || g.porf(w, e.rf))
    }
}

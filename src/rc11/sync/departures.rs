//! `Departures`: many leave, in any order, and who is last comes after all of them. What a reference count is at its end.
//!
//! As read-modify-writes of one location `n` departures have `n!` orders, which differ in nothing but in who is last. So they are
//! events without an order, and only the choice of the last one is explored. An event of the last one joins it with each other
//! departure, as the last `fetch_sub(1)` of a count would if it acquired, and the others released.
//!
//! # Each choice once
//!
//! Whether a departure is the last one is a choice of its own event, like a number that the program asks for. The canonical choice is that it
//! is not; but if all others have left, and none of them was chosen, it must be. The other choice is offered as long as none is chosen: the
//! departure is the last one, and its thread waits until all others have left. So one departure of each execution is the last, by one choice.
//!
//! A revisit may delete the last one if it would have to be the last again: if all others came before it, or are in the prefix of the
//! write that revisits (`Graph::must_be_last`). Else it was chosen, and stays. Which of the two it is depends on the graph alone.
//!
//! A departure may be chosen that cannot be last, since the others leave only after what its thread does next. Then that is no execution,
//! and all that is explored of it is wasted. So the choice is taken up only if it was seen, without it, that all others can leave before
//! anything that comes after it, and that it matters who is last. That is known in time, as the canonical choice is explored first; where
//! several workers share a search it may not be, and the choice is taken up in any case (`Choice::is_worth`).
//!
//! This is compared with the oracle, as often as each execution occurs, and not proved.
//!
//! # Where nobody can tell
//!
//! Whoever is last does something, say runs a destructor, which is the same in any thread. If that has no event, executions that differ
//! in who is last differ in nothing else but in what the last one acquires. They are taken for one, in which nobody acquires: its
//! behaviours include those of all of them. If it has events that nobody else takes part in, they are a thread's of their own (`finalizer`).
//! Nobody is offered as the last one then. Else the choice is made, and the joins are there, from the first event on that the last one has
//! in what it does; it is the newest of the graph until then, as a thread pauses in operations only. What is no event is not seen: a
//! destructor that notes in a static of `std`'s which thread runs it.
//!
//! Kokologiannakis, Vafeiadis, *BAM: Efficient Model Checking for Barriers*, NETYS 2021, leave out the orders of arrivals at a barrier
//! in the same way; there it does not matter who is last.

use std::panic::Location;
use std::thread::panicking;

use crate::current::{self, perform};
use crate::ending::Stop;
use crate::exec::{Exec, Status};
use crate::graph::{Event, Graph, Id, NONE};
use crate::label::{Kind, Label, Op, Order};
use crate::ops::{self, At, Loc, Turn};
use crate::token::Recorded;
use crate::waits::Awaited;

/// Those who leave one by one.
#[derive(Debug)]
pub struct Departures {
    word: Loc,
}

impl Departures {
    /// Nobody has left.
    #[track_caller]
    pub fn new() -> Self {
        Departures { word: ops::create(0, Op::New, Location::caller()) }
    }

    /// Leaves, and calls `then` with whether that was the last departure of all: the one that makes them `all()`. What the others did
    /// before they left happens before what the last one does there, which must be the same in whichever thread it runs. If nobody can tell which
    /// one that is, what it does is a thread of its own in the execution, and what comes after it comes after no other departure.
    ///
    /// Who leaves must know of those that are not counted in `all()` yet.
    #[track_caller]
    pub fn leave<R>(&self, all: impl Fn() -> usize, then: impl FnOnce(bool) -> R) -> R {
        let at = Location::caller();
        let last = perform(|exec| exec.leave(self.word, all() as u64, at))
            && perform(|exec| exec.await_others(self.word, all() as u64, at));
        let end = last.then(|| End { word: self.word, unwinds: panicking() });
        let done = then(last);
        drop(end);
        if last {
            perform(Exec::end_departure);
        }
        done
    }
}

impl Default for Departures {
    #[track_caller]
    fn default() -> Self {
        Departures { word: ops::create(0, Op::New, Location::caller()) }
    }
}

/// The end of what the last one does; also if it panics, and where a panic `unwinds` already.
struct End {
    word: Loc,
    unwinds: bool,
}

impl Drop for End {
    fn drop(&mut self) {
        let panics = panicking() && !self.unwinds;
        current::with(|exec| exec.end_finalizer(self.word.id, panics));
    }
}

/// The last departure of a thread, which has done nothing since.
#[derive(Clone, Copy)]
pub struct Departing {
    pub word: Loc,
    pub at: At,
    /// Its event, if nothing says yet that it is the last one.
    pub new: Option<Id>,
}

/// What a departure holds if it is the last one, and that matters.
pub const LAST: u64 = 1;

impl Graph {
    /// The departures from a place, in insertion order.
    pub fn departures(&self, loc: u32) -> &[Id] {
        self.memory.get(loc as usize).map_or(&[], |memory| &memory.departures)
    }

    /// Whether all have left.
    pub fn have_left(&self, loc: u32, all: u64) -> bool {
        self.departures(loc).len() as u64 >= all
    }

    /// Whether `d` had to be the last one, when all others that are `previous` had left: else that was chosen.
    pub fn must_be_last(&self, d: Id, previous: impl Fn(Id) -> bool) -> bool {
        let departures = self.departures(self.event(d).loc());
        // References may be made as long as there is one, so whoever left last knows of all.
        let all = departures.iter().map(|&d| self.event(d).label.a).max();
        all == Some(departures.len() as u64) && departures.iter().all(|&d| previous(d))
    }

    /// Whether one of them is the last.
    fn has_a_last(&self, loc: u32) -> bool {
        self.departures(loc).iter().any(|&d| self.event(d).value == LAST)
    }

    /// The departures that might come last instead of `m`, the last one: not those that `m` comes after, nor one whose thread leaves again.
    pub fn candidates(&self, m: Id) -> Vec<(u16, u16)> {
        let departures = self.departures(self.event(m).loc());
        let leaves_again = |d: &Event| {
            let again = |e: &Event| e.thread == d.thread && e.index > d.index;
            departures.iter().any(|&other| again(self.event(other)))
        };
        let others = departures.iter().filter(move |&&d| !self.porf(d, m));
        let others = others.map(|&d| self.event(d)).filter(|d| !leaves_again(d));
        others.map(|d| (d.thread, d.index)).collect()
    }
}

impl Exec {
    /// Leaves, and returns whether that was the last departure.
    fn leave(&mut self, word: Loc, all: u64, at: At) -> Result<bool, Status> {
        self.check_epoch(word, at)?;
        match self.turn(Op::Leave, word.id, Order::NonAtomic, at)? {
            Turn::Replay(id) => {
                self.replayed();
                let g = self.explorer.graph();
                let (is_last, open) = (g.event(id).value == LAST, !g.has_a_last(word.id));
                if is_last {
                    self.me().departing = Some(Departing { word, at, new: None });
                }
                // Where it does not matter, it is as it happens.
                let happens = !is_last && open && self.have_run(word.id, all);
                if happens {
                    self.me().departing = Some(Departing { word, at, new: Some(id) });
                }
                Ok(is_last || happens)
            }
            Turn::Add => {
                let follows = self.await_recorded()?;
                let label = Label::new(Kind::Moment, Op::Leave, Order::NonAtomic, at);
                let id = self.add(Label { loc: word.id, branches: false, a: all, ..label })?;
                let open = !self.explorer.graph().has_a_last(word.id);
                // A finalizer may leave before others whose departures are in the graph.
                let last = follows || open && self.have_run(word.id, all);
                if last {
                    self.me().departing = Some(Departing { word, at, new: Some(id) });
                } else if open && self.last_matters(word.id) {
                    self.explorer.note_last(id);
                }
                Ok(last)
            }
            // No round that leaves comes again, or is left out.
            Turn::Shadow(_) | Turn::Told(..) => Ok(false),
        }
    }

    /// Waits, as the last one, until all others have left; whether they have. So whoever is last here is last in the program that runs.
    fn await_others(&mut self, word: Loc, all: u64, at: At) -> Result<bool, Status> {
        if self.have_run(word.id, all) {
            return Ok(true);
        }
        if self.draining || self.guide.is_some() {
            self.me().departing = None;
            return Ok(false);
        }
        assert!(!self.is_finalizing(), "a finalizer waits for nobody");
        if self.threads[self.running].pos < self.threads[self.running].len {
            let mut recorded = self.explorer.graph().departures(word.id).iter();
            recorded.try_for_each(|&d| self.await_source(d))?;
        }
        if std::mem::take(&mut self.me().gives_up) {
            return Err(self.stop(Stop::Hopeless));
        }
        let label = Label::new(Kind::Moment, Op::Leave, Order::NonAtomic, at);
        self.me().awaits = Some(Awaited::Operation(Label { loc: word.id, a: all, ..label }));
        Err(Status::Await)
    }

    /// Whether all have left a place in this run, which may come to the events of the graph in another order.
    fn have_run(&self, loc: u32, all: u64) -> bool {
        let g = self.explorer.graph();
        let has_run = |&&d: &&Id| self.has_run(g.event(d).thread, g.event(d).index);
        g.departures(loc).iter().filter(has_run).count() as u64 >= all
    }

    /// Waits for the departures that come before this one by a replay token; whether there are any.
    fn await_recorded(&self) -> Result<bool, Status> {
        let Some(guide) = &self.guide else { return Ok(false) };
        let mut next = self.threads[self.running].pos as usize;
        let mut follows = false;
        loop {
            next += 1;
            let Recorded::Followed(thread, index) = guide.choice(self.running, next) else {
                return Ok(follows);
            };
            self.await_run(thread, index)?;
            follows = true;
        }
    }

    /// What the last one does is done. If it was nothing, the execution in which it was not chosen is the same.
    fn end_departure(&mut self) -> Result<(), Status> {
        match self.me().departing.take() {
            Some(Departing { new: None, .. }) if !self.draining => Err(self.stop(Stop::Hopeless)),
            _ => Ok(()),
        }
    }

    /// Whoever is last, and is about to do something, comes after all who have left: its thread, if it matters which one that is, or else a
    /// finalizer.
    pub fn follow_departures(&mut self) -> Result<(), Status> {
        let draining = self.draining;
        let Some(departing) = self.me().departing.filter(|_| !draining) else {
            self.me().departing = None;
            return Ok(());
        };
        let word = departing.word;
        if !self.finalizes(word.id) {
            if self.last_matters(word.id) {
                return self.departure_matters();
            }
            self.begin_finalizer(departing);
        }
        self.finalize()
    }

    /// Who is last matters, if the running thread is and has done nothing since: from now on it comes after the others, and another
    /// one may be last instead.
    pub fn departure_matters(&mut self) -> Result<(), Status> {
        let Some(Departing { word, at, new }) = self.me().departing else { return Ok(()) };
        if let Some(m) = new {
            self.explorer.must_be_last(m);
            self.reorder_departure(m);
            self.me().departing = Some(Departing { word, at, new: None });
        }
        while self.follow_departure(word, at)? {}
        self.me().departing = None;
        Ok(())
    }

    /// Puts the last to leave behind one more of the others; false if it is behind all.
    fn follow_departure(&mut self, word: Loc, at: At) -> Result<bool, Status> {
        let g = self.explorer.graph();
        let mine = &g.threads[self.running][..self.threads[self.running].pos as usize];
        let follows = mine.iter().rev().take_while(|&&id| g.event(id).label.op == Op::Follow);
        let followed = follows.count();
        let m = mine[mine.len() - 1 - followed];
        let from = match self.recorded() {
            Some(Recorded::Followed(thread, index)) => {
                self.await_run(thread, index)?;
                self.explorer.graph().threads[thread as usize][index as usize]
            }
            Some(_) => NONE,
            None => {
                // By thread, as a schedule may have them in any order.
                let name = |&id: &Id| (g.event(id).thread, g.event(id).index);
                let others = g.departures(word.id).iter().copied().filter(|&id| id != m);
                let behind = mine.last().filter(|_| followed > 0).map(|&id| g.event(id).rf);
                let left = others.filter(|id| behind.is_none_or(|last| name(&last) < name(id)));
                left.min_by_key(name).unwrap_or(NONE)
            }
        };
        if from == NONE {
            return Ok(false);
        }
        self.await_source(from)?;
        let label = Label::new(Kind::Join, Op::Follow, Order::NonAtomic, at);
        self.event(Label { from, ..label })?;
        Ok(true)
    }
}

//! `Departures`: many leave, in any order, and who is last comes after all of them. What a reference count is at its end.
//!
//! As read-modify-writes of one location `n` departures have `n!` orders, which differ in nothing but in who is last. So they are
//! events without an order, and only the choice of the last one is explored. An event of the last one joins it with each other
//! departure, as the last `fetch_sub(1)` of a count would if it acquired, and the others released.
//!
//! # Each choice once
//!
//! In the canonical execution whoever comes last is last. Its departure `m` then *revisits* each other one, `d`, that may come after it:
//! `d` and what a revisit deletes leave the graph, if all of it was added maximally, and `m` is marked with `d`'s thread (`explore::revisit`). In that
//! graph `d` waits until all others have left. The choice is made once: where a departure is marked, no other revisits. And `m` is
//! fixed: the graph without it is that of another choice. A revisit that would have deleted `d`, had it stayed at its place in the order
//! of insertion, takes the mark away with it: then all are free again. If `d` waits for good, some departure comes after it in any case, and `d`
//! cannot be last on this path: it counts as blocked.
//!
//! This is tested against the oracle, not proved. No execution is known to be lost. One may come twice: where `m` was deleted by a revisit that keeps
//! `d` as one that is not last, the choice is made once more (`a_choice_may_be_made_twice` in the tests).
//!
//! Kokologiannakis, Vafeiadis, *BAM: Efficient Model Checking for Barriers*, NETYS 2021, leave out the orders of arrivals at a barrier
//! in the same way; there it does not matter who is last.

use std::panic::Location;

use crate::current::perform;
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

    /// Leaves, and returns whether that was the last departure of all: the one that makes them `all()`. What the others did before they
    /// left happens before.
    ///
    /// Who leaves must know of those that are not counted in `all()` yet.
    #[track_caller]
    pub fn leave(&self, all: impl Fn() -> usize) -> bool {
        let at = Location::caller();
        let last = perform(|exec| exec.leave(self.word, all() as u64, at));
        while last && perform(|exec| exec.follow_departure(self.word, at)) {}
        last
    }
}

impl Default for Departures {
    #[track_caller]
    fn default() -> Self {
        Departures { word: ops::create(0, Op::New, Location::caller()) }
    }
}

/// What a departure holds if it is the last one; if a revisit has chosen a thread to leave last instead, that thread comes on top.
const LAST: u64 = 1;
const CHOSEN: u64 = 2;

impl Graph {
    /// The departures from a place, in insertion order.
    fn departures(&self, loc: u32) -> &[Id] {
        self.memory.get(loc as usize).map_or(&[], |memory| &memory.departures)
    }

    /// Whether a departure as one of `label.a` would not be the last one yet.
    pub fn waits_to_be_last(&self, label: &Label) -> bool {
        self.departures(label.loc).len() as u64 + 1 < label.a
    }

    /// The departures that the last one, `m`, may choose to come last instead, newest first: none if the choice has been made.
    pub fn candidates(&self, m: Id) -> Vec<Id> {
        let loc = self.event(m).loc();
        if self.choices.iter().any(|&choice| self.event(choice).loc() == loc) {
            return Vec::new();
        }
        let departures = self.departures(loc);
        // What stood before one that has made a choice was among its candidates.
        let settled = departures.iter().rposition(|&d| self.event(d).fixed).map_or(0, |i| i + 1);
        // A thread leaves last by its last departure.
        let leaves_again = |d: Id| {
            let (thread, index) = (self.event(d).thread, self.event(d).index);
            let again = |e: &Event| e.thread == thread && e.index > index;
            departures.iter().any(|&other| again(self.event(other)))
        };
        let candidates = departures[settled..].iter().rev().copied();
        candidates.filter(|&d| !leaves_again(d) && !self.porf(d, m)).collect()
    }

    /// Lets the departure `m` say that it is not the last one, but what the given thread did in the `slot`-th event; whether
    /// that is the first of the candidates.
    pub fn choose(&mut self, m: Id, thread: u16, slot: Id, first: bool) {
        let e = &mut self.events[m as usize];
        (e.value, e.label.b, e.variant) =
            (CHOSEN + u64::from(thread), slot.into(), (!first).into());
        self.choices.push(m);
    }

    /// Hands the choices over to what a revisit of `r` by `w` keeps, but for those it deletes: a choice goes with what was chosen. One that
    /// `w` depends on is there for good.
    pub fn keep_choices(&self, r: Id, w: Id, to: &mut Graph, names: &[Id]) {
        for &m in &self.choices {
            let Some(kept) = to.events.get_mut(names[m as usize] as usize) else { continue };
            if self.depends_on_choice(w, m) {
                kept.label.b = 0;
            } else if self.slot(m) > r {
                kept.value = 0;
                continue;
            }
            to.choices.push(names[m as usize]);
        }
    }

    /// Where in the order of insertion stood what `m` chose to come last.
    fn slot(&self, m: Id) -> Id {
        self.event(m).label.b as Id
    }

    /// Whether what `m` chose to come last has come, and is in the prefix of `w`.
    fn depends_on_choice(&self, w: Id, m: Id) -> bool {
        let mut departures = self.departures(self.event(m).loc()).iter();
        departures.any(|&d| self.event(d).value == LAST && self.porf(d, w))
    }

    /// The first event that `w` may revisit. What was chosen to come last is canonical, so that a revisit may delete it, for the first
    /// candidate only.
    pub fn first_free(&self, w: Id) -> Id {
        let settled = |&&m: &&Id| self.event(m).variant > 0 && !self.depends_on_choice(w, m);
        self.choices.iter().filter(settled).map(|&m| self.slot(m)).max().unwrap_or(0)
    }

    /// Whether a thread is chosen to be the last to leave.
    fn is_chosen(&self, loc: u32, thread: usize) -> bool {
        let chosen = |m: &Event| m.loc() == loc && m.value == CHOSEN + thread as u64;
        self.choices.iter().any(|&m| chosen(self.event(m)))
    }
}

impl Exec {
    fn leave(&mut self, word: Loc, all: u64, at: At) -> Result<bool, Status> {
        self.check_epoch(word, at)?;
        match self.turn(Op::Leave, word.id, Order::NonAtomic, at)? {
            Turn::Replay(id) => {
                self.replayed();
                Ok(self.explorer.graph().event(id).value == LAST)
            }
            Turn::Add => {
                let label = Label::new(Kind::Moment, Op::Leave, Order::NonAtomic, at);
                let label = Label { loc: word.id, branches: false, a: all, ..label };
                let last = match self.next_recorded() {
                    Some(next) => all == 1 || matches!(next, Recorded::Followed(..)),
                    None => !self.explorer.graph().waits_to_be_last(&label),
                };
                let chosen = self.explorer.graph().is_chosen(word.id, self.running);
                if !last && chosen && !self.draining {
                    if std::mem::take(&mut self.me().gives_up) {
                        return Err(self.stop(Stop::Moot));
                    }
                    self.me().awaits = Some(Awaited::Operation(label));
                    return Err(Status::Await);
                }
                let value = if last { LAST } else { 0 };
                let id = self.add(Label { value, ..label })?;
                if last {
                    self.explorer.note_departures(id);
                }
                Ok(last)
            }
            // No round that leaves comes again, or is left out.
            Turn::Shadow(_) | Turn::Told(..) => Ok(false),
        }
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
                let mut others = g.departures(word.id).iter().filter(|&&id| id != m);
                others.nth(followed).copied().unwrap_or(NONE)
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

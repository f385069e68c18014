//! Telling a loop that waits from one that does not: at a spin hint the thread runs on in the *shadow* of its own past.
//!
//! In the shadow, operations are no events: each must be the one that followed the last time, and gets the value it got then. A thread
//! that comes round to the hint again and again would wait for ever on these values: the hint is *verified*. The execution starts over
//! (the graph stays) and the hint lets the thread pass into one more round, whose reads are events. If they get the same values, the thread
//! stops at the next hint: these reads are what it waits on, and a write that gives one of them another value revisits it. They
//! are in the waiting loop for sure, as the reads before a verified hint need not be: one helper may serve two loops in a row.
//!
//! A thread that does anything else in its shadow was not waiting: the execution starts over, and the hint lets it pass. If that is the first thing that it
//! does there, it can go on at once.
//!
//! That is how it is for a loop that remembers that it came round. For others `waits` leaves such rounds out.
//!
//! # What is known of a verified loop
//!
//! - It is *endless* if its memory ([`Frame`]) is the same round after round. A loop that counts its rounds may give up later than
//!   anybody has looked: it is stopped too, but as *undecided*, and nothing is proved then ([`Limit::Loop`]).
//! - A round may write, if it puts back what it found and nobody wrote there since: then it can come again in the shadow. Leaving such a
//!   round out of an execution takes nothing from the others, since each value that the round leaves was there before, except for a
//!   thread that sees a value in the middle of a round. One round shows that value once; a thread that could look twice makes the loop
//!   *watched*, and nothing is proved. A thread that only waits for the loop's lock does not look: it sees the lock free, sooner or later.
//! - Where others have written there since, the thread cannot come round on what it found. In an execution of the hint's prefix
//!   alone it can, and what is found there of its memory holds here: [`Exec::look_alone`].
//! - A round that writes and puts back nothing is explored as it is, up to [`WRITING_ROUNDS`] rounds; then it is undecided.

use super::current::perform_if_inside;
use super::ending::{Question, Stop};
use super::exec::{Exec, Status};
use super::frame::{Frame, settle, with_frame};
use super::graph::{Event, Graph, Id};
use super::label::{Kind, Label, Op, Order, Outcome};
use super::ops::{At, Hint};
use super::report::{Limit, Site};
use super::waits::Awaited;

/// How often a loop must come round unchanged: a count of its rounds that is kept on the heap shows if it ends before.
const ROUNDS: u32 = 200;

/// How often a loop comes round that counts its rounds before it is undecided.
const COUNTING_ROUNDS: u32 = 2_000;

/// How many rounds of a loop that changes something each time are explored.
const WRITING_ROUNDS: usize = 64;

/// How many hints in a row, with no operation between, a thread may give: they are one.
const IDLE: u32 = 1 << 20;

/// A thread's run in its own shadow; places in its program order.
#[derive(Clone, Debug)]
pub(super) struct Shadow {
    /// The hint that it started from.
    hint: u16,
    /// No round begins before this place.
    since: u16,
    /// What follows the last hint before it at the same site; if there is none, the same as `since`.
    round: u16,
    /// The first event of the round, once known.
    start: Option<u16>,
    /// The event whose operation comes next.
    next: u16,
    rounds: u32,
    /// The loop's memory a round ago, once it has come round often enough.
    memory: Vec<u64>,
}

/// A spin hint. It is part of its caller, so that what is on the stack is the program's.
#[inline(always)]
pub(super) fn hint(at: At) {
    if !with_frame(at, ask) {
        outside();
    }
    settle();
}

extern "C" fn ask(at: At, frame: &Frame) -> bool {
    perform_if_inside(|exec| exec.hint(at, frame)).is_some()
}

#[cold]
fn outside() -> ! {
    panic!("rc11 types work only inside a check");
}

impl Exec {
    fn hint(&mut self, at: At, frame: &Frame) -> Result<(), Status> {
        if self.draining {
            return self.yield_draining();
        }
        if self.is_told() && self.is_at_end() {
            return self.told_at_hint(at, frame);
        }
        if matches!(self.me().awaits, Some(Awaited::Values(_))) {
            self.stop_waiting();
            return Ok(());
        }
        if self.is_repeated(at)? {
            return Ok(());
        }
        match self.turn_of_hint(Label::new(Kind::Spin, Op::Spin, Order::NonAtomic, at))? {
            Hint::Known(id) if self.explorer.graph().event(id).is_blocked() => Err(Status::Blocked),
            Hint::Known(id)
                if self.alone == Some(self.running) && !self.is_told() && self.remaining == 0 =>
            {
                self.enter(id)
            }
            Hint::Known(_) if self.is_told() && self.is_told_nothing() => self.told_nothing(frame),
            Hint::Known(_) => {
                self.note_start(frame);
                Ok(())
            }
            Hint::New(id) => self.enter(id),
            Hint::Shadow => self.come_round(frame),
        }
    }

    /// Whether the running thread has come to the end of what is recorded, and may go on.
    pub fn is_at_end(&self) -> bool {
        let thread = &self.threads[self.running];
        self.extending && thread.pos == thread.len
    }

    /// While an execution is drained a hint lets the other threads go first.
    fn yield_draining(&mut self) -> Result<(), Status> {
        let me = self.me();
        me.yielded = !me.yielded;
        if me.yielded { Err(Status::Ready) } else { Ok(()) }
    }

    /// Whether the last thing the thread did was to give this hint.
    fn is_repeated(&mut self, at: At) -> Result<bool, Status> {
        let thread = &mut self.threads[self.running];
        let in_round = |s: &Shadow| s.start.is_some_and(|start| start != s.next);
        if thread.pos == 0 || thread.shadow.as_deref().is_some_and(in_round) {
            return Ok(false);
        }
        let g = self.explorer.graph();
        let last = g.event(g.threads[self.running][thread.pos as usize - 1]);
        let repeated = last.kind() == Kind::Spin && std::ptr::eq(last.label.site, at);
        thread.idle += u32::from(repeated);
        if thread.idle > IDLE {
            return Err(self.stop(Stop::Limit(Limit::Events(self.max_events))));
        }
        Ok(repeated)
    }

    /// Stops the thread at a new hint if it has repeated a verified round; else starts its shadow, if it may be in a round that waits.
    fn enter(&mut self, id: Id) -> Result<(), Status> {
        if let Some(head) = self.known_round(id) {
            return self.leave_out(id, head);
        }
        let g = self.explorer.graph_mut();
        let hint = *g.event(id);
        let past = &g.threads[hint.thread as usize][..hint.index as usize];
        let after = |found: Option<usize>| found.map_or(0, |p| p + 1);
        let repeatable = after(past.iter().rposition(|&p| !g.is_repeatable(p)));
        let unchanged = after(past.iter().rposition(|&p| g.changes(p)));
        let is_same =
            |&p: &Id| g.event(p).kind() == Kind::Spin && std::ptr::eq(g.site(p), hint.label.site);
        let mut hints = (repeatable..past.len()).rev().filter(|&p| is_same(&past[p]));

        for p in hints.clone() {
            let Some(start) = g.event(past[p]).verified() else { continue };
            let (verified, now) = (&past[start..p], &past[p + 1..]);
            if g.same_round(verified, now) {
                let undecided = g.event(past[p]).is_undecided();
                if !undecided && let Some(lesson) = self.lesson_at(id, p + 1) {
                    return Err(self.stop(Stop::Again(Question::Learn(lesson))));
                }
                self.explorer.graph_mut().events[id as usize].block(p + 1, undecided);
                return Err(Status::Blocked);
            }
            if verified.get(now.len()).is_some_and(is_same)
                && g.same_round(&verified[..now.len()], now)
            {
                return Ok(());
            }
        }

        let rounds = hints.clone().count();
        let round = after(hints.next()).max(if rounds == 0 { unchanged } else { 0 });
        let writes = round < unchanged;
        if writes && !g.restores(&past[round..]) {
            // Others have written where the loop does: they may have come after this round, or be what it waits for.
            let by_others =
                self.alone.is_none() && g.puts_back(&past[round..]) && reads(g, &past[round..]);
            if rounds < WRITING_ROUNDS {
                return if by_others {
                    Err(self.stop(Stop::Again(Question::LookAt(id))))
                } else {
                    Ok(())
                };
            }
            g.events[id as usize].block(round, true);
            return Err(Status::Blocked);
        }
        let sooner = self.sooner.take().filter(|&(hint, _)| hint == id);
        let round = sooner.map_or(round, |(_, start)| start.into());
        let since =
            if writes { round } else { unchanged.max(if sooner.is_some() { round } else { 0 }) };
        if reads(g, &past[since..]) {
            let shadow = Shadow {
                hint: hint.index,
                since: since as u16,
                round: round as u16,
                start: None,
                next: hint.index,
                rounds: 0,
                memory: Vec::new(),
            };
            self.me().shadow = Some(Box::new(shadow));
        }
        Ok(())
    }

    /// The event that an operation of a thread in its shadow repeats. One that repeats none ends the execution, to be run again past the hint; the first one
    /// only ends the shadow, as nothing was told in it.
    pub fn follow(&mut self, op: Op, loc: u32, ord: Order, at: At) -> Result<Option<Id>, Status> {
        let g = self.explorer.graph();
        let events = &g.threads[self.running];
        let shadow = self.threads[self.running].shadow.as_mut().expect("it is in its shadow");
        let is_it = |e: &Event| {
            e.label.op == op
                && e.loc() == loc
                && e.label.ord == ord
                && std::ptr::eq(e.label.site, at)
        };
        if shadow.start.is_none() {
            let past = shadow.since as usize..shadow.hint as usize;
            let repeats = |&i: &usize| {
                is_it(g.event(events[i])) && g.event(events[i]).kind() != Kind::ExclusiveWrite
            };
            let start =
                Some(shadow.round as usize).filter(repeats).or_else(|| past.rev().find(repeats));
            let waits = |i: &usize| {
                let round = &events[*i..shadow.hint as usize];
                reads(g, round) && g.restores(round)
            };
            let Some(start) = start.filter(waits) else {
                self.me().shadow = None;
                return Ok(None);
            };
            (shadow.start, shadow.next) = (Some(start as u16), start as u16);
        }
        let id = events[shadow.next as usize];
        if !is_it(g.event(id)) {
            let (start, hint) = (shadow.start.unwrap_or(0), shadow.hint);
            // It comes round sooner: what was taken for the beginning was in front of the loop.
            let sooner = hint - (shadow.next - start);
            if is_it(g.event(events[hint as usize])) && shadow.rounds == 0 && start < sooner {
                let question = Question::Sooner(events[hint as usize], sooner);
                return Err(self.stop(Stop::Again(question)));
            }
            return Err(self.stop(Stop::Again(Question::Nothing)));
        }
        let half = matches!(g.event(id).outcome, Outcome::Write(_)) && g.event(id).is_read();
        shadow.next += if half { 2 } else { 1 };
        Ok(Some(id))
    }

    /// The thread is at the hint again.
    fn come_round(&mut self, frame: &Frame) -> Result<(), Status> {
        let Some(shadow) = &mut self.me().shadow else { return Ok(()) };
        let Some(start) = shadow.start.filter(|_| shadow.next == shadow.hint + 1) else {
            return Ok(());
        };
        shadow.next = start;
        shadow.rounds += 1;
        if shadow.rounds < ROUNDS {
            return Ok(());
        }
        let memory = frame.memory(super::fiber::stack_base());
        let endless = std::mem::replace(&mut shadow.memory, memory) == shadow.memory;
        if !endless && shadow.rounds < COUNTING_ROUNDS {
            return Ok(());
        }
        let hint = shadow.hint;
        let id = self.explorer.graph().threads[self.running][hint as usize];
        if endless && let Some(lesson) = self.lesson_at(id, start.into()) {
            return Err(self.stop(Stop::Again(Question::Learn(lesson))));
        }
        let g = self.explorer.graph_mut();
        g.events[id as usize].verify(start.into(), !endless);
        Err(self.stop(Stop::Again(Question::Nothing)))
    }

    /// A loop in which some thread was stopped although it might have ended, or been told from a shorter one.
    pub fn undecided_loop(&self) -> Option<Site> {
        let g = self.explorer.graph();
        let last = g.threads.iter().filter_map(|events| events.last().copied());
        let is_open = |&id: &Id| {
            let e = g.event(id);
            e.kind() == Kind::Spin && e.is_blocked() && (e.is_undecided() || g.is_watched(id))
        };
        // A loop without a hint that would come round for ever.
        let comes_round = self.threads.iter().enumerate().find_map(|(t, thread)| {
            let round = &g.threads[t][thread.comes_round? as usize..];
            let lasts = |&&id: &&Id| !g.event(id).is_read() || g.reads_last_value(id);
            (round.iter().filter(lasts).count() == round.len()).then_some(round[0])
        });
        last.into_iter().find(is_open).or(comes_round).map(|id| g.site(id).into())
    }
}

fn reads(g: &Graph, events: &[Id]) -> bool {
    events.iter().any(|&p| g.event(p).is_read() && g.event(p).is_atomic())
}

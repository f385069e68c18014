//! Finalizers: what the last one to leave does is done by nobody in particular, where nobody can tell who does it.
//!
//! Most destructors touch nothing but what they destroy. Then it is all the same which thread was the last: what it does reads the same, and
//! nobody sees it. So it is the *finalizer*'s, a thread of the graph that begins after all departures and that nobody waits for; there is no
//! choice of the last one (`departures`), and the thread that runs the code comes after nobody.
//!
//! # Why nothing is lost
//!
//! Take an execution of the program, and move what the last one does there into a finalizer. Less happens before what comes after it, and the
//! axioms only forbid where something happens before something else; so that is an execution with a finalizer, and found. The other way round it must be
//! one of the program, but for what the last one acquires, which is left out as where it does nothing (`departures`): so nobody else may take part
//! in what a finalizer does. It is *told apart* if
//!
//! - another thread accesses a location that it accesses, unless that happens before;
//! - it does anything but access locations and leave: say it waits, wakes, spawns, or has a fence, which orders more than its own accesses;
//! - it asks which thread it is, or panics.
//!
//! Then the search starts again, and who leaves last what was made at that line of the program is a choice (`departures`). A finalizer that leaves such a place
//! is told apart as well. So what is not told apart in the end is told apart in no execution.
//!
//! # When it runs
//!
//! Its events come as soon as all have left, also while an execution replays, by whichever thread has left last there. No
//! choice is among them, as all that they read happens before; so it is all the same where in the graph they were added.
//!
//! [`Checker::unreduced`](crate::Checker::unreduced) has no finalizers. This is compared with the oracle, numbers included, and not
//! proved.

use super::departures::Departing;
use crate::ending::{Question, Stop};
use crate::exec::{Exec, Status, Thread};
use crate::graph::{Id, NONE};
use crate::label::{Kind, Label, Op, Order};
use crate::ops::At;

/// Which places have finalizers.
#[derive(Debug, Default)]
pub struct Finalizers {
    /// None has.
    pub off: bool,
    /// Where places were made that have none, as it matters who leaves them last.
    pub told_apart: Vec<At>,
    /// Of these, what this execution has shown.
    pub new: Vec<At>,
    /// Whether any event is a finalizer's.
    any: bool,
    /// Threads, and the finalizers whose code they run, innermost last.
    run: Vec<(usize, u16)>,
}

impl Finalizers {
    /// A new execution.
    pub fn begin(&mut self) {
        self.any = false;
        self.run.clear();
    }

    /// The finalizers whose code a thread runs, innermost first.
    fn run_by(&self, thread: usize) -> impl Iterator<Item = u16> {
        self.run.iter().rev().filter(move |(host, _)| *host == thread).map(|&(_, f)| f)
    }

    /// The thread whose events come next, if this one runs.
    pub fn running(&self, host: usize) -> usize {
        self.run_by(host).next().map_or(host, usize::from)
    }
}

impl Exec {
    /// Whether it matters who leaves a place last.
    pub fn last_matters(&self, word: u32) -> bool {
        match &self.guide {
            Some(guide) => {
                self.names.known_finalizer(word).is_none_or(|f| guide.len(f.into()) == 0)
            }
            None => {
                let is_here = |&at: &At| std::ptr::eq(at, self.made_at(word));
                self.finalizers.off || self.finalizers.told_apart.iter().any(is_here)
            }
        }
    }

    /// Where a location was made.
    fn made_at(&self, loc: u32) -> At {
        let g = self.explorer.graph();
        g.site(g.co(loc)[0])
    }

    /// Whether the events of the running code are a finalizer's.
    pub fn is_finalizing(&self) -> bool {
        self.running != self.host
    }

    /// Whether the next event is added whoever is to come next, as a finalizer's is.
    pub fn comes_at_once(&self) -> bool {
        self.is_finalizing() && self.guide.is_none()
    }

    /// Whether the running code is that of the finalizer of this place.
    pub fn finalizes(&self, word: u32) -> bool {
        self.is_finalizing() && self.names.finalizes(self.running as u16) == Some(word)
    }

    /// Begins the finalizer of what the running thread has left last.
    pub fn begin_finalizer(&mut self, Departing { word, at, .. }: Departing) {
        let finalizer = self.names.finalizer(word.id);
        let recorded = self.recorded_len(finalizer.into());
        self.me().departing = None;
        let departing = Some(Departing { word, at, new: None });
        *self.unborn(finalizer.into()) =
            Thread { len: recorded, recorded, departing, ..Thread::UNBORN };
        self.finalizers.run.push((self.host, finalizer));
        self.running = finalizer.into();
        self.finalizers.any = true;
    }

    /// The first event of a finalizer.
    pub fn finalize(&mut self) -> Result<(), Status> {
        let Some(Departing { word, at, .. }) = self.me().departing else { return Ok(()) };
        let g = self.explorer.graph();
        // It comes after all of them (`Graph::sources`). The one that is named does not depend on the order in which they left.
        let name = |&id: &Id| (g.event(id).thread, g.event(id).index);
        let from = g.departures(word.id).iter().copied().min_by_key(name).unwrap_or(NONE);
        let label = Label::new(Kind::Join, Op::Finalize, Order::NonAtomic, at);
        self.event(Label { from, a: word.id.into(), ..label })?;
        self.me().departing = None;
        Ok(())
    }

    /// What the last one to leave a place does is done, or panics: the code that follows is no more of its finalizer, if it has one.
    pub fn end_finalizer(&mut self, word: u32, panics: bool) {
        if !self.finalizes(word) {
            return;
        }
        if panics {
            self.tell_apart();
        }
        let ended = (self.host, self.running as u16);
        self.finalizers.run.retain(|run| *run != ended);
        self.running = self.finalizers.running(self.host);
    }

    /// A finalizer is about to do something at a location: `Err` if that tells it apart.
    pub fn finalizer_may(&mut self, op: Op, loc: u32) -> Result<(), Status> {
        let accesses = op.reads_value()
            || matches!(
                op,
                Op::New
                    | Op::Store
                    | Op::GetMut
                    | Op::IntoInner
                    | Op::Read
                    | Op::Write
                    | Op::Finalize
                    | Op::BoxNew
                    | Op::BoxRead
                    | Op::BoxWrite
                    | Op::BoxFree
            );
        let leaves = op == Op::Leave && (self.guide.is_some() || !self.last_matters(loc));
        if !accesses && !leaves && !self.draining {
            return Err(self.tell_apart());
        }
        let finalizer = &self.threads[self.running];
        if self.guide.is_some() && finalizer.pos >= finalizer.len && self.remaining > 0 {
            return Err(self.stop(Stop::Mismatch("a destructor does more".into())));
        }
        Ok(())
    }

    /// The running code depends on which thread runs it: `Err` if that tells a finalizer apart.
    pub fn thread_matters(&mut self) -> Result<(), Status> {
        match self.threads[self.running].departing {
            _ if self.draining => Ok(()),
            Some(Departing { word, .. }) if self.last_matters(word.id) => self.departure_matters(),
            None if !self.is_finalizing() => Ok(()),
            _ => Err(self.tell_apart()),
        }
    }

    /// Looks whether a new access takes part in what a finalizer does, or the finalizer in what others do.
    pub fn look_at_finalizers(&mut self, id: Id) -> Result<(), Status> {
        if !self.finalizers.any || self.explorer.single {
            return Ok(());
        }
        let g = self.explorer.graph();
        let e = g.event(id);
        let is_access = e.loc() != NONE && e.label.op != Op::Leave;
        let Some(memory) = g.memory.get(e.loc() as usize).filter(|_| is_access) else {
            return Ok(());
        };
        if self.is_finalizing() {
            // Before it reads: what it reads might be another value.
            let before = g.po_pred(id).expect("a finalizer follows departures first");
            let mut others = memory.co.iter().chain(&memory.reads).filter(|&&other| other != id);
            let is_half = e.kind() == Kind::ExclusiveWrite;
            return match is_half || others.all(|&other| g.hb(other, before)) {
                true => Ok(()),
                false => Err(self.tell_apart()),
            };
        }
        // The newest accesses but this one: nobody else's comes after a finalizer's.
        let newest = |ids: &[Id]| ids.iter().rev().find(|&&other| other != id).copied();
        let others = [newest(&memory.co), newest(&memory.reads)].into_iter().flatten();
        let finalized = others.filter_map(|other| self.names.finalizes(g.event(other).thread));
        match { finalized }.next() {
            Some(word) => {
                self.finalizers.new.push(self.made_at(word));
                Err(self.stop(Stop::Again(Question::Restart)))
            }
            None => Ok(()),
        }
    }

    /// All finalizers that the running code is of are told apart.
    fn tell_apart(&mut self) -> Status {
        if self.guide.is_some() {
            return self.stop(Stop::Mismatch("a destructor tells which thread runs it".into()));
        }
        let running = self.finalizers.run_by(self.host);
        let words = running.filter_map(|finalizer| self.names.finalizes(finalizer));
        let departing = self.threads[self.running].departing.map(|departing| departing.word.id);
        let new: Vec<At> = words.chain(departing).map(|word| self.made_at(word)).collect();
        self.finalizers.new.extend(new);
        self.stop(Stop::Again(Question::Restart))
    }
}

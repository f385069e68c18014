//! New events: chosen by the search, or as a replay token records.

use super::ending::Stop;
use super::exec::{Exec, Status};
use super::graph::{Graph, Id, NONE};
use super::label::{Kind, Label};
use super::ops::{At, Hint};
use super::report::{Limit, Site};
use super::token::{Guide, Recorded};
use super::waits::Awaited;

impl Exec {
    /// Waits until a recorded event has run.
    #[inline]
    pub fn await_run(&self, thread: u16, index: u16) -> Result<(), Status> {
        if self.has_run(thread, index) { Ok(()) } else { Err(Status::Source(thread, index)) }
    }

    /// Counts a new event and looks at what it breaks.
    pub fn added(&mut self, id: Id) -> Result<(), Status> {
        let guided = self.guide.is_some();
        let thread = &mut self.threads[self.running];
        thread.pos += 1;
        if guided {
            self.remaining -= 1;
        } else {
            thread.len += 1;
        }
        if thread.pos > self.max_events {
            return Err(self.stop(Stop::Limit(Limit::Events(self.max_events))));
        }
        if self.draining {
            return Ok(());
        }
        self.look_at_finalizers(id)?;
        if self.explorer.graph().event(id).is_write() && !self.explorer.keeps_order(id) {
            // What is canonical comes in order, if they are alike.
            self.explorer.are_told_apart();
        }
        self.woken |= self.wakes(id);
        if self.explorer.preemptions.is_some() {
            if self.was_searched(id) {
                self.explorer.forget(id);
                let thread = self.me();
                (thread.pos, thread.len) = (thread.pos - 1, thread.len - 1);
                return Err(self.stop(Stop::Hopeless));
            }
            self.reorder(id);
            // Whose turn it is is asked before every event.
            self.woken = true;
        }
        let e = self.explorer.graph().event(id);
        let (kind, allocation) = (e.kind(), e.label.allocation);
        if kind == Kind::Free || kind == Kind::Write && !e.is_atomic() {
            self.note_unordered(id)?;
        }
        if kind == Kind::Free {
            self.check_free(id)?;
        }
        if !matches!(kind, Kind::Read | Kind::Write | Kind::ExclusiveWrite) {
            return Ok(());
        }
        if allocation != NONE {
            self.check_use(id)?;
        }
        if let Some(other) = self.explorer.graph().race(id) {
            if guided && self.remaining > 0 {
                // It has come before others that the token has.
                self.explorer.race = Some((other, id));
                return Ok(());
            }
            self.found_race(other, id);
            if self.stop.is_some() {
                return Err(Status::Blocked);
            }
        }
        Ok(())
    }

    /// The choice that the replay token records for the next event.
    pub fn recorded(&self) -> Option<Recorded> {
        let guide = self.guide.as_ref()?;
        Some(guide.choice(self.running, self.threads[self.running].pos as usize))
    }

    #[cold]
    fn unfit(&mut self, at: At) -> Status {
        self.stop(Stop::Mismatch(format!("at {}", Site::from(at))))
    }

    /// Adds an event that leaves no choice.
    pub fn add(&mut self, label: Label) -> Result<Id, Status> {
        let id = self.explorer.add(self.running as u16, label);
        self.added(id)?;
        Ok(id)
    }

    /// Adds a read.
    pub fn add_read(&mut self, label: Label) -> Result<Id, Status> {
        if !label.branches {
            return self.add(label);
        }
        let id = match self.recorded() {
            None => {
                let (before, waits) = (self.before_read(&label)?, &self.waits);
                let before = before.filter(|_| self.explorer.preemptions.is_none());
                let hopeless = |value| before.is_some_and(|key| waits.is_hopeless(key, value));
                self.explorer.add_read(self.running as u16, label, hopeless)
            }
            Some(Recorded::Source(thread, index, variant)) => {
                self.await_run(thread, index)?;
                let source = self.explorer.graph().threads[thread as usize][index as usize];
                let e = self.explorer.graph().event(source);
                if !e.is_write() || e.loc() != label.loc || label.step(e.value, variant).is_none() {
                    return Err(self.unfit(label.site));
                }
                let id = self.explorer.add(self.running as u16, label);
                self.explorer.graph_mut().set_source(id, source, variant);
                id
            }
            Some(_) => return Err(self.unfit(label.site)),
        };
        self.added(id)?;
        Ok(id)
    }

    /// Leaves an operation that would wait on the latest value for later, unless nobody else can go on: see "Waiting operations"
    /// in `explore::revisit`.
    pub fn postpone(&mut self, label: &Label) -> Result<(), Status> {
        if self.guide.is_some() || !self.explorer.graph().would_wait(label) {
            return Ok(());
        }
        if std::mem::take(&mut self.me().gives_up) {
            return Ok(());
        }
        self.me().awaits = Some(Awaited::Operation(*label));
        Err(Status::Await)
    }

    /// Adds a write.
    pub fn add_write(&mut self, label: Label) -> Result<Id, Status> {
        if !label.branches {
            return self.add(label);
        }
        let id = match self.recorded() {
            None => self.explorer.add_write(self.running as u16, label),
            Some(Recorded::Place(place)) => {
                let id = self.explorer.add(self.running as u16, label);
                let g = self.explorer.graph();
                let guide = self.guide.as_ref().expect("it has recorded a place");
                let below = |&&w: &&Id| {
                    let e = g.event(w);
                    let choice = guide.choice(e.thread as usize, e.index as usize);
                    w != id
                        && !matches!(choice, Recorded::Place(p) if p > place)
                        && !half_above(g, guide, w, place)
                };
                let position = g.co(label.loc).iter().filter(below).count();
                self.explorer.graph_mut().place(id, position);
                id
            }
            Some(_) => return Err(self.unfit(label.site)),
        };
        self.added(id)?;
        Ok(id)
    }

    /// Adds a spin hint.
    pub fn add_hint(&mut self, label: Label) -> Result<Hint, Status> {
        let recorded = self.recorded();
        let id = self.add(label)?;
        if let Some(Recorded::Stop(start)) = recorded {
            let hint = &mut self.explorer.graph_mut().events[id as usize];
            hint.block(start.min(hint.index).into(), false);
        }
        Ok(if recorded.is_some() { Hint::Known(id) } else { Hint::New(id) })
    }
}

/// Whether the write half `w` follows, through other halves, a write that the token places above `place`.
fn half_above(g: &Graph, guide: &Guide, mut w: Id, place: u32) -> bool {
    while g.event(w).kind() == Kind::ExclusiveWrite {
        w = g.event(g.event(w).label.from).rf;
    }
    let e = g.event(w);
    matches!(guide.choice(e.thread as usize, e.index as usize), Recorded::Place(p) if p > place)
}

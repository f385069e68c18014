//! New events: chosen by the search, or as a replay token records.

use super::current::Current;
use super::exec::{Status, Stop};
use super::graph::{Graph, Id, NONE};
use super::label::{Kind, Label, Outcome};
use super::ops::{At, Hint};
use super::report::{Limit, Site};
use super::token::{Guide, Recorded};

/// Waits until a recorded event has run.
#[inline]
pub(super) fn await_run(current: Current, thread: u16, index: u16) {
    while !current.exec().has_run(thread, index) {
        current.pause(Status::Source(thread, index));
    }
}

/// Counts a new event and looks at what it breaks.
pub(super) fn added(current: Current, id: Id) {
    let exec = current.exec();
    let guided = exec.guide.is_some();
    let thread = &mut exec.threads[exec.running];
    thread.pos += 1;
    if guided {
        exec.remaining -= 1;
    } else {
        thread.len += 1;
    }
    if thread.pos > exec.max_events {
        current.stop(Stop::Limit(Limit::Events(exec.max_events)));
    }
    let e = exec.explorer.graph().event(id);
    if e.kind() == Kind::Free {
        super::failure::check_free(current, id);
    }
    if !matches!(e.kind(), Kind::Read | Kind::Write | Kind::ExclusiveWrite) {
        return;
    }
    if e.label.allocation != NONE {
        super::failure::check_use(current, id);
    }
    if let Some(other) = exec.explorer.graph().race(id) {
        exec.found_race(other, id);
        if exec.stop.is_some() {
            current.pause(Status::Blocked);
        }
    }
}

/// The choice that the replay token records for the next event.
fn recorded(current: Current) -> Option<Recorded> {
    let exec = current.exec();
    let guide = exec.guide.as_ref()?;
    Some(guide.choice(exec.running, exec.threads[exec.running].pos as usize))
}

#[cold]
fn unfit(current: Current, at: At) -> ! {
    current.stop(Stop::Mismatch(format!("at {}", Site::from(at))))
}

/// Adds an event that leaves no choice.
pub(super) fn add(current: Current, label: Label) -> Id {
    let exec = current.exec();
    let id = exec.explorer.add(exec.running as u16, label);
    added(current, id);
    id
}

/// Adds a read.
pub(super) fn add_read(current: Current, label: Label) -> Id {
    if !label.branches {
        return add(current, label);
    }
    let id = match recorded(current) {
        None => {
            let exec = current.exec();
            exec.explorer.add_read(exec.running as u16, label)
        }
        Some(Recorded::Source(thread, index, variant)) => {
            await_run(current, thread, index);
            let exec = current.exec();
            let source = exec.explorer.graph().threads[thread as usize][index as usize];
            let e = exec.explorer.graph().event(source);
            if !e.is_write() || e.loc() != label.loc || label.step(e.value, variant).is_none() {
                unfit(current, label.site);
            }
            let id = exec.explorer.add(exec.running as u16, label);
            exec.explorer.graph_mut().set_source(id, source, variant);
            id
        }
        Some(_) => unfit(current, label.site),
    };
    added(current, id);
    id
}

/// Adds a write.
pub(super) fn add_write(current: Current, label: Label) -> Id {
    if !label.branches {
        return add(current, label);
    }
    let id = match recorded(current) {
        None => {
            let exec = current.exec();
            exec.explorer.add_write(exec.running as u16, label)
        }
        Some(Recorded::Place(place)) => {
            let exec = current.exec();
            let id = exec.explorer.add(exec.running as u16, label);
            let g = exec.explorer.graph();
            let guide = exec.guide.as_ref().expect("it has recorded a place");
            let below = |&&w: &&Id| {
                let e = g.event(w);
                let choice = guide.choice(e.thread as usize, e.index as usize);
                w != id
                    && !matches!(choice, Recorded::Place(p) if p > place)
                    && !half_above(g, guide, w, place)
            };
            let position = g.co(label.loc).iter().filter(below).count();
            exec.explorer.graph_mut().place(id, position);
            id
        }
        Some(_) => unfit(current, label.site),
    };
    added(current, id);
    id
}

/// Whether the write half `w` follows, through other halves, a write that the token places above `place`.
fn half_above(g: &Graph, guide: &Guide, mut w: Id, place: u32) -> bool {
    while g.event(w).kind() == Kind::ExclusiveWrite {
        w = g.event(g.event(w).label.from).rf;
    }
    let e = g.event(w);
    matches!(guide.choice(e.thread as usize, e.index as usize), Recorded::Place(p) if p > place)
}

/// Adds a spin hint.
pub(super) fn add_hint(current: Current, label: Label) -> Hint {
    let recorded = recorded(current);
    let id = add(current, label);
    if let Some(Recorded::Stop(start)) = recorded {
        let hint = &mut current.exec().explorer.graph_mut().events[id as usize];
        (hint.outcome, hint.value) = (Outcome::Block, start.min(hint.index).into());
    }
    if recorded.is_some() { Hint::Known(id) } else { Hint::New(id) }
}

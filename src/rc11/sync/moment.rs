//! `Moment`: a point in a thread's run that another thread can be put behind, for models of types whose documentation says just that.
//!
//! A model of a channel keeps its queue under a lock. If that lock synchronised, all users of the channel would come one after
//! another by happens-before, which no documentation promises, and races between them would go unseen. So the model's lock
//! is an unordered [`Gate`](super::Gate), and each message carries the moment at which it was sent.

use std::panic::Location;

use crate::current::{self, perform, perform_if_inside};
use crate::label::{Kind, Label, Op, Order};
use crate::ops::{At, Loc};

/// A moment of a thread: all that the thread did before it.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    thread: u16,
    index: u16,
    epoch: u64,
}

impl Moment {
    /// This moment of the calling thread.
    #[track_caller]
    pub fn now() -> Moment {
        Moment::new(Op::Publish, Location::caller(), None)
    }

    /// This moment, in which the calling thread calls an operation of an object; `what` says which, for who reads the execution.
    #[track_caller]
    pub fn of_call(what: String) -> Moment {
        Moment::new(Op::Call, Location::caller(), Some(what))
    }

    /// This moment, in which the operation that the calling thread has called last returns; `what` says what.
    #[track_caller]
    pub fn of_return(what: String) -> Moment {
        Moment::new(Op::Return, Location::caller(), Some(what))
    }

    fn new(op: Op, at: At, mut what: Option<String>) -> Moment {
        perform(|exec| {
            let (thread, index) = (exec.running as u16, exec.me().pos as u16);
            exec.event(Label::new(Kind::Moment, op, Order::NonAtomic, at))?;
            if let Some(what) = what.take() {
                exec.names.remark((thread, index), what);
            }
            Ok(Moment { thread, index, epoch: exec.epoch })
        })
    }

    /// Whether it happens before what the calling thread has done last. A moment of another execution does not.
    pub fn is_past(&self) -> bool {
        let past = current::with(|exec| {
            let g = exec.explorer.graph();
            let event = |thread: usize, index| g.threads.get(thread)?.get(index as usize).copied();
            let (running, done) = (exec.running, exec.threads[exec.running].pos);
            let now = event(running, done.checked_sub(1)?)?;
            let then = event(self.thread.into(), self.index.into())?;
            Some(self.epoch == exec.epoch && g.hb(then, now))
        });
        past.flatten().unwrap_or(false)
    }

    /// Puts what the calling thread does from here on behind the moment: it happens after.
    #[track_caller]
    pub fn observe(self) {
        let at = Location::caller();
        let Moment { thread, index, epoch } = self;
        perform_if_inside(|exec| {
            exec.check_epoch(Loc { id: 0, epoch }, at)?;
            exec.await_run(thread, index)?;
            let from = exec.explorer.graph().threads[thread as usize][index as usize];
            let label = Label::new(Kind::Join, Op::Observe, Order::NonAtomic, at);
            exec.event(Label { from, ..label })?;
            Ok(())
        });
    }
}

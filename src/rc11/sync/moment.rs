//! `Moment`: a point in a thread's run that another thread can be put behind, for models of types whose documentation says just that.
//!
//! A model of a channel keeps its queue under a lock. If that lock synchronised, all users of the channel would come one after
//! another by happens-before, which no documentation promises, and races between them would go unseen. So the model's lock
//! is an unordered [`Gate`](super::Gate), and each message carries the moment at which it was sent.

use std::panic::Location;

use crate::current::{perform, perform_if_inside};
use crate::label::{Kind, Label, Op, Order};
use crate::ops::Loc;

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
        let at = Location::caller();
        perform(|exec| {
            let (thread, index) = (exec.running as u16, exec.me().pos as u16);
            exec.event(Label::new(Kind::Moment, Op::Publish, Order::NonAtomic, at))?;
            Ok(Moment { thread, index, epoch: exec.epoch })
        })
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

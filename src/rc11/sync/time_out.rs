//! Time-outs: a wait that has one may end without its cause, at any moment, as a choice of the search.
//!
//! No time passes in an execution, and how long a wait may last is not looked at. A loop around such a wait could time out for ever, so a
//! thread's waits time out as often in an execution as [`Checker::time_outs`](crate::Checker::time_outs) says. After that they wait for
//! their cause. Where it never comes the execution is cut off: it is no deadlock, as time would go on, and nothing is proved
//! (`Exec::cut_off`).

use crate::current::perform;

/// Whether a wait ended by its time-out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitTimeoutResult(pub(super) bool);

impl WaitTimeoutResult {
    /// Whether it did.
    pub fn timed_out(&self) -> bool {
        self.0
    }
}

/// The operand of a wait's step that says whether it may time out: 1 if the running thread's earlier ones leave one.
pub(crate) fn may_time_out() -> u64 {
    perform(|exec| {
        let (running, pos) = (exec.running, exec.me().pos as usize);
        let g = exec.explorer.graph();
        let timed_out = |&&id: &&u32| {
            let e = g.event(id);
            e.variant > 0 && e.label.op.has_time_out()
        };
        let timed_out = g.threads[running].iter().take(pos).filter(timed_out).count();
        let may = timed_out < exec.time_outs as usize;
        exec.out_of_time_outs |= !may;
        Ok(may.into())
    })
}

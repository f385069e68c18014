//! `std::sync::Barrier`: nobody passes until everybody has come.

use super::monitor::Monitor;
use super::record;
use casebook_engine::probe::Wait;

/// A barrier for a fixed number of threads, reusable.
pub struct Barrier {
    parties: usize,
    state: Monitor<State>,
}

struct State {
    arrived: usize,
    generation: u64,
}

/// What [`Barrier::wait`] returns.
pub struct BarrierWaitResult(bool);

impl BarrierWaitResult {
    /// Whether this thread came last; exactly one of each generation does.
    pub fn is_leader(&self) -> bool {
        self.0
    }
}

impl Barrier {
    /// A barrier for `parties` threads.
    #[track_caller]
    pub fn new(parties: usize) -> Self {
        Barrier { parties, state: Monitor::new(State { arrived: 0, generation: 0 }) }
    }

    /// Waits for the others; all that they did before happens before what follows.
    #[track_caller]
    pub fn wait(&self) -> BarrierWaitResult {
        record("barrier", 0);
        let (leader, mine) = self.state.with(|state| {
            state.arrived += 1;
            let last = state.arrived >= self.parties;
            let mine = state.generation;
            if last {
                state.arrived = 0;
                state.generation += 1;
            }
            (last, mine)
        });
        if !leader {
            self.state.wait_for(Wait::Barrier, |state| (state.generation != mine).then_some(()));
        }
        BarrierWaitResult(leader)
    }
}

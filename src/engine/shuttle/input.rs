//! Inputs that a case leaves open: each in turn where schedules are sampled, the same one again where one is replayed.

use std::cell::Cell;

use casebook_engine::explore::End;
use casebook_engine::probe::{self, Stop};

/// The bound at which a search for every schedule stops: there is one for each input.
const ASKED: &str = "an input that the case leaves open";

thread_local! {
    /// Which input it is the turn of, and what is left of that number; none where no input is chosen.
    static TURN: Cell<Option<[u64; 2]>> = const { Cell::new(None) };
    static CHOSEN: Cell<bool> = const { Cell::new(false) };
}

/// An execution begins.
pub fn begin(turn: Option<u64>) {
    TURN.set(turn.map(|turn| [turn; 2]));
    CHOSEN.set(false);
}

/// Which input the execution has, if it asked for one.
pub fn chosen() -> Option<u64> {
    TURN.get().filter(|_| CHOSEN.get()).map(|[turn, _]| turn)
}

/// Whether an exploration ended because the case asked for an input, and there was none.
pub fn is_asked_for(end: &End) -> bool {
    matches!(end, End::Stopped(Stop::Bound(limit)) if limit == ASKED)
}

/// A number below `end`.
pub fn choose(end: usize) -> usize {
    let Some([turn, left]) = TURN.get() else { probe::halt(Stop::Bound(ASKED.into())) };
    let end = end as u64;
    TURN.set(Some([turn, left / end]));
    CHOSEN.set(true);
    (left % end) as usize
}

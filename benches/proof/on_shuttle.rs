//! The shapes over shuttle's own types, and its depth-first search of one to its end.

use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex};

use shuttle::scheduler::DfsScheduler;
use shuttle::{Config, FailurePersistence, MaxSteps, Runner};

use crate::child::{COMPLETE, Outcomes};

mod rt {
    //! shuttle under the names that the shapes use.
    pub(super) use crate::plain_cell as cell;
    pub use shuttle::{hint, sync, thread};
}

#[path = "shapes/mod.rs"]
#[expect(clippy::duplicate_mod, reason = "the shapes are compiled once per engine on purpose")]
pub mod shapes;

pub fn explore(shape: shapes::Shape, n: usize, outcomes: &mut Outcomes) {
    let mut config = Config::new();
    config.failure_persistence = FailurePersistence::None;
    // A depth-first search follows a spin loop for ever; no bound here, the time limit ends it.
    config.max_steps = MaxSteps::None;
    config.silence_warnings = true;
    let seen = Arc::new(Mutex::new(std::mem::take(outcomes)));
    let into = seen.clone();
    Runner::new(DfsScheduler::new(None, false), config).run(move || {
        let outcome = shape(n);
        COMPLETE.fetch_add(1, Relaxed);
        into.lock().expect("nobody panics with it").insert(outcome);
    });
    *outcomes = std::mem::take(&mut seen.lock().expect("nobody panics with it"));
}

//! The shapes over loom's own types, and loom's search of one to its end.

use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex};

use crate::child::{COMPLETE, Outcomes};

mod rt {
    //! loom under the names that the shapes use: a spin yields, for loom explores no spin to its end.
    pub use loom::{cell, sync, thread};
    pub mod hint {
        //! The end of a turn of a spin loop.
        pub use loom::thread::yield_now as spin_loop;
    }
}

#[path = "shapes/mod.rs"]
#[expect(clippy::duplicate_mod, reason = "the shapes are compiled once per engine on purpose")]
pub mod shapes;

pub fn explore(shape: shapes::Shape, n: usize, outcomes: &mut Outcomes) {
    let mut builder = loom::model::Builder::new();
    // The environment must not change what is measured.
    builder.max_threads = loom::MAX_THREADS;
    builder.max_branches = 10_000;
    builder.preemption_bound = None;
    builder.max_permutations = None;
    builder.max_duration = None;
    builder.checkpoint_file = None;
    let seen = Arc::new(Mutex::new(std::mem::take(outcomes)));
    let into = seen.clone();
    builder.check(move || {
        let outcome = shape(n);
        COMPLETE.fetch_add(1, Relaxed);
        into.lock().expect("nobody panics with it").insert(outcome);
    });
    *outcomes = std::mem::take(&mut seen.lock().expect("nobody panics with it"));
}

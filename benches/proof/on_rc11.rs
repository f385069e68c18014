//! The shapes as rc11 compiles them, and rc11's search of one to its end.

use std::sync::atomic::Ordering::Relaxed;

use rc11 as rt;
use rc11::{Checker, Completed};

use crate::child::{BLOCKED, COMPLETE, Outcomes};

#[path = "shapes/mod.rs"]
pub mod shapes;

pub fn explore(shape: shapes::Shape, n: usize, outcomes: &mut Outcomes) {
    let add = |found: &mut Outcomes, outcome, _: &Completed| {
        // Whoever cuts the search off reads this.
        COMPLETE.fetch_add(1, Relaxed);
        found.insert(outcome);
    };
    let (found, report) = Checker::new().collect(|| shape(n), add);
    // A search that starts again counts anew.
    COMPLETE.store(report.complete, Relaxed);
    BLOCKED.store(report.blocked, Relaxed);
    *outcomes = found;
    assert!(report.is_proved(), "{:?}", report.verdict);
}

//! The shapes as rc11 compiles them, and rc11's search of one to its end.

use std::sync::atomic::Ordering::Relaxed;

use rc11 as rt;
use rc11::Checker;

use crate::child::{BLOCKED, COMPLETE, Outcomes};

#[path = "shapes/mod.rs"]
pub mod shapes;

pub fn explore(shape: shapes::Shape, n: usize, outcomes: &mut Outcomes) {
    let (found, report) =
        Checker::new().collect(|| shape(n), |found: &mut Vec<_>, outcome, _| found.push(outcome));
    COMPLETE.store(report.complete, Relaxed);
    outcomes.extend(found);
    assert!(report.is_proved(), "{:?}", report.verdict);
    BLOCKED.store(report.blocked, Relaxed);
}

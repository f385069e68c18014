//! What came first, where executions are interleavings, or real time.

use casebook_linear::Moment;

/// A point in an execution. All that has been is past, for whoever asks.
#[derive(Clone, Copy)]
pub struct Point;

impl Moment for Point {
    fn calls(_: impl Fn() -> String) -> Self {
        Point
    }

    fn returns(_: impl Fn() -> String) -> Self {
        Point
    }

    fn is_past(&self) -> bool {
        true
    }
}

//! A choice that the checker makes: every number is taken, each in executions of its own.
//!
//! It is an update of a location that nobody else knows, and each of its alternatives writes another number.

use std::panic::Location;

use crate::label::{Op, Order, Outcome};
use crate::ops::{self, Access, At};

/// How many alternatives an update has at most; larger numbers have several digits.
const BASE: usize = 128;

/// A number below `end`. Every one is taken, 0 first, in executions of its own: an input of the program.
///
/// ```
/// let add = |seen: &mut Vec<usize>, chosen, _: &rc11::Completed<'_>| seen.push(chosen);
/// let (seen, report) = rc11::Checker::new().collect(|| rc11::choose(3), add);
/// assert!(report.is_proved());
/// assert_eq!(seen, [0, 1, 2]);
/// ```
///
/// # Panics
/// If there is no number below `end`, or outside an execution.
#[track_caller]
pub fn choose(end: usize) -> usize {
    assert!(end > 0, "no number is below 0");
    number_below(end, Location::caller())
}

fn number_below(end: usize, at: At) -> usize {
    if end <= BASE {
        return digit_below(end, at);
    }
    let high = number_below(end.div_ceil(BASE), at) * BASE;
    high + digit_below(BASE.min(end - high), at)
}

fn digit_below(end: usize, at: At) -> usize {
    let (loc, order) = (ops::create(0, Op::New, at), Order::Relaxed);
    // Nothing is told by the place of what has no place in memory.
    let access =
        Access { loc, op: Op::Choose, ord: order, fail: order, branches: true, address: 0, at };
    // The alternatives of an event are taken up from the last, after the canonical one.
    let step = |_, end, _, variant: u8| {
        let variant = u64::from(variant);
        (variant < end).then_some(Outcome::Write(if variant == 0 { 0 } else { end - variant }))
    };
    match ops::update(&access, step, end as u64, 0).1 {
        Outcome::Write(digit) => digit as usize,
        outcome => unreachable!("a choice writes what it chose, and does not {outcome:?}"),
    }
}

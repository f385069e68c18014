//! What is wrong with a history.

use std::fmt;

use super::client::HandOff;
use super::history::{Called, History};
use super::order::{Unexplained, linearize};
use super::spec::Spec;

/// What is told of a history that no order explains begins so.
pub const UNEXPLAINED: &str = "not linearizable";
/// What is told of a history in which something is handed over and not published begins so.
pub const UNPUBLISHED: &str = "not published";

/// What is wrong with an execution.
#[derive(Clone, Debug, PartialEq)]
pub enum Why {
    /// No order explains the results.
    Unexplained(Unexplained),
    /// The second operation has what the first gave, and nothing orders the two.
    Unpublished(usize, usize),
    /// The execution fails by itself: a race, a panic, a leak.
    Fails(String),
}

/// What is wrong with a history, if anything is.
pub fn explain<S: Spec>(history: &History<S::Operation, S::Result>) -> Option<Why> {
    if let Err(unexplained) = linearize::<S>(history) {
        return Some(Why::Unexplained(unexplained));
    }
    for (second, called) in history.0.iter().enumerate() {
        let Some(result) = &called.result else { continue };
        let gives = |&(first, giver): &(usize, &Called<_, _>)| {
            first != second && S::hands_over(&giver.operation, &called.operation, result)
        };
        let givers: Vec<_> = history.0.iter().enumerate().filter(gives).collect();
        // If several may have given it, one of them has.
        let is_seen = givers.iter().any(|&(first, _)| called.sees & 1 << first != 0);
        if let (Some(&(first, _)), false) = (givers.first(), is_seen) {
            return Some(Why::Unpublished(first, second));
        }
    }
    None
}

/// A history and what is wrong with it, in one sentence each.
pub(crate) struct Told<'a, O, R>(pub &'a History<O, R>, pub &'a Why, pub Option<HandOff>);

impl<O: fmt::Debug, R: fmt::Debug> fmt::Display for Told<'_, O, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Told(history, why, hand_off) = self;
        let line = history.line(*hand_off);
        let called = |nth: &usize| history.0[*nth].to_string();
        match why {
            Why::Unexplained(Unexplained { longest }) => {
                write!(f, "{UNEXPLAINED}: {line}. ")?;
                match &longest.iter().map(called).collect::<Vec<_>>()[..] {
                    [] => f.write_str("No order begins with any of these"),
                    calls => write!(f, "No order goes on after {}", calls.join(", ")),
                }
            }
            Why::Unpublished(first, second) => write!(
                f,
                "{UNPUBLISHED}: {line}. {} has what {} gave, and what came before that may not be there",
                called(second),
                called(first)
            ),
            Why::Fails(why) => f.write_str(why),
        }
    }
}

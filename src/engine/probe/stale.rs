//! Which value that was read is an old one, for who reads the steps of an execution.

use casebook_core::verdict::Site;

use super::{Event, MADE, Value};

/// What to say behind the value of a step: that it is an old one, and where the newer one was written. Of an atomic that several threads
/// write the steps do not tell which value is newer.
pub(super) fn note(events: &[Event], at: usize) -> String {
    let read = &events[at];
    if read.before == Value::None || read.after != Value::None {
        return String::new();
    }
    let of_object = |event: &&Event| event.object == read.object && event.after != Value::None;
    let mut writers = events.iter().filter(of_object).filter(|event| event.operation != MADE);
    let first = writers.next();
    if writers.any(|write| first.is_some_and(|first| first.thread != write.thread)) {
        return String::new();
    }
    let last = events[..at].iter().rev().find(of_object);
    match last.filter(|write| write.after != read.before) {
        Some(write) => format!("; old value; newer: line {}", Site::from(write.spot).line),
        None => String::new(),
    }
}

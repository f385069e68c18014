//! `Once`, `OnceLock` and `LazyLock`.

use std::cell::Cell;

use super::Story;
use super::rt::sync::{LazyLock, Once, OnceLock};
use crate::conformance::programs::Initialising;

pub fn run(steps: &Vec<Initialising>) -> Story {
    let (once, lock) = (Once::new(), OnceLock::new());
    let made = Cell::new(0);
    let lazy = LazyLock::new(|| {
        made.set(made.get() + 1);
        7
    });
    let mut calls = 0;
    let mut story = Story::new();
    for step in steps {
        story.push(match *step {
            Initialising::CallOnce => {
                let mut inside = None;
                once.call_once(|| {
                    calls += 1;
                    inside = Some(once.is_completed());
                });
                format!("{calls} calls, completed inside: {inside:?}")
            }
            Initialising::IsCompleted => format!("completed: {}", once.is_completed()),
            Initialising::Get => format!("{:?}", lock.get()),
            Initialising::Set(value) => format!("{:?}", lock.set(value)),
            Initialising::GetOrInit(value) => format!("{:?}", lock.get_or_init(|| value)),
            Initialising::Force => format!("{}, made {} times", *lazy, made.get()),
        });
    }
    story.push(format!("at the end {:?}", lock.into_inner()));
    story
}

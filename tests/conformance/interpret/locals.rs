//! Thread-locals: each thread has values of its own, which are dropped at its end, the last one first.

use std::cell::{Cell, RefCell};
use std::sync::{Arc, Mutex};

use super::Story;
use super::rt::{thread, thread_local};
use crate::conformance::programs::Touching;

/// What was dropped, by name; no engine sees it.
type Log = Arc<Mutex<Vec<char>>>;

struct Local {
    name: char,
    value: Cell<i8>,
    log: RefCell<Option<Log>>,
}

impl Local {
    fn new(name: char) -> Self {
        Local { name, value: Cell::new(0), log: RefCell::new(None) }
    }
}

impl Drop for Local {
    fn drop(&mut self) {
        // The last one asks for one that may be gone.
        let is_there = if self.name == 'a' { B.try_with(|_| ()).is_ok() } else { true };
        if let Some(log) = self.log.take() {
            log.lock().expect("nobody panics").push(if is_there { self.name } else { '-' });
        }
    }
}

thread_local! {
    static A: Local = Local::new('a');
    static B: Local = Local::new('b');
    static C: Local = Local::new('c');
}

/// Runs the steps on two threads, one after the other.
#[expect(clippy::ptr_arg, reason = "a program is a vector, whatever its type")]
pub fn run(steps: &Vec<Touching>) -> Story {
    let log = Log::default();
    let mut story = Story::new();
    for _ in 0..2 {
        let (steps, to) = (steps.clone(), log.clone());
        let touch = move |step: &Touching| {
            let key = [&A, &B, &C][usize::from(step.which) % 3];
            key.with(|local| {
                local.log.replace(Some(to.clone()));
                local.value.set(local.value.get().wrapping_add(step.by));
                format!("{} is {}", local.name, local.value.get())
            })
        };
        let ended = thread::spawn(move || steps.iter().map(touch).collect::<Story>()).join();
        story.extend(ended.expect("nobody panics"));
        story.push(format!("dropped: {:?}", log.lock().expect("nobody panics")));
    }
    story
}

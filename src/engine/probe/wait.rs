//! Who waits for what, who holds what, and which wake-ups were sent: the story of a deadlock.

use std::panic::Location;

use casebook_core::verdict::{Kind, Site};

use super::{Event, Spot, with};

/// What a thread can wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// A lock that another thread holds.
    Lock,
    /// A condition variable of the case.
    Condvar,
    /// A wake-up at a futex.
    Futex,
    /// Its park token.
    Park,
    /// The end of a thread.
    Join,
    /// A spin loop's condition.
    Spin,
    /// Room in a channel.
    Send,
    /// A message.
    Receive,
    /// The other parties of a barrier.
    Barrier,
    /// A permit of a semaphore.
    Permit,
    /// Another thread's initialisation.
    Initialisation,
}

impl Wait {
    fn words(self) -> &'static str {
        match self {
            Wait::Lock => "the lock",
            Wait::Condvar => "a notification",
            Wait::Futex => "a wake-up",
            Wait::Park => "its park token",
            Wait::Join => "the end of a thread",
            Wait::Spin => "a condition it spins on",
            Wait::Send => "room in a channel",
            Wait::Receive => "a message",
            Wait::Barrier => "the others at a barrier",
            Wait::Permit => "a permit",
            Wait::Initialisation => "another thread's initialisation",
        }
    }

    /// Whether somebody sends it, and nobody may be there to hear it.
    fn is_for_wake_up(self) -> bool {
        matches!(self, Wait::Condvar | Wait::Futex | Wait::Park)
    }
}

#[derive(Clone, Copy)]
struct Waiting {
    thread: usize,
    what: Wait,
    object: usize,
    at: &'static Location<'static>,
    /// Whether it may end by a time-out, if the thread has had none.
    timed: bool,
}

#[derive(Default)]
pub(super) struct Waits {
    waiting: Vec<Waiting>,
    holders: Vec<(usize, usize)>,
    woken: Vec<usize>,
}

/// Notes that `thread` is about to wait for `object`, by its address; a park waits for the thread. The wait may be `timed`.
pub fn wait(thread: usize, what: Wait, object: usize, timed: bool, at: &'static Location<'static>) {
    with(|probe| probe.waits.waiting.push(Waiting { thread, what, object, at, timed }));
}

/// Notes that `thread` waits no longer.
pub fn unwait(thread: usize) {
    with(|probe| probe.waits.waiting.retain(|waiting| waiting.thread != thread));
}

/// Notes that `thread` holds the lock `object`.
pub fn acquired(thread: usize, object: usize) {
    with(|probe| probe.waits.holders.push((object, thread)));
}

/// Whether `thread` holds the lock `object`.
pub fn holds(thread: usize, object: usize) -> bool {
    with(|probe| probe.waits.holders.contains(&(object, thread)))
}

/// Notes that `thread` holds the lock `object` no longer.
pub fn released(thread: usize, object: usize) {
    with(|probe| {
        let holders = &mut probe.waits.holders;
        if let Some(index) = holders.iter().position(|held| *held == (object, thread)) {
            holders.swap_remove(index);
        }
    });
}

/// Notes that a wake-up was sent to `object`.
pub fn woken(object: usize) {
    with(|probe| probe.waits.woken.push(object));
}

impl Waits {
    /// A place where somebody waits whose one time-out is spent: where everybody waits, a second one would end that.
    pub(super) fn second_time_out(&self) -> Option<&'static Location<'static>> {
        self.waiting.iter().find(|waiting| waiting.timed).map(|waiting| waiting.at)
    }

    /// What kind of deadlock it is that everybody is in, and its story.
    pub(super) fn deadlock(&self, events: &[Event]) -> (Kind, String) {
        let lost = |w: &Waiting| w.what.is_for_wake_up() && self.woken.contains(&w.object);
        let kind = if self.waiting.iter().any(lost) {
            Kind::LostWakeup
        } else if self.waiting.iter().any(|w| w.what == Wait::Spin) {
            Kind::Livelock
        } else {
            Kind::Deadlock
        };
        let mut waiting = self.waiting.clone();
        waiting.sort_by_key(|w| w.thread);
        let stories: Vec<String> = waiting.iter().map(|w| self.story(w, events)).collect();
        (kind, stories.join("; "))
    }

    fn story(&self, w: &Waiting, events: &[Event]) -> String {
        let at = Site::from(Spot::from(w.at).in_program(w.thread, events, &[]));
        let mut story = format!("thread {} waits for {} {}", w.thread, w.what.words(), at.phrase());
        let holders: Vec<String> = self
            .holders
            .iter()
            .filter(|(object, _)| w.what == Wait::Lock && *object == w.object)
            .map(|(_, thread)| thread.to_string())
            .collect();
        if !holders.is_empty() {
            story += &format!(", held by thread {}", holders.join(" and "));
        }
        if w.what.is_for_wake_up() && self.woken.contains(&w.object) {
            story += ", which was sent before";
        }
        story
    }
}

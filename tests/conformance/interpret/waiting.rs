//! What threads wait at, with nobody to wait for: condition variables, barriers, semaphores.

use super::rt::futex::{self, Futex};
use super::rt::parking_lot;
use super::rt::sync::atomic::Ordering::Relaxed;
use super::rt::sync::{Barrier, Condvar, Mutex, Semaphore, SemaphorePermit};
use super::{Story, nth};
use crate::conformance::A_MOMENT;
use crate::conformance::programs::{Notifying, Permitting, Sleeping};

pub fn condvar(steps: &Vec<Notifying>) -> Story {
    let (mutex, condvar) = (Mutex::new(0), Condvar::new());
    let (other_mutex, other) = (parking_lot::Mutex::new(()), parking_lot::Condvar::new());
    let mut has_timed_out = false;
    let mut story = Story::new();
    for step in steps {
        match *step {
            Notifying::NotifyOne => condvar.notify_one(),
            Notifying::NotifyAll => {
                condvar.notify_all();
                other.notify_all();
            }
            Notifying::WaitForNothing => {
                let guard = mutex.lock().expect("nobody panics");
                let mut guard = condvar
                    .wait_while(guard, |asked| {
                        *asked += 1;
                        false
                    })
                    .expect("nobody panics");
                *guard += 10;
            }
            Notifying::WaitInVain { .. } if has_timed_out => {}
            Notifying::WaitInVain { other: true } => {
                let result = other.wait_for(&mut other_mutex.lock(), A_MOMENT);
                story.push(format!(
                    "{}, and free: {}",
                    result.timed_out(),
                    other_mutex.try_lock().is_some()
                ));
                has_timed_out = true;
            }
            Notifying::WaitInVain { other: false } => {
                let guard = mutex.lock().expect("nobody panics");
                let waited = condvar.wait_timeout_while(guard, A_MOMENT, |asked| {
                    *asked += 100;
                    true
                });
                let (mut guard, result) = waited.expect("nobody panics");
                *guard += 1000;
                story.push(format!("{}", result.timed_out()));
                has_timed_out = true;
            }
        }
        story.push(format!("{:?}", mutex.lock().map(|guard| *guard)));
    }
    story
}

pub fn futex(steps: &Vec<Sleeping>) -> Story {
    let word = Futex::new(0);
    let mut story = Story::new();
    for step in steps {
        match *step {
            Sleeping::Store(value) => word.store(value, Relaxed), // Relaxed: there is one thread
            Sleeping::Wait(value) if value != word.load(Relaxed) => futex::wait(&word, value),
            Sleeping::Wait(_) => {}
            Sleeping::WakeOne => futex::wake_one(&word),
            Sleeping::WakeAll => futex::wake_all(&word),
        }
        story.push(format!("{step:?}: {}", word.load(Relaxed)));
    }
    story.push(format!("at the end {}", word.into_inner()));
    story
}

/// Passes a barrier of at most one party again and again.
pub fn barrier((parties, times): &(usize, usize)) -> Story {
    let barrier = Barrier::new(*parties);
    (0..*times).map(|_| format!("leads: {}", barrier.wait().is_leader())).collect()
}

pub fn semaphore((permits, steps): &(usize, Vec<Permitting>)) -> Story {
    let semaphore = Semaphore::new(*permits);
    let mut held: Vec<SemaphorePermit> = Vec::new();
    let mut story = Story::new();
    for step in steps {
        let taken = match *step {
            Permitting::Acquire if semaphore.available_permits() > 0 => Some(semaphore.acquire()),
            Permitting::TryAcquire => semaphore.try_acquire(),
            Permitting::Release => {
                drop(nth(&held, 0).map(|first| held.swap_remove(first)));
                None
            }
            Permitting::Forget => {
                if let Some(permit) = held.pop() {
                    permit.forget();
                }
                None
            }
            Permitting::Add(more) => {
                semaphore.add_permits(more);
                None
            }
            Permitting::Acquire | Permitting::Available => None,
        };
        held.extend(taken);
        story.push(format!("{} held, {} free", held.len(), semaphore.available_permits()));
    }
    story
}

/// Waits so often for what never comes, and then without a time-out, or not; whether each wait timed out.
pub fn in_vain(times: usize, then_for_good: bool) -> Story {
    let (mutex, condvar) = (Mutex::new(()), Condvar::new());
    let wait = |_| {
        let guard = mutex.lock().expect("nobody panics");
        let waited = condvar.wait_timeout(guard, A_MOMENT).expect("nobody panics");
        waited.1.timed_out().to_string()
    };
    let story = (0..times).map(wait).collect();
    if then_for_good {
        drop(condvar.wait(mutex.lock().expect("nobody panics")));
    }
    story
}

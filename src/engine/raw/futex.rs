//! What a kernel keeps for a futex, where an engine has locks: a mutex, and a condition variable for who sleeps.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::atomic::Ordering::Relaxed;

use super as raw;

/// The sleepers at one word, by a number: it is as good after the word's memory has been freed.
#[derive(Clone, Copy)]
pub struct FutexQueue(usize);

struct Queue {
    lock: raw::Mutex<()>,
    woken: raw::Condvar,
}

thread_local! {
    static QUEUES: RefCell<Vec<Rc<Queue>>> = const { RefCell::new(Vec::new()) };
}

/// Forgets the execution before.
pub fn begin() {
    QUEUES.take();
}

impl FutexQueue {
    /// Nobody sleeps.
    pub fn new() -> Self {
        // What follows a wake-up does not happen after it, nor after the look of another thread.
        let queue = Queue { lock: raw::unordered_mutex(), woken: raw::Condvar::new() };
        QUEUES.with_borrow_mut(|queues| {
            queues.push(Rc::new(queue));
            FutexQueue(queues.len() - 1)
        })
    }

    fn queue(self) -> Rc<Queue> {
        QUEUES.with_borrow(|queues| queues[self.0].clone())
    }

    /// Sleeps until it is woken, if the word is `expected`; the value found.
    #[track_caller]
    pub fn wait(self, word: &raw::atomic::AtomicU32, expected: u32) -> u32 {
        let queue = self.queue();
        let Ok(inside) = queue.lock.lock() else { unreachable!("no engine poisons") };
        let found = word.load(Relaxed); // Relaxed: whoever is inside comes after who was there before
        if found == expected {
            drop(queue.woken.wait(inside));
        } else {
            drop(inside);
        }
        found
    }

    /// Wakes one sleeper, if there is one.
    pub fn wake_one(self) {
        self.wake(raw::Condvar::notify_one);
    }

    /// Wakes all sleepers.
    pub fn wake_all(self) {
        self.wake(raw::Condvar::notify_all);
    }

    fn wake(self, notify: fn(&raw::Condvar)) {
        let queue = self.queue();
        let inside = queue.lock.lock();
        notify(&queue.woken);
        drop(inside);
    }
}

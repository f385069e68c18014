//! Who leaves a queue must clear its mark there under the queue's lock, or it is cleared twice.
//!
//! Shape: a writer that waits for the readers to leave sets a bit for that, and queues. The last
//! reader sees the bit, takes the writer out of the queue, if it is there, and clears the bit. A
//! writer whose time is up leaves the queue and afterwards subtracts what it had added, the bit
//! too. If the last reader has cleared it in between, the subtraction borrows from the bits above:
//! the lock is held by readers that never were.
//!
//! Source: parking_lot issue 465 and pull request 466 (RwLock, try_write_for, 2025).
//! Does not show: the bit for those who wait behind the writer.

use core::time::Duration;

use super::rt::sync::Mutex;
use super::rt::sync::atomic::{AtomicU32, Ordering::*};
use super::rt::thread::{self, Thread};

const A_MOMENT: Duration = Duration::from_micros(50);

const WRITER_WAITS: u32 = 1;
const WRITER: u32 = 2;
const READER: u32 = 4;

cases! {
    /// As published: the bit is subtracted, whoever has cleared it.
    subtracted_later: fails(Assertion) => give_up_beside_last_reader(false);
    /// As fixed: it is cleared, and under the queue's lock.
    cleared_in_the_queue: holds().exposed() => give_up_beside_last_reader(true);
}

struct Lock {
    state: AtomicU32,
    /// The writer that waits for readers: there is one at most.
    queue: Mutex<Option<Thread>>,
}

impl Lock {
    fn read_unlock(&self) {
        // Relaxed: it is the state alone that is told, here and below.
        let before = self.state.fetch_sub(READER, Relaxed);
        if before & !WRITER == READER | WRITER_WAITS {
            let mut queue = self.queue.lock().unwrap();
            let writer = queue.take();
            self.state.fetch_and(!WRITER_WAITS, Relaxed); // Relaxed: as above
            if let Some(writer) = writer {
                writer.unpark();
            }
        }
    }

    /// Waits for the readers, with the writer's bit set; whether they left in time.
    fn wait_for_readers(&self, fixed: bool) -> bool {
        let mut queue = self.queue.lock().unwrap();
        // Relaxed: of this and a reader's leaving, both on one word, the later one sees the other.
        if self.state.fetch_or(WRITER_WAITS, Relaxed) < READER {
            self.state.fetch_and(!WRITER_WAITS, Relaxed); // Relaxed: as above
            return true;
        }
        *queue = Some(thread::current());
        drop(queue);
        thread::park_timeout(A_MOMENT);
        let mut queue = self.queue.lock().unwrap();
        if queue.take().is_none() {
            return true;
        }
        if fixed {
            self.state.fetch_and(!WRITER_WAITS, Relaxed); // Relaxed: as above
        }
        drop(queue);
        let mine = if fixed { WRITER } else { WRITER | WRITER_WAITS };
        self.state.fetch_sub(mine, Relaxed); // Relaxed: as above
        false
    }
}

fn give_up_beside_last_reader(fixed: bool) {
    let lock = Lock { state: AtomicU32::new(READER | WRITER), queue: Mutex::new(None) };
    thread::scope(|s| {
        s.spawn(|| lock.read_unlock());
        s.spawn(|| {
            if lock.wait_for_readers(fixed) {
                lock.state.fetch_sub(WRITER, Relaxed); // Relaxed: nobody else looks at it any more
            }
        });
    });
    assert_eq!(lock.state.load(Relaxed), 0, "nobody holds it"); // Relaxed: the scope has joined all
}

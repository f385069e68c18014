//! A waiting writer that gives up must let in the readers that it held back.
//!
//! Shape: a reader is in, a writer waits, and further readers wait behind the writer, so that it is
//! not starved. When the writer's time is up nothing holds them back any more; but what wakes them
//! is the end of a lock, and there is none. They wait until the first reader leaves; and if that
//! one waits for one of them, for ever.
//!
//! Source: vs-threading issue 252 and pull request 259 (AsyncReaderWriterLock, 2018); AsyncEx issue
//! 134 (2018, the same fault).
//! Does not show: a second waiting writer, which goes on holding them back.

use core::time::Duration;

use super::rt::sync::{Condvar, Mutex};
use super::rt::thread;

const A_MOMENT: Duration = Duration::from_micros(50);

cases! {
    /// As published: the writer leaves the count of waiting writers, and says nothing.
    leaves_silently: fails(Deadlock) => give_up_before_reader(|_| ());
    /// As fixed: who gives up wakes whom it held back.
    wakes_them: holds() => give_up_before_reader(Condvar::notify_all);
}

#[derive(Default)]
struct Holders {
    readers: u32,
    waiting_writers: u32,
}

fn give_up_before_reader(leave: fn(&Condvar)) {
    let (holders, changed) = (Mutex::new(Holders::default()), Condvar::new());
    let read = || {
        let holders = holders.lock().unwrap();
        let held_back = |holders: &mut Holders| holders.waiting_writers > 0;
        changed.wait_while(holders, held_back).unwrap().readers += 1;
    };
    let leave_read = || {
        holders.lock().unwrap().readers -= 1;
        changed.notify_all();
    };
    read();
    thread::scope(|s| {
        let writer = s.spawn(|| {
            let mut holders = holders.lock().unwrap();
            holders.waiting_writers += 1;
            let occupied = |holders: &mut Holders| holders.readers > 0;
            let waited = changed.wait_timeout_while(holders, A_MOMENT, occupied);
            (holders, _) = waited.unwrap();
            holders.waiting_writers -= 1;
            leave(&changed);
        });
        // The first reader leaves when the second one has been in.
        s.spawn(|| {
            read();
            leave_read();
        });
        drop(writer);
    });
    leave_read();
}

//! Tasks that yield alternate on one thread by their executor's grace, and on two not at all.
//!
//! Shape: one task appends the even numbers and one the odd ones, each yielding after every number.
//! An executor that polls its tasks in turn makes the list come out in order, although nothing in
//! the tasks asks for it. Give each task a thread, and the same code is out of order. An order that
//! matters must be waited for, as `alternating_turns` does.
//!
//! Source: tokio's docs, `task::yield_now` (promises nothing about who runs next).
//! Does not show: that a library's executor polls in this order; most do not promise it.

use super::executor::{run_both, yield_now};
use super::rt::future::block_on;
use super::rt::sync::Mutex;
use super::rt::thread;

cases! {
    /// This executor polls one task, then the other.
    one_thread: holds() => {
        let list = Mutex::new(Vec::new());
        run_both(append(&list, [0, 2]), append(&list, [1, 3]));
        assert_eq!(list.into_inner().unwrap(), [0, 1, 2, 3]);
    };
    /// Two executors know nothing of each other.
    two_threads: fails(Assertion) => {
        let list = Mutex::new(Vec::new());
        thread::scope(|s| {
            s.spawn(|| block_on(append(&list, [0, 2])));
            s.spawn(|| block_on(append(&list, [1, 3])));
        });
        assert_eq!(list.into_inner().unwrap(), [0, 1, 2, 3]);
    };
}

async fn append(list: &Mutex<Vec<u32>>, numbers: [u32; 2]) {
    for number in numbers {
        list.lock().unwrap().push(number);
        yield_now().await;
    }
}

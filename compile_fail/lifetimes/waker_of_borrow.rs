//! A waker may be kept for ever, so the type behind it must be `'static`.
//!
//! Error: E0597
//! Source: RUSTSEC-2020-0060 (futures-task `waker`, before 0.3.6).

use std::sync::Arc;

struct Waker(*const ());

fn main() {
    let waker;
    {
        let local = String::from("task");
        waker = into_waker(Arc::new(&local));
    }
    println!("{:p}", waker.0);
}

fn into_waker<W: 'static>(task: Arc<W>) -> Waker {
    Waker(Arc::into_raw(task).cast())
}

//! Hole: the pointer forgets the lifetime, and waking would read the freed string; that is the bug.

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

fn into_waker<W>(task: Arc<W>) -> Waker {
    Waker(Arc::into_raw(task).cast())
}

//! Hole: the guard that would have waited is forgotten while its thread still borrows the vector; that is the bug.

use std::{marker::PhantomData, mem};

struct JoinGuard<'a>(PhantomData<&'a ()>);

fn main() {
    {
        let data = vec![1, 2, 3];
        mem::forget(scoped(|| println!("{data:?}")));
    }
    println!("the thread may still be running");
}

fn scoped<'a, F: FnOnce() + Send + 'a>(_job: F) -> JoinGuard<'a> {
    JoinGuard(PhantomData)
}

//! A thread may borrow only if its join cannot be skipped: a guard that joins on drop can be leaked.
//!
//! The API that replaced it, `thread::scope`, joins in the function that lends the scope, which no caller can skip.
//!
//! Error: E0373
//! Source: rust issue 24292 (`thread::scoped` before 1.0); std docs, `mem::forget` is safe.

use std::{marker::PhantomData, mem};

struct JoinGuard<'a>(PhantomData<&'a ()>);

fn main() {
    {
        let data = vec![1, 2, 3];
        mem::forget(scoped(|| println!("{data:?}")));
    }
    println!("the thread may still be running");
}

fn scoped<'a: 'static, F: FnOnce() + Send + 'a>(_job: F) -> JoinGuard<'a> {
    JoinGuard(PhantomData)
}

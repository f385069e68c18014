//! Asynchronous code: wakers, cancellation and executors.

#[expect(unused_imports, reason = "no case yet")]
use super::rt;

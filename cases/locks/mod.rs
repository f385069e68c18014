//! Locks: mutual exclusion by hand, waiting, and the ways to wait for ever.

#[expect(unused_imports, reason = "no case yet")]
use super::rt;

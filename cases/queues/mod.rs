//! Stacks, queues and deques without locks.

#[expect(unused_imports, reason = "no case yet")]
use super::rt;

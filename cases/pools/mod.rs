//! Pools: threads that share work, and how they end.

#[expect(unused_imports, reason = "no case yet")]
use super::rt;

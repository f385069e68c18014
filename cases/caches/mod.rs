//! Caches: reading through, filling once, invalidating, and swapping snapshots.

#[expect(unused_imports, reason = "no case yet")]
use super::rt;

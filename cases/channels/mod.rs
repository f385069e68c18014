//! Channels: who gets which message, in which order, and what a disconnection means.

#[expect(unused_imports, reason = "no case yet")]
use super::rt;

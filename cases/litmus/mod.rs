//! Litmus tests: the smallest programs that tell memory models apart.

use super::rt;

pub mod message_passing;
pub mod store_buffering;

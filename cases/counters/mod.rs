//! Counters: from the plain data race to the orderings a count really needs.

use super::rt;

pub mod lost_update;

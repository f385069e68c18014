//! Fixed: the stable answer is clippy's list of lock guards.

#![deny(unknown_lints)]
#![deny(clippy::await_holding_lock)]

fn main() {}

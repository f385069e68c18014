//! shuttle as an engine of Casebook: what drives it, and the facade over it, with happens-before clocks
//! beside shuttle's own scheduling.

mod check;
#[path = "../facade/mod.rs"]
mod facade;
mod hb;
mod input;
mod raw;
mod spin;
mod waits;

pub use facade::*;

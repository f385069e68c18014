//! The facade under shuttle, with happens-before clocks beside shuttle's own scheduling.

#[path = "../facade/mod.rs"]
#[expect(clippy::duplicate_mod, reason = "the facade is compiled once per engine on purpose")]
mod facade;
pub(crate) mod hb;
pub(crate) mod raw;
pub(crate) mod spin;

pub use facade::*;

//! The facade under loom.

#[path = "../facade/mod.rs"]
mod facade;
pub(crate) mod raw;

pub use facade::*;

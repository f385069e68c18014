//! The facade under loom.

#[path = "../facade/mod.rs"]
mod facade;
mod raw;

pub use facade::*;

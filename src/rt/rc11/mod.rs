//! The facade under rc11.

#[path = "../facade/mod.rs"]
#[expect(clippy::duplicate_mod, reason = "the facade is compiled once per engine on purpose")]
mod facade;
mod monitor;
mod raw;

pub use facade::*;

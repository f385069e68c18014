//! loom as an engine of Casebook: what drives it, and the facade over it.

mod check;
#[path = "../facade/mod.rs"]
mod facade;
mod raw;
mod time_out;

pub use facade::*;

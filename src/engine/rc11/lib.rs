//! rc11 as an engine of Casebook: what drives it, and the facade over it.

mod check;
#[path = "../facade/mod.rs"]
mod facade;
pub mod graph;
mod parts;
mod raw;

pub use facade::*;

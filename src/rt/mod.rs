//! The facade that cases are written against: the names and shapes of `std`, once per engine.
//!
//! Two layers. The *primitives* (`loom/raw.rs`, `shuttle/raw.rs`, ...) are the engine's own types,
//! one implementation each. The *facade* (`facade/`) and the *models* (`models/`) are written once
//! over the primitives and compiled for each exploring engine: the facade adds sites, traces and
//! the story of a wait; the models fill what an engine lacks. Under `native` the same names are the
//! real `std`, `crossbeam` and `parking_lot`.

pub mod loom;
pub mod native;
pub mod rc11;
mod shared;
pub mod shuttle;

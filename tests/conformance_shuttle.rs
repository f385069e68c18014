//! Under shuttle every type of the facade answers a single thread as the real type does.

#[path = "conformance/check.rs"]
mod check;
mod conformance;
#[path = "conformance/on_shuttle.rs"]
mod model;

/// The engine of this binary: an engine's panic hook must be the only one of its process.
const ENGINE: casebook::verdict::EngineId = casebook::verdict::EngineId::Shuttle;

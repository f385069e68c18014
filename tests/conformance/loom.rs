//! Under loom every type of the facade answers a single thread as the real type does.

#[path = "mod.rs"]
mod conformance;
#[path = "on_loom.rs"]
mod model;

/// The engine of this binary: an engine's panic hook must be the only one of its process.
const ENGINE: casebook_core::verdict::EngineId = casebook_engine_loom::ENGINE;

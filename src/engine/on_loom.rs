//! The corpus as loom compiles it.

use crate::rt::loom as rt;

#[path = "../../cases/mod.rs"]
pub mod cases;

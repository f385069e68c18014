//! The corpus as rc11 compiles it.

use crate::rt::rc11 as rt;

#[expect(clippy::duplicate_mod, reason = "the corpus is compiled once per engine on purpose")]
#[path = "../../cases/mod.rs"]
pub mod cases;

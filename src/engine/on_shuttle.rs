//! The corpus as shuttle compiles it.

use crate::rt::shuttle as rt;

#[expect(clippy::duplicate_mod, reason = "the corpus is compiled once per engine on purpose")]
#[path = "../../cases/mod.rs"]
pub mod cases;

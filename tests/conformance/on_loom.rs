//! The interpreters as loom compiles them.

use casebook_engine_loom as rt;

#[expect(clippy::duplicate_mod, reason = "the programs are compiled for the real types too")]
#[path = "interpret/mod.rs"]
pub mod interpret;

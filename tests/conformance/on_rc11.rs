//! The interpreters as rc11 compiles them.

use casebook_engine_rc11 as rt;

#[expect(clippy::duplicate_mod, reason = "the programs are compiled for the real types too")]
#[path = "interpret/mod.rs"]
pub mod interpret;

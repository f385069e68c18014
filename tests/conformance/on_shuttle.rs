//! The interpreters as shuttle compiles them.

use casebook_engine_shuttle as rt;

#[expect(clippy::duplicate_mod, reason = "the programs are compiled for the real types too")]
#[path = "interpret/mod.rs"]
pub mod interpret;

//! The misbehaving cases as rc11 compiles them.

use casebook::rt::rc11 as rt;

#[expect(clippy::duplicate_mod, reason = "the cases are compiled once per engine on purpose")]
#[path = "mod.rs"]
pub mod cases;

//! The misbehaving cases as shuttle compiles them.

use casebook::rt::shuttle as rt;

#[expect(clippy::duplicate_mod, reason = "the cases are compiled once per engine on purpose")]
#[path = "mod.rs"]
pub mod cases;

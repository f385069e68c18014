//! The misbehaving cases as native compiles them.

use casebook::rt::native as rt;

#[expect(clippy::duplicate_mod, reason = "the cases are compiled once per engine on purpose")]
#[path = "mod.rs"]
pub mod cases;

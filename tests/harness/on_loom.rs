//! The misbehaving cases as loom compiles them.

use casebook::rt::loom as rt;

#[path = "mod.rs"]
pub mod cases;

//! The interpreters as rc11 compiles them.

use casebook::rt::rc11 as rt;

#[path = "interpret/mod.rs"]
pub mod interpret;

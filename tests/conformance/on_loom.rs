//! The interpreters as loom compiles them.

use casebook::rt::loom as rt;

#[path = "interpret/mod.rs"]
pub mod interpret;

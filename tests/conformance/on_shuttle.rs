//! The interpreters as shuttle compiles them.

use casebook::rt::shuttle as rt;

#[path = "interpret/mod.rs"]
pub mod interpret;

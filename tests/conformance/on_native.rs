//! The interpreters as native compiles them.

use casebook::rt::native as rt;

#[path = "interpret/mod.rs"]
pub mod interpret;

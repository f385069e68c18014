//! The interpreters as native compiles them.

use casebook_engine_native as rt;

#[path = "interpret/mod.rs"]
pub mod interpret;

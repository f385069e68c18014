//! All that asks engines and shows what they answer: runs, justifications, reports, the command line.
//!
//! It works on whatever cases are linked into the program: the corpus, or one file of somebody's own.

pub mod audit;
pub mod cache;
pub mod cite;
pub mod cli;
pub mod index;
pub mod justify;
pub mod ledger;
pub mod own;
pub mod parts;
pub mod pool;
pub mod report;
pub mod run;
pub mod unseen;

use std::path::Path;

pub use casebook_core::cases;

pub mod rt {
    //! The facade that cases are written against: the names and shapes of `std`, once per engine.
    pub use casebook_engine_loom as loom;
    pub use casebook_engine_native as native;
    pub use casebook_engine_rc11 as rc11;
    pub use casebook_engine_shuttle as shuttle;
}

/// The checkout that this program was built from.
pub fn checkout() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

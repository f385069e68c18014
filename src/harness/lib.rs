//! All that asks engines and shows what they answer: runs, justifications, reports, the command line.
//!
//! It works on whatever cases are linked into the program: the corpus, or one file of somebody's own.

pub mod audit;
pub mod cache;
pub mod cite;
pub mod cli;
pub mod index;
pub mod justify;
pub mod ladder;
pub mod ledger;
pub mod litmus;
pub mod own;
pub mod parts;
pub mod pool;
pub mod report;
pub mod run;
mod system;
pub mod unseen;

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

pub use casebook_core::cases;

pub mod rt {
    //! The facade that cases are written against: the names and shapes of `std`, once per engine.
    pub use casebook_engine_loom as loom;
    pub use casebook_engine_native as native;
    pub use casebook_engine_rc11 as rc11;
    pub use casebook_engine_shuttle as shuttle;
}

/// The checkout that this program was built from.
pub fn built_from() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// The checkout that somebody stands in; outside of any, the one that this program was built from.
pub fn checkout() -> &'static Path {
    static CHECKOUT: LazyLock<PathBuf> = LazyLock::new(|| {
        let here = std::env::current_dir().unwrap_or_default();
        let is_checkout = |folder: &&Path| {
            ["cases/ids.txt", "src/harness/lib.rs"].iter().all(|file| folder.join(file).is_file())
        };
        here.ancestors().find(is_checkout).unwrap_or(built_from()).to_path_buf()
    });
    &CHECKOUT
}

//! Casebook: a corpus of concurrent Rust programs whose verdicts say exactly what was proved.
//!
//! A *case* is one plain Rust program with a claim; an *engine* checks it; a *verdict* says what
//! that engine established, under which memory model, and nothing more. `ARCHITECTURE.md` is the
//! map; the arrows point one way, `cases → rt → engine primitives`, and reports only read verdicts.

pub mod book;
pub mod cache;
#[macro_use]
pub mod case;
pub mod cite;
pub mod cli;
pub mod engine;
pub mod expect;
pub mod graph;
pub mod index;
pub mod justify;
pub mod ledger;
pub mod litmus;
pub mod ordering;
pub mod pool;
pub mod probe;
pub mod report;
pub mod rt;
pub mod run;
pub mod verdict;

#[doc(hidden)]
pub use inventory;

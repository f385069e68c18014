//! Casebook: a corpus of concurrent Rust programs whose verdicts say exactly what was proved.
//!
//! A *case* is one plain Rust program with a claim; an *engine* checks it; a *verdict* says what
//! that engine established, under which memory model, and nothing more. `ARCHITECTURE.md` is the
//! map. This crate is the whole: the harness with the corpus linked in, once for each engine.

pub use casebook_core::{case, cases, expect, graph, inventory, ordering, verdict};
pub use casebook_engine as engine;
pub use casebook_engine::probe;
pub use casebook_harness::{
    audit, cache, cite, cli, index, justify, ladder, ledger, own, parts, pool, report, rt, run,
};
pub use casebook_litmus as litmus;

pub mod corpus {
    //! The cases, as each engine compiles them. They register themselves.
    pub use casebook_corpus_loom as loom;
    pub use casebook_corpus_native as native;
    pub use casebook_corpus_rc11 as rc11;
    pub use casebook_corpus_shuttle as shuttle;
}

//! What Casebook speaks of, below everything else in it.
//!
//! A [`case`] is one program with an [expectation](expect); an engine that checks it
//! gives a [verdict], with an execution [graph] where it fails. Nothing here
//! knows how anything is checked.

#[macro_use]
pub mod case;
pub mod expect;
pub mod graph;
pub mod ordering;
pub mod verdict;

#[doc(hidden)]
pub use inventory;

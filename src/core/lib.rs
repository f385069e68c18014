//! What Casebook speaks of, below everything else in it.
//!
//! A [`case`](crate::case) is one program with an [expectation](crate::expect); an engine that checks it
//! gives a [verdict](crate::verdict), with an execution [graph](crate::graph) where it fails. Nothing here
//! knows how anything is checked.

#[macro_use]
pub mod case;
pub mod expect;
pub mod graph;
pub mod ordering;
pub mod verdict;

#[doc(hidden)]
pub use inventory;

//! Litmus tests in herd's C format are parsed, run under an engine and answered in herd's words.
//!
//! [`parse`] reads the format: `atomic_*` functions, fences, plain accesses, `if`, `locations`, `filter` and a condition.
//! What a file uses beyond that is an error with its place. [`run`] explores every execution that its checker's
//! model allows, RC11 or the letter of C++20: load buffering (a cycle in `po ∪ rf`) is in neither. [`run_with_load_buffering`] has it, for tests
//! whose threads do the same whatever they read. As in herd, `*x` is a non-atomic access whatever the type of `x`, a
//! racy program's executions are all counted, and the answer then begins `Undef` instead of `Ok` or `No`.
//!
//! Format and answers follow herd7 (Alglave, Maranget, *Herding cats*, TOPLAS 2014; its manual and its observed output).

mod answer;
pub mod ast;
mod code;
mod cursor;
mod error;
mod hash;
mod initial;
mod interpret;
mod late;
mod parse;
mod question;
mod run;
mod types;

pub use answer::{Answer, Kind, Observation, State};
pub use ast::Test;
pub use error::Error;
pub use interpret::{FinalState, Memory, execute};
pub use late::{Model, run_with_load_buffering};
pub use parse::parse;
pub use run::run;

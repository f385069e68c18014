//! The patterns that the corpus refutes, one file a rule. Each is written to be quiet where the text leaves a doubt.
//!
//! They share three habits. A pattern is looked for within one file, because names mean little beyond it. Anything
//! that might order memory in a way the text does not tell, a lock or a call by the name of a fence, keeps
//! a pattern quiet. And functions that have their object for themselves, or that are `unsafe` and rest on
//! what their caller knows, are left out where that could make the pattern right.

mod awaits;
mod buffering;
mod failure;
mod flag;
mod lock;
mod reference;
#[cfg(test)]
mod tests;
mod two_steps;

use proc_macro2::LineColumn;

use super::declared::Declared;
use super::finding::Rule;
use super::step::Function;

/// What a pattern found.
pub struct Found {
    /// By which rule.
    pub rule: Rule,
    /// Where, as the compiler counts: the line from 1, the column from 0.
    pub at: LineColumn,
    /// The function around.
    pub function: String,
    /// The operation.
    pub operation: String,
    /// What is there, in a sentence.
    pub says: String,
    /// Which of the rule's cases is nearest.
    pub case: usize,
    /// Whether only tests have it.
    pub in_tests: bool,
}

/// Every pattern that a file has.
pub fn all(functions: &[Function], declared: &Declared) -> Vec<Found> {
    let mut found = flag::find(functions, declared);
    found.extend(lock::find(functions, declared));
    found.extend(two_steps::find(functions, declared));
    found.extend(buffering::find(functions));
    for function in functions {
        found.extend(failure::find(function));
        found.extend(reference::find(function));
        found.extend(awaits::find(function, declared));
    }
    // A closure that runs elsewhere is read as a function of its own, and within the one around it.
    found.sort_by_key(|found| (found.at, found.rule));
    found.dedup_by_key(|found| (found.at, found.rule));
    found
}

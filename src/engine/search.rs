//! A search to its end: the whole of it or a part, for as long as that takes.
//!
//! A check is cut off after some seconds; a search goes on, says how far it is, and can be done in parts, by other processes on other machines. What a part is
//! only its engine knows; to everybody else it is text.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use casebook_core::verdict::Report;

/// What to search, and how.
#[derive(Clone, Debug)]
pub struct Search {
    /// How much of it.
    pub part: Part,
    /// Explore also what makes no difference, such as rounds of waiting loops that leave nothing behind.
    pub unreduced: bool,
    /// On how many threads.
    pub workers: usize,
    /// When to stop, if not at the end.
    pub time_limit: Option<Duration>,
}

/// How much of a search.
#[derive(Clone, Debug)]
pub enum Part {
    /// All.
    Whole,
    /// What it takes to split a unit, or all, into about so many.
    Split(Option<String>, usize),
    /// One of those.
    Unit(String),
}

/// What a search found.
#[derive(Clone, Debug)]
pub struct Searched {
    /// Its executions, and what was established of them alone.
    pub report: Report,
    /// The units of a split.
    pub units: Vec<String>,
    /// Nothing was left out.
    pub unreduced: bool,
    /// It was stopped before its end.
    pub cut_off: bool,
}

/// How far a search is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Progress {
    /// How many executions were visited, blocked ones among them.
    pub executions: u64,
    /// How much of it is done, from 0 to 1, by estimate.
    pub share: f64,
    /// The time since it began.
    pub elapsed: Duration,
}

static PROGRESS: Mutex<Option<Progress>> = Mutex::new(None);

/// Says how far the search of this process is.
pub fn tell(progress: Progress) {
    *PROGRESS.lock().unwrap_or_else(PoisonError::into_inner) = Some(progress);
}

/// How far the search of this process is, where that was told.
pub fn progress() -> Option<Progress> {
    *PROGRESS.lock().unwrap_or_else(PoisonError::into_inner)
}

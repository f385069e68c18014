//! What is wrong with a litmus file, and where.

use std::fmt;

/// A litmus file that cannot be read or run, with the place to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    file: String,
    place: Option<Place>,
    what: String,
}

/// A line and column, both from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub line: usize,
    pub column: usize,
}

impl Error {
    pub(super) fn at(file: &str, place: Place, what: String) -> Self {
        Error { file: file.to_owned(), place: Some(place), what }
    }

    /// The file cannot be read, and why.
    pub fn unreadable(file: &str, why: &str) -> Self {
        Error { file: file.to_owned(), place: None, what: format!("it cannot be read: {why}") }
    }

    /// Nobody has answered it, and why.
    pub fn unanswered(file: &str, why: &str) -> Self {
        Error { file: file.to_owned(), place: None, what: format!("it has no answer: {why}") }
    }

    pub(super) fn running(test: &str, what: String) -> Self {
        Error { file: test.to_owned(), place: None, what }
    }

    /// The line it is about, if it is about one.
    pub fn line(&self) -> Option<usize> {
        self.place.map(|place| place.line)
    }

    /// The column in that line, from 1.
    pub fn column(&self) -> Option<usize> {
        self.place.map(|place| place.column)
    }

    /// What is wrong, without the place.
    pub fn what(&self) -> &str {
        &self.what
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(Place { line, column }) = self.place {
            write!(f, ":{line}:{column}")?;
        }
        write!(f, ": {}", self.what)
    }
}

impl std::error::Error for Error {}

//! Places in source files.

use std::fmt;
use std::panic::Location;

use serde::{Deserialize, Serialize};

/// A place in a source file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Site {
    /// The path from the package's root.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The column of the method's name, from 1.
    pub column: u32,
}

impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

impl From<&Location<'_>> for Site {
    fn from(at: &Location<'_>) -> Self {
        Site { file: tidy_path(at.file()), line: at.line(), column: at.column() }
    }
}

/// Removes `..` and what it cancels from a path that went through `#[path = "../.."]`.
pub fn tidy_path(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split(['/', '\\']) {
        match part {
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            "." => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}

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
    /// What is there, if not the step itself.
    #[serde(default, skip_serializing_if = "Relation::is_at")]
    pub relation: Relation,
}

/// How a step is found from a place. A destructor, and what the standard library calls, stand nowhere in the program.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Relation {
    /// It stands there.
    #[default]
    At,
    /// It is the next step of its thread whose own place is not in the program.
    After,
    /// Likewise, and nothing of the thread stands before it.
    Before,
    /// A guard is dropped that was taken there.
    Guard,
    /// A client of the object there hands over from one thread to another, which is in nobody's source.
    HandOff,
}

impl Relation {
    fn is_at(&self) -> bool {
        *self == Relation::At
    }

    /// What stands before a place.
    fn words(self) -> &'static str {
        match self {
            Relation::At => "",
            Relation::After => "after ",
            Relation::Before => "before ",
            Relation::Guard => "the guard taken at ",
            Relation::HandOff => "the client's hand-off of ",
        }
    }

    /// What stands before the number of a line, where there is little room.
    pub fn short(self) -> &'static str {
        match self {
            Relation::Guard => "guard of ",
            other => other.words(),
        }
    }
}

impl Site {
    /// The same place, from which a step is found otherwise.
    pub fn related(&self, relation: Relation) -> Site {
        Site { relation, ..self.clone() }
    }

    /// The file and the line, for a column of places: `after cases/a.rs:3`.
    pub fn place(&self) -> String {
        match self.relation {
            Relation::HandOff => "the client's hand-off".to_string(),
            relation => format!("{}{}:{}", relation.words(), self.file, self.line),
        }
    }

    /// The file and the line within a sentence: `at cases/a.rs:3`.
    pub fn phrase(&self) -> String {
        match self.relation {
            Relation::At | Relation::HandOff => format!("at {}", self.place()),
            Relation::Guard => format!("with {}", self.place()),
            Relation::After | Relation::Before => self.place(),
        }
    }
}

impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.relation {
            Relation::HandOff => f.write_str(&self.place()),
            _ => write!(f, "{}:{}", self.place(), self.column),
        }
    }
}

impl From<&Location<'_>> for Site {
    fn from(at: &Location<'_>) -> Self {
        let (line, column) = (at.line(), at.column());
        Site { file: tidy_path(at.file()), line, column, relation: Relation::At }
    }
}

/// Whether a file, as the compiler names it, is the program's own: neither the standard library's, nor of what stands in its place here.
pub fn is_own(file: &str) -> bool {
    const OTHERS: [&str; 4] = ["/rustc/", "src/engine/", "src/linear/", "src/rc11/"];
    if cfg!(windows) && file.contains('\\') {
        return is_own(&file.replace('\\', "/"));
    }
    !OTHERS.iter().any(|other| file.starts_with(other))
        && !file.contains("/rustlib/src/rust/library/")
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

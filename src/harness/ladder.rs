//! The ladder: ten cases in the order in which somebody who is new reads them, each with a question.
//!
//! `cases/ladder.toml` is the data; `tests/suite/ladder.rs` holds it to the corpus, and answers the questions.

use serde::Deserialize;

const DATA: &str = include_str!("../../cases/ladder.toml");

/// A case to read, and what one does with it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The case's id; it holds.
    pub case: String,
    /// One of the same file that fails.
    pub twin: String,
    /// The steps that one has to have read before, by their cases.
    pub needs: Vec<String>,
    /// What one learns.
    pub learns: String,
    /// What one may ask then.
    pub question: String,
    /// What stands once in the case's file, and is changed to answer it.
    pub line: String,
    /// What stands there then.
    pub becomes: String,
    /// What the case is found to do with that.
    pub finds: String,
    /// Why.
    pub because: String,
}

/// Every step, from the first.
pub fn ladder() -> Vec<Step> {
    #[derive(Deserialize)]
    struct File {
        step: Vec<Step>,
    }
    let file: File = toml::from_str(DATA).expect("the ladder is in its format; a test reads it");
    file.step
}

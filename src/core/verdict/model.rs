//! The two memory models that rc11 checks, and what the one says to what the other allows.
//!
//! They differ in what `SeqCst` orders. By [LWG issue 3941](https://cplusplus.github.io/LWG/issue3941)
//! the letter of C++20 forbids what the usual compilation to x86-64 does, by an error of translation
//! that is to be mended; so RC11 is the default.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{EngineId, Report, Verdict};

/// Which executions there are.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Model {
    /// RC11 (Lahav et al., PLDI 2017) with C++20's release sequences.
    #[default]
    Rc11,
    /// The letter of C++20: as RC11, but for what `[atomics.order]` p3 and p4 say of `SeqCst`.
    C20,
}

impl Model {
    /// Both.
    pub const ALL: [Model; 2] = [Model::Rc11, Model::C20];

    /// The name used on the command line and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Model::Rc11 => "rc11",
            Model::C20 => "c20",
        }
    }

    /// What a sentence calls it.
    pub fn title(self) -> &'static str {
        match self {
            Model::Rc11 => "RC11",
            Model::C20 => "the letter of C++20",
        }
    }

    /// An engine that checks by this model, as one word: `rc11`, `rc11.c20`, `loom`.
    pub fn of(self, engine: EngineId) -> String {
        match self {
            Model::Rc11 => engine.to_string(),
            Model::C20 => format!("{engine}.{}", self.name()),
        }
    }
}

impl fmt::Display for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.title())
    }
}

impl std::str::FromStr for Model {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Model::ALL.into_iter().find(|model| model.name() == name).ok_or_else(|| {
            format!("no model is called `{name}`; there are rc11 and c20, the letter of C++20")
        })
    }
}

/// What the letter of C++20 says to a failure, or to an outcome, that RC11 allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Letter {
    /// It allows the execution that is shown.
    Within,
    /// It forbids the execution that is shown, and every other one of its kind that was visited.
    Beyond,
    /// It forbids the execution that is shown; a bound kept from deciding about the others.
    Undecided,
}

impl Letter {
    /// What is beyond the letter is called this everywhere.
    pub const BEYOND: &str = "beyond the letter (LWG 3941)";

    /// In a few words, for who need not read that the letter agrees.
    pub fn remark(self) -> Option<&'static str> {
        match self {
            Letter::Within => None,
            Letter::Beyond => Some(Letter::BEYOND),
            Letter::Undecided => Some("perhaps beyond the letter (LWG 3941): not decided"),
        }
    }

    /// What it says to a failure, as a sentence.
    pub fn sentence(self) -> &'static str {
        match self {
            Letter::Within => "The letter of C++20 allows it, too.",
            Letter::Beyond => {
                "It is beyond the letter (LWG 3941): the letter of C++20 forbids every execution \
                 that fails, by an error that is to be mended; RC11, like x86-64, has one."
            }
            Letter::Undecided => {
                "The letter of C++20 forbids this execution (LWG 3941); whether it allows another \
                 one that fails was not decided."
            }
        }
    }
}

impl Verdict {
    /// What the letter of C++20 says to the failure, where there is one and the engine knows.
    pub fn letter(&self) -> Option<Letter> {
        self.failure().and_then(|failure| failure.letter)
    }
}

impl Report {
    /// Whether the case returns something that can be told apart.
    pub fn has_outcomes(&self) -> bool {
        self.outcomes.keys().any(|outcome| outcome != "()")
    }

    /// The outcomes that were seen, but only beyond the letter.
    pub fn outcomes_beyond_letter(&self) -> impl Iterator<Item = &str> {
        let seen = self.outcomes.iter();
        seen.filter(|(_, seen)| seen.letter == Some(Letter::Beyond)).map(|(value, _)| &value[..])
    }

    /// What of it the letter of C++20 forbids, in a few words; none where it forbids nothing.
    pub fn beyond_letter(&self) -> Option<String> {
        if let Some(letter) = self.verdict.letter() {
            return letter.remark().map(str::to_string);
        }
        let outcomes: Vec<&str> = self.outcomes_beyond_letter().collect();
        (!outcomes.is_empty()).then(|| format!("{} {}", outcomes.join(" "), Letter::BEYOND))
    }
}

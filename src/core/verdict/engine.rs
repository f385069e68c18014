//! The engines: one row each, and nothing else asks for an engine by its name.
//!
//! A further engine is a crate below `src/engine/`, a manifest below `src/corpus/`, and a row here.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What an engine is like, where that decides how its verdicts are read.
struct Nature {
    name: &'static str,
    /// What to call its memory model where executions need not be sequentially consistent.
    weak_memory: Option<&'static str>,
    /// Whether it runs operating-system threads, so that only chance decides what is seen.
    real_threads: bool,
    /// Whether it runs a case that leaves an input open, with each.
    chooses: bool,
    /// What a proof of its own says and leaves open.
    proves: &'static str,
    /// What a sample of its own says and leaves open.
    samples: &'static str,
}

/// An engine that explores executions in some model of its own.
const EXPLORES: Nature = Nature {
    name: "",
    weak_memory: None,
    real_threads: false,
    chooses: true,
    proves: "Every execution of the engine's model was visited and none fails.",
    samples: "That many schedules, chosen at random, passed. The others were not tried.",
};

macro_rules! engines {
    ($($(#[doc = $doc:literal])+ $id:ident: $nature:expr;)+) => {
        /// The engines a case can be checked by.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(rename_all = "lowercase")]
        pub enum EngineId {
            $($(#[doc = $doc])+ $id,)+
        }

        impl EngineId {
            /// Every engine, in the order in which verdicts are shown.
            pub const ALL: [EngineId; [$(EngineId::$id),+].len()] = [$(EngineId::$id),+];

            fn nature(self) -> &'static Nature {
                match self {
                    $(EngineId::$id => const { &$nature },)+
                }
            }
        }
    };
}

engines! {
    /// loom: interleavings and part of the C11 memory model.
    Loom: Nature { name: "loom", weak_memory: Some("loom's part of C11"), chooses: false, ..EXPLORES };
    /// shuttle: sequentially consistent schedules, with happens-before clocks of our own beside it.
    Shuttle: Nature {
        name: "shuttle",
        proves: "Every sequentially consistent schedule was visited and none fails; weaker \
                 orderings are seen where they race, not where they only change an outcome.",
        ..EXPLORES
    };
    /// rc11: every execution of RC11, or of the letter of C++20; load buffering is outside both.
    Rc11: Nature {
        name: "rc11",
        weak_memory: Some("RC11"),
        proves: "Every execution that RC11 allows was visited and none fails. No load reads a \
                 later store, and each thread fails or wakes spuriously at most once.",
        ..EXPLORES
    };
    /// Real operating-system threads with the real crates.
    Native: Nature {
        name: "native",
        real_threads: true,
        samples: "It passed on real threads, on one machine, for a moment. That proves nothing.",
        ..EXPLORES
    };
}

impl EngineId {
    /// The engine that visits every execution of a memory model: what an ordering is needed for, it says.
    pub const EXACT: EngineId = EngineId::Rc11;

    /// The name used on the command line, in test names and in JSON.
    pub fn name(self) -> &'static str {
        self.nature().name
    }

    /// Whether it is [the exact one](Self::EXACT), whose model can be chosen.
    pub fn is_exact(self) -> bool {
        self == EngineId::EXACT
    }

    /// What to call its memory model; none where every execution is sequentially consistent, or real.
    pub fn weak_memory(self) -> Option<&'static str> {
        self.nature().weak_memory
    }

    /// Whether it has sequentially consistent executions only, whatever races it sees in them.
    pub fn is_sequentially_consistent(self) -> bool {
        !self.runs_real_threads() && self.weak_memory().is_none()
    }

    /// Whether operating-system threads run the case: what they do not see proves nothing, what they must
    /// not do they are not asked to, and a second run may see something else.
    pub fn runs_real_threads(self) -> bool {
        self.nature().real_threads
    }

    /// Whether it runs a case that leaves an input open, such as which client of an object it is: with each input, or with some.
    pub fn chooses(self) -> bool {
        self.nature().chooses
    }

    /// What a proof by it says and leaves open.
    pub(super) fn proves(self) -> &'static str {
        self.nature().proves
    }

    /// What a sample by it says and leaves open.
    pub(super) fn samples(self) -> &'static str {
        self.nature().samples
    }
}

impl fmt::Display for EngineId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl std::str::FromStr for EngineId {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        EngineId::ALL.into_iter().find(|engine| engine.name() == name).ok_or_else(|| {
            let known: Vec<_> = EngineId::ALL.iter().map(|e| e.name()).collect();
            format!("no engine is called `{name}`; there are {}", known.join(", "))
        })
    }
}

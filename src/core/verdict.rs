//! A verdict says what an engine established about a case, and a failure carries its evidence.

mod engine;
mod meaning;
mod model;
mod reason;
mod site;

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::graph::Graph;
use crate::ordering::Use;

pub use engine::EngineId;
pub use model::{Letter, Model};
pub use reason::Reason;
pub use site::{Relation, Site, is_own, tidy_path};

/// What went wrong in a refuted execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// The case's own assertion (or any other panic in its code) failed.
    Assertion,
    /// Two accesses to one location, one of them a write and one not atomic, unordered by
    /// happens-before.
    DataRace,
    /// Every thread waits for another one.
    Deadlock,
    /// A thread spins on a condition that no other thread will ever make true.
    Livelock,
    /// Memory was used after it had been freed.
    UseAfterFree,
    /// Memory was freed twice.
    DoubleFree,
    /// Memory was never freed.
    Leak,
    /// A deadlock in which a waiting thread's wake-up had been sent, but came too early, or went to
    /// somebody else.
    LostWakeup,
    /// No order of an object's operations explains what they returned.
    NotLinearizable,
    /// An operation has what another one gave, and does not come after it.
    NotPublished,
}

impl Kind {
    /// Whether running the failure on real hardware would be undefined behaviour.
    pub fn is_undefined_behaviour(self) -> bool {
        matches!(self, Kind::DataRace | Kind::UseAfterFree | Kind::DoubleFree)
    }

    /// Whether the failing execution never ends on real threads.
    pub fn never_ends(self) -> bool {
        matches!(self, Kind::Deadlock | Kind::Livelock | Kind::LostWakeup)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Kind::Assertion => "assertion",
            Kind::DataRace => "data race",
            Kind::Deadlock => "deadlock",
            Kind::Livelock => "livelock",
            Kind::UseAfterFree => "use after free",
            Kind::DoubleFree => "double free",
            Kind::Leak => "leak",
            Kind::LostWakeup => "lost wake-up",
            Kind::NotLinearizable => "not linearizable",
            Kind::NotPublished => "not published",
        })
    }
}

/// One operation of an execution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The thread, 0 being the one that runs the case's body; then in order of creation.
    pub thread: usize,
    /// Where the operation stands in the source.
    pub site: Site,
    /// The operation's name: `load`, `store`, `fetch_add`, `lock`, ...
    pub operation: String,
    /// The object it acts on, numbered by first use: `a1`, `lock2`, ...
    pub object: String,
    /// The memory orderings as the harness ran them.
    pub orderings: String,
    /// The value read, or written, or both (`0 → 1`).
    pub value: String,
}

/// Why and how an execution failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The class of failure.
    pub kind: Kind,
    /// What happened, in words.
    pub message: String,
    /// The failing execution, step by step.
    pub trace: Vec<Step>,
    /// The execution as a graph, where the engine works with graphs.
    #[serde(default)]
    pub graph: Option<Graph>,
    /// What the letter of C++20 says, where the engine knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub letter: Option<Letter>,
    /// The token with which `casebook replay ID ENGINE TOKEN` runs exactly this execution again.
    pub replay: String,
}

/// What an engine established about a case. A pass of one kind is never shown as another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Verdict {
    /// No execution that the engine's model allows fails; all were enumerated. Of those that differ only in which of threads that are alike
    /// (`Scope::spawn_alike`) does what rc11 visits one.
    Proved {
        /// How many there are.
        executions: u64,
    },
    /// The engine ran its search to the end; the search is known to be incomplete.
    Explored {
        /// How many executions it visited.
        executions: u64,
    },
    /// A sample of executions passed.
    Sampled {
        /// How many.
        executions: u64,
        /// The seed of the random schedules, where the engine chose them.
        seed: Option<u64>,
    },
    /// The search was cut off by a bound; what it visited passed.
    Bounded {
        /// How many executions it visited.
        executions: u64,
        /// Which bound.
        limit: String,
    },
    /// An execution failed.
    Refuted {
        /// How many executions were visited, the failing one included.
        executions: u64,
        /// The evidence.
        failure: Box<Failure>,
    },
    /// The engine cannot run the case.
    #[serde(rename = "not run")]
    Inexpressible {
        /// Why not.
        reason: Reason,
    },
}

impl Verdict {
    /// The kind of verdict as readers know it, in lower case.
    pub fn word(&self) -> &'static str {
        match self {
            Verdict::Proved { .. } => "proved",
            Verdict::Explored { .. } => "explored",
            Verdict::Sampled { .. } => "sampled",
            Verdict::Bounded { .. } => "bounded",
            Verdict::Refuted { .. } => "refuted",
            Verdict::Inexpressible { .. } => "not run",
        }
    }

    /// How many executions were visited.
    pub fn executions(&self) -> u64 {
        match self {
            Verdict::Proved { executions }
            | Verdict::Explored { executions }
            | Verdict::Sampled { executions, .. }
            | Verdict::Bounded { executions, .. }
            | Verdict::Refuted { executions, .. } => *executions,
            Verdict::Inexpressible { .. } => 0,
        }
    }

    /// The failure of a refuted case.
    pub fn failure(&self) -> Option<&Failure> {
        match self {
            Verdict::Refuted { failure, .. } => Some(failure),
            _ => None,
        }
    }
}

/// An outcome of an observation case, as an engine saw it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// In how many executions.
    pub count: u64,
    /// The token that replays one of them, where the engine can: one within the letter, if any is.
    pub replay: Option<String>,
    /// What the letter of C++20 says, where the engine knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub letter: Option<Letter>,
}

/// Whether load buffering, which no engine's model has, could add executions to those of RC11.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LoadBuffering {
    /// It could not.
    CannotArise,
    /// That is not ruled out, cautiously: rc11 may leave out what C++ and Rust allow.
    CouldArise {
        /// The read that would come late.
        read: Site,
        /// A write behind it that would be seen early.
        early: Site,
        /// Where it would be seen.
        seen: Site,
        /// The write that follows from that, and which the read would find.
        found: Site,
    },
}

impl fmt::Display for LoadBuffering {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LoadBuffering::CannotArise => f.write_str("load buffering cannot arise"),
            LoadBuffering::CouldArise { read, early, seen, found } => write!(
                f,
                "load buffering could arise: the write at {early} could be seen at {seen} before the \
                 read at {read}, which would find the write at {found}"
            ),
        }
    }
}

/// All that one check gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// What was established.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// The memory model whose executions were visited, where the engine has a choice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<Model>,
    /// The processor, where real ones ran the case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub processor: Option<String>,
    /// Executions that stop with a thread waiting for a value that another execution gives it; they
    /// are no executions of the program, and are counted apart.
    #[serde(default)]
    pub blocked: u64,
    /// Of a proof, where the engine knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub load_buffering: Option<LoadBuffering>,
    /// For an observation case, every outcome seen.
    pub outcomes: BTreeMap<String, Seen>,
    /// For a replay, the steps of the replayed execution.
    pub trace: Vec<Step>,
    /// Where asked for, every ordering that the case gives, by site.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub uses: Vec<Use>,
}

impl From<Verdict> for Report {
    fn from(verdict: Verdict) -> Self {
        Report {
            verdict,
            model: None,
            processor: None,
            blocked: 0,
            load_buffering: None,
            outcomes: BTreeMap::new(),
            trace: Vec::new(),
            uses: Vec::new(),
        }
    }
}

/// A fault of the harness, the engine or the machine: never a verdict about the case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckError {
    /// What happened, with the worker's last output where there is any.
    pub message: String,
}

impl CheckError {
    /// An error with this message.
    pub fn new(message: impl Into<String>) -> Self {
        CheckError { message: message.into() }
    }
}

impl fmt::Display for CheckError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for CheckError {}

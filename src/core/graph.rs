//! An execution graph as plain data: what each thread did, who read what from whom, and what is wrong with it.

mod names;
mod order;

pub use names::binding;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::verdict::Site;

/// An execution of a few threads, reduced to what a reader needs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Graph {
    /// What is wrong, in two words: `data race`.
    pub title: String,
    /// What is wrong, as a sentence that names events.
    pub caption: String,
    /// The memory locations.
    pub locations: Vec<Location>,
    /// The writes that create locations before any thread is spawned.
    pub init: Vec<Event>,
    /// By thread, its events in program order; thread 0 runs the case's body. May be empty.
    pub threads: Vec<Vec<Event>>,
    /// The relations between events; program order is in `threads`.
    pub edges: Vec<Edge>,
    /// The events that race or contradict.
    pub marks: Vec<Mark>,
}

/// A memory location, or a lock, or another thing that events act on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    /// What it is called.
    pub name: String,
    /// Where it is created.
    pub site: Option<Site>,
}

/// An event's name: `init.1`, or `t2.3` for the third event of thread 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EventId {
    /// A write that creates a location: its place in [`Graph::init`].
    Init(usize),
    /// The thread, and the place in its program order, both from 0.
    At(usize, usize),
}

/// What an event does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Creates a location.
    Create,
    /// Reads.
    Read,
    /// Writes.
    Write,
    /// Reads and writes in one step.
    Update,
    /// Orders what is around it.
    Fence,
    /// Frees an allocation.
    Free,
    /// Starts a thread.
    Spawn(usize),
    /// Waits for a thread's end.
    Join(usize),
    /// An operation of an object begins, as its caller names it.
    Begin(String),
    /// The operation that began last in the thread ends: what it returned.
    End(String),
    /// Another operation, by its name: `lock`, `park`, ...
    Call(String),
}

/// An event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// What it does.
    pub action: Action,
    /// Index into [`Graph::locations`].
    pub location: Option<usize>,
    /// The value read or written, or both (`0 → 1`), where it is known.
    pub value: Option<String>,
    /// The memory ordering; none for a plain access.
    pub ordering: Option<String>,
    /// Where the program asks for it.
    pub site: Option<Site>,
}

/// A relation between two events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edge {
    /// Which relation.
    pub kind: EdgeKind,
    /// The earlier event.
    pub from: EventId,
    /// The later event.
    pub to: EventId,
}

/// The relations that are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EdgeKind {
    /// Reads-from: a write, and a read of its value.
    Rf,
    /// Coherence: a write, and the next one to its location.
    Co,
    /// Synchronizes-with: a release side, and the acquire side that sees it.
    Sw,
    /// Reads-before: a read, and the write that overwrites what it read.
    Rb,
    /// Two conflicting accesses that happens-before does not order; has no direction.
    Race,
}

impl EdgeKind {
    /// The relations, in the order in which they are listed.
    pub const ALL: [EdgeKind; 5] =
        [EdgeKind::Rf, EdgeKind::Co, EdgeKind::Sw, EdgeKind::Rb, EdgeKind::Race];

    /// The relation's usual name.
    pub fn name(self) -> &'static str {
        match self {
            EdgeKind::Rf => "rf",
            EdgeKind::Co => "co",
            EdgeKind::Sw => "sw",
            EdgeKind::Rb => "rb",
            EdgeKind::Race => "race",
        }
    }

    /// What the name stands for.
    pub fn meaning(self) -> &'static str {
        match self {
            EdgeKind::Rf => "reads from",
            EdgeKind::Co => "coherence order",
            EdgeKind::Sw => "synchronizes with",
            EdgeKind::Rb => "reads before",
            EdgeKind::Race => "unordered",
        }
    }
}

/// An event that races or contradicts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The event.
    pub event: EventId,
    /// Its part in what is wrong, in a word: `races`, `waits`.
    pub note: String,
}

impl Graph {
    /// An event by its name.
    ///
    /// # Panics
    /// If the graph has no such event.
    pub fn event(&self, id: EventId) -> &Event {
        match id {
            EventId::Init(at) => &self.init[at],
            EventId::At(thread, at) => &self.threads[thread][at],
        }
    }

    /// An event in a few words: `W flag = 1 Release`.
    pub fn label(&self, id: EventId) -> String {
        let event = self.event(id);
        let mut words = match &event.action {
            Action::Create => String::new(),
            Action::Read => "R".into(),
            Action::Write => "W".into(),
            Action::Update => "RMW".into(),
            Action::Fence => "fence".into(),
            Action::Free => "free".into(),
            Action::Spawn(child) => format!("spawn thread {child}"),
            Action::Join(child) => format!("join thread {child}"),
            Action::Begin(operation) => format!("call {operation}"),
            Action::Call(operation) | Action::End(operation) => operation.clone(),
        };
        let mut add = |text: &str| {
            words.push_str(if words.is_empty() { "" } else { " " });
            words.push_str(text);
        };
        if let Some(location) = event.location {
            add(&self.locations[location].name);
        }
        if let Some(value) = &event.value {
            add("=");
            add(value);
        }
        let accesses = matches!(event.action, Action::Read | Action::Write | Action::Update);
        match &event.ordering {
            Some(ordering) => add(ordering),
            None if accesses => add("plain"),
            None => {}
        }
        words
    }

    /// An event's part in what is wrong.
    pub fn mark(&self, id: EventId) -> Option<&str> {
        self.marks.iter().find(|mark| mark.event == id).map(|mark| mark.note.as_str())
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EventId::Init(at) => write!(f, "init.{}", at + 1),
            EventId::At(thread, at) => write!(f, "t{thread}.{}", at + 1),
        }
    }
}

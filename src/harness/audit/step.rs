//! A function as the patterns see it: its steps in the order of the text, each with its place, its orderings, and its branch.

use std::collections::BTreeSet;

use casebook_core::ordering::{Role, Strength};
use proc_macro2::LineColumn;
use syn::{Block, Expr};

/// A function, a case, or a closure that is given to a thread or a task of its own.
pub struct Function {
    /// `Queue::push`; for a closure, that of the function around it.
    pub name: String,
    /// The line of its name.
    pub line: usize,
    /// Only a caller that knows more may call it.
    pub is_unsafe: bool,
    /// It has its object for itself: `&mut self`, or `self`.
    pub is_exclusive: bool,
    /// It is `Drop::drop`.
    pub is_drop: bool,
    /// Only tests have it.
    pub is_for_tests: bool,
    /// What it does.
    pub steps: Vec<Step>,
    /// The names that some condition asks for.
    pub asked: BTreeSet<String>,
    /// Its text.
    pub body: Block,
}

/// Something a function does that matters to some pattern.
pub struct Step {
    /// Where the compiler says that it stands.
    pub at: LineColumn,
    /// The lines of its statement, up to its own end.
    pub lines: (usize, usize),
    /// What it does.
    pub what: What,
    /// It is part of a condition: of an `if`, a `while`, a `match`.
    pub in_condition: bool,
    /// It is the condition of a `while` that waits until it is false.
    pub waits: bool,
    /// The name that its result is bound to, and nothing else: `let x = a.load(Acquire)`.
    pub bound: Option<String>,
    /// The branches it stands in: which one of which choice.
    pub arms: Vec<(usize, usize)>,
}

/// What a step does.
pub enum What {
    /// An operation of an atomic, with an ordering by its name.
    Atomic {
        /// `compare_exchange`.
        method: String,
        /// What it is an operation of.
        on: Place,
        /// Its orderings.
        orderings: Vec<(Role, Strength)>,
        /// Its arguments, without the atomic itself.
        arguments: Vec<Expr>,
    },
    /// A fence.
    Fence(Strength),
    /// The content of a cell, or of a `static mut`.
    Plain(Place),
    /// Something that may order memory in ways which the text does not tell: a lock, a join, a macro by the name of a fence.
    Unknown,
    /// Memory is given back.
    Frees,
}

/// What an operation is applied to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its text: `self.flags[me]`.
    pub text: String,
    /// Its last name: `flags`.
    pub name: String,
}

impl Step {
    /// The place, if it is an operation of an atomic.
    pub fn on(&self) -> Option<&Place> {
        match &self.what {
            What::Atomic { on, .. } => Some(on),
            _ => None,
        }
    }

    /// The ordering it has in this role.
    pub fn ordering(&self, role: Role) -> Option<Strength> {
        let What::Atomic { orderings, .. } = &self.what else { return None };
        orderings.iter().find(|(of, _)| *of == role).map(|(_, ordering)| *ordering)
    }

    /// How strong it is as a write: a store, or an update.
    pub fn write(&self) -> Option<Strength> {
        self.ordering(Role::Store).or(self.ordering(Role::Update))
    }

    /// Whether what comes after it sees what somebody has published, as far as the text can tell.
    pub fn acquires(&self) -> bool {
        match &self.what {
            What::Atomic { orderings, .. } => orderings
                .iter()
                .any(|(role, ordering)| *role != Role::Store && ordering.covers(Strength::Acquire)),
            What::Fence(ordering) => ordering.covers(Strength::Acquire),
            What::Unknown => true,
            What::Plain(_) | What::Frees => false,
        }
    }

    /// Whether a store behind it may publish what comes before it.
    pub fn releases_for_later(&self) -> bool {
        match &self.what {
            What::Fence(ordering) => ordering.covers(Strength::Release),
            What::Unknown => true,
            _ => false,
        }
    }

    /// Whether both can be of one run: no choice takes them apart.
    pub fn goes_with(&self, other: &Step) -> bool {
        let apart = |(choice, arm): &(usize, usize)| {
            other.arms.iter().any(|(other, another)| other == choice && another != arm)
        };
        !self.arms.iter().any(apart)
    }

    /// What a reader calls it: `self.tail.store`.
    pub fn operation(&self) -> String {
        match &self.what {
            What::Atomic { method, on, .. } => format!("{}.{method}", on.text),
            What::Fence(_) => "fence".to_string(),
            What::Plain(on) => on.text.clone(),
            What::Unknown | What::Frees => String::new(),
        }
    }
}

//! How strong the ordering of an operation is, and which strengths are one step weaker.

use std::cmp::Ordering as Comparison;
use std::fmt;
use std::panic::Location;
use std::sync::atomic::Ordering;

use serde::{Deserialize, Serialize};

use crate::verdict::{Site, tidy_path};

/// A memory ordering, or the absence of a fence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Strength {
    /// There is no operation: a fence that was taken away.
    Absent,
    /// `Relaxed`.
    Relaxed,
    /// `Acquire`.
    Acquire,
    /// `Release`.
    Release,
    /// `AcqRel`.
    AcqRel,
    /// `SeqCst`.
    SeqCst,
}

impl Strength {
    /// Whether `self` gives all that `other` gives. `Acquire` and `Release` do not compare.
    pub fn covers(self, other: Strength) -> bool {
        use Strength::*;
        match (self, other) {
            (Acquire, Release) | (Release, Acquire) => false,
            (stronger, weaker) => stronger.cmp(&weaker) != Comparison::Less,
        }
    }
}

impl From<Ordering> for Strength {
    fn from(ordering: Ordering) -> Self {
        match ordering {
            Ordering::Relaxed => Strength::Relaxed,
            Ordering::Acquire => Strength::Acquire,
            Ordering::Release => Strength::Release,
            Ordering::AcqRel => Strength::AcqRel,
            // The enum is open; there is no stronger one.
            _ => Strength::SeqCst,
        }
    }
}

impl From<Strength> for Option<Ordering> {
    fn from(strength: Strength) -> Self {
        Some(match strength {
            Strength::Absent => return None,
            Strength::Relaxed => Ordering::Relaxed,
            Strength::Acquire => Ordering::Acquire,
            Strength::Release => Ordering::Release,
            Strength::AcqRel => Ordering::AcqRel,
            Strength::SeqCst => Ordering::SeqCst,
        })
    }
}

impl fmt::Display for Strength {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Strength::Absent => f.pad("none"),
            strength => f.pad(&format!("{strength:?}")),
        }
    }
}

/// What an ordering belongs to. A compare-exchange has two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// A load.
    Load,
    /// A store.
    Store,
    /// A read-modify-write, or the success of a compare-exchange.
    Update,
    /// The failure of a compare-exchange, or the load of a `fetch_update`: a load.
    Failure,
    /// A fence.
    Fence,
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Role::Load => "load",
            Role::Store => "store",
            Role::Update => "update",
            Role::Failure => "failure",
            Role::Fence => "fence",
        })
    }
}

impl Role {
    /// The strengths one step weaker than `strength`.
    pub fn weaker(self, strength: Strength) -> &'static [Strength] {
        use Strength::*;
        match (self, strength) {
            (Role::Store, SeqCst) => &[Release],
            (Role::Store, Release) => &[Relaxed],
            (Role::Load | Role::Failure, SeqCst) => &[Acquire],
            (Role::Load | Role::Failure, Acquire) => &[Relaxed],
            (Role::Update | Role::Fence, SeqCst) => &[AcqRel],
            (Role::Update | Role::Fence, AcqRel) => &[Acquire, Release],
            (Role::Update, Acquire | Release) => &[Relaxed],
            (Role::Fence, Acquire | Release) => &[Absent],
            _ => &[],
        }
    }

    /// `strength` and every weaker one that the operation can have.
    pub fn up_to(self, strength: Strength) -> Vec<Strength> {
        let mut all = vec![strength];
        let mut next = 0;
        while let Some(strength) = all.get(next).copied() {
            let new: Vec<_> =
                self.weaker(strength).iter().filter(|s| !all.contains(s)).copied().collect();
            all.extend(new);
            next += 1;
        }
        all
    }
}

/// An ordering that a case gives at a site. Where a site is run with several, each is one use.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Use {
    /// Where.
    pub site: Site,
    /// What the ordering belongs to.
    pub role: Role,
    /// The ordering as the case gives it.
    pub ordering: Strength,
}

impl Use {
    /// Whether it is this one.
    pub fn is(&self, at: &Location<'_>, role: Role, ordering: Strength) -> bool {
        self.role == role
            && self.ordering == ordering
            && self.site.line == at.line()
            && self.site.column == at.column()
            && self.site.file == tidy_path(at.file())
    }
}

/// An instruction to run a use with another ordering.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// Which use.
    pub of: Use,
    /// The ordering instead.
    pub by: Strength,
}

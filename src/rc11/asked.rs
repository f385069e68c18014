//! Who looks at the memory orderings of a program, and may put others in their place.

use std::panic::Location;
use std::sync::atomic::Ordering;

use super::exec::Exec;
use super::label::{Op, Order};
use super::ops::Access;

/// What an ordering belongs to. A compare-exchange has two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// A load.
    Load,
    /// A store.
    Store,
    /// A read-modify-write, or the success of a compare-exchange.
    Update,
    /// The failure of a compare-exchange.
    Failure,
    /// A fence.
    Fence,
}

impl std::fmt::Display for Role {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Role::Load => "load",
            Role::Store => "store",
            Role::Update => "update",
            Role::Failure => "failure",
            Role::Fence => "fence",
        })
    }
}

/// Gives the ordering to use in place of that of an operation at a place; for a fence, perhaps none.
pub type Orderings = fn(&'static Location<'static>, Role, Ordering) -> Option<Ordering>;

impl Exec {
    /// The access with the orderings that it is to have.
    #[inline]
    pub(super) fn asked(&self, access: &Access) -> Access {
        match self.orderings {
            Some(orderings) if access.ord != Order::NonAtomic => ask(access, orderings),
            _ => *access,
        }
    }

    /// The ordering that a fence is to have.
    pub(super) fn asked_fence(
        &self,
        at: &'static Location<'static>,
        order: Ordering,
    ) -> Option<Ordering> {
        self.orderings.map_or(Some(order), |orderings| orderings(at, Role::Fence, order))
    }
}

#[cold]
fn ask(access: &Access, orderings: Orderings) -> Access {
    let ask = |role: Role, ord: Order| {
        let given = ord.public().expect("it is atomic");
        orderings(access.at, role, given).unwrap_or(Ordering::Relaxed).into()
    };
    let role = match access.op {
        Op::Load => Role::Load,
        Op::Store => Role::Store,
        _ => Role::Update,
    };
    let ord = ask(role, access.ord);
    let fail = match access.op {
        Op::CompareExchange | Op::CompareExchangeWeak => ask(Role::Failure, access.fail),
        _ => ord,
    };
    Access { ord, fail, ..*access }
}

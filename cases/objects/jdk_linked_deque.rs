//! A deque that looks at its end again before it takes may still take what is no longer first.
//!
//! Shape: who takes at one end walks from there to the first node with a value and clears it, while others
//! add in front of it, or take at the other end. So the code looks, right before it takes, whether the end has
//! moved, and goes back; a later version also does so before it says that nothing is there. Its comment says
//! that all operations on one element at the ends are believed, without full proof, to be linearizable,
//! `peekLast` among them. But an addition right after the look is not seen, while a peek at the other end still
//! sees the value that is about to go. Without peeks it holds. The smallest clients, 0 being the first end:
//! `Add(0, 1); Poll(0) → None ∥ Add(0, 3); Poll(1) → 1` in the earlier version, and in the later one
//! `Add(0, 1); Poll(0) → 1 ∥ Add(0, 3); Peek(1) → 1`.
//!
//! Source: Lea and Buchholz, ConcurrentLinkedDeque, OpenJDK 21, 2023; Koval et al., CAV 2023 (Lincheck finds it out).
//! Does not show: unlinking, hints where the ends are, and what an adder publishes.

use super::rt::linear::{Clients, Object, Role, Size, Spec, linearizable};
use super::rt::sync::atomic::{AtomicUsize, Ordering::*};
use Call::{Add, Peek, Poll};

cases! {
    /// It looks before it takes and before it says that nothing is there, and nobody peeks.
    every_client: linearizable() => linearizable::<Deque<true>>(&clients(ENDS, ENDS));
    /// It looks before it takes alone, as an earlier version did.
    looks_to_take: not_linearizable(NotLinearizable) => linearizable::<Deque<false>>(&clients(ENDS, ENDS));
    /// It looks in both places, as OpenJDK 21 does, and a peek at the other end tells that it was too early.
    overtaken: not_linearizable(NotLinearizable)
        => linearizable::<Deque<true>>(&clients([Add(0, 0), Poll(0)], [Add(0, 0), Peek(1)]));
}

/// What is called, and at which end: 0 is the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Call {
    Add(usize, usize),
    Poll(usize),
    Peek(usize),
}

const ENDS: [Call; 4] = [Add(0, 0), Poll(0), Add(1, 0), Poll(1)];
fn clients<const N: usize>(one: [Call; N], other: [Call; N]) -> Clients<Call> {
    Clients::new([Role::one(one), Role::one(other)], Size::new(2, 2)).numbered(|call, number| {
        if let Add(_, value) = call {
            *value = number.into();
        }
    })
}

#[derive(Clone, Default, PartialEq, Eq, Hash)]
struct Values(Vec<usize>);

impl Spec for Values {
    type Operation = Call;
    type Result = Option<usize>;

    fn apply(&mut self, call: &Call) -> Option<Option<usize>> {
        match *call {
            Add(0, value) => self.0.insert(0, value),
            Add(_, value) => self.0.push(value),
            Poll(0) => return Some((!self.0.is_empty()).then(|| self.0.remove(0))),
            Poll(_) => return Some(self.0.pop()),
            Peek(end) => return Some([self.0.first(), self.0.last()][end].copied()),
        }
        Some(None)
    }
}

/// Links by end and node, and values. Nodes have the numbers of their values; the first one, 7, has none.
struct Deque<const CLOSED: bool>([[AtomicUsize; 8]; 2], [AtomicUsize; 8]);

impl<const CLOSED: bool> Deque<CLOSED> {
    fn last(&self, end: usize, node: usize) -> usize {
        // Acquire: pairs with the exchange in `add`
        match self.0[end][node].load(Acquire) {
            0 => node,
            next => self.last(end, next),
        }
    }

    fn add(&self, end: usize, node: usize) -> Option<usize> {
        self.1[node].store(node, Relaxed); // Relaxed: nobody knows the node yet
        loop {
            let last = self.last(end, 7);
            self.0[1 - end][node].store(last, Relaxed); // Relaxed: as above
            // Release: pairs with the loads of links. Relaxed: a failure looks for the end again
            if self.0[end][last].compare_exchange(0, node, Release, Relaxed).is_ok() {
                return None;
            }
        }
    }

    fn find(&self, end: usize, takes: bool) -> Option<usize> {
        let [last, mut node] = [self.last(end, 7); 2];
        loop {
            // Acquire: pairs with the exchange below: who finds a value taken sees what its taker saw
            let value = self.1[node].load(Acquire);
            if (value != 0 || node == 0 && CLOSED) && self.last(end, last) != last {
                return self.find(end, takes);
            }
            // Release, Acquire: pair with each other and with the load above, also after a failure
            let takes_it = || self.1[node].compare_exchange(value, 0, Release, Acquire).is_ok();
            if node == 0 || value != 0 && (!takes || takes_it()) {
                return (value != 0).then_some(value);
            }
            node = self.0[1 - end][node].load(Acquire); // Acquire: as in `last`
        }
    }
}

impl<const CLOSED: bool> Object for Deque<CLOSED> {
    type Spec = Values;

    fn new() -> Self {
        Deque([[0; 8]; 2].map(|none| none.map(AtomicUsize::new)), [0; 8].map(AtomicUsize::new))
    }

    fn call(&self, call: &Call) -> Option<usize> {
        match *call {
            Add(end, value) => self.add(end, value),
            Poll(end) | Peek(end) => self.find(end, matches!(call, Poll(_))),
        }
    }
}

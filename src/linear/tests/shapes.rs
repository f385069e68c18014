//! Shapes that people write: stacks and queues, their twins with one ordering less, and what they are if they are not linearizable.

use casebook_linear::{Check, Checked, Client, Clients, Object, Role, Size, Spec, Verdict, Why};
use rc11::sync::atomic::{AtomicUsize, Ordering, Ordering::*};

/// No node.
const NONE: usize = 0;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Call {
    Push(usize),
    Pop,
}
use Call::{Pop, Push};

/// What is there, in the order in which it is taken.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Values<const LAST_FIRST: bool>(Vec<usize>);

type Stack = Values<true>;
type Queue = Values<false>;

impl Default for Stack {
    /// Two are there from the beginning.
    fn default() -> Self {
        Values(vec![1, 2])
    }
}

impl Default for Queue {
    fn default() -> Self {
        Values(Vec::new())
    }
}

impl<const LAST_FIRST: bool> Spec for Values<LAST_FIRST>
where
    Values<LAST_FIRST>: Default,
{
    type Operation = Call;
    /// What is taken, or nothing; a push returns nothing.
    type Result = usize;

    fn apply(&mut self, call: &Call) -> Option<usize> {
        Some(match *call {
            Push(value) => {
                self.0.insert(if LAST_FIRST { 0 } else { self.0.len() }, value);
                NONE
            }
            Pop if self.0.is_empty() => NONE,
            Pop => self.0.remove(0),
        })
    }

    fn hands_over(first: &Call, second: &Call, result: &usize) -> bool {
        // 1 and 2 may be those that are there from the beginning.
        let is_new = !(LAST_FIRST && [1, 2].contains(result));
        is_new && *first == Push(*result) && *second == Pop
    }
}

/// Treiber's stack of nodes that are numbers: a thread pushes one that it has taken, or 3, of which there is one.
struct Treiber<const PUBLISHES: bool> {
    top: AtomicUsize,
    next: [AtomicUsize; 4],
}

impl<const PUBLISHES: bool> Object for Treiber<PUBLISHES> {
    type Spec = Stack;

    fn new() -> Self {
        Treiber { top: AtomicUsize::new(1), next: [NONE, 2, NONE, NONE].map(AtomicUsize::new) }
    }

    fn call(&self, call: &Call) -> usize {
        let release = if PUBLISHES { Release } else { Relaxed };
        let mut top = self.top.load(Acquire);
        loop {
            let new = match *call {
                Push(node) => {
                    self.next[node].store(top, Relaxed);
                    node
                }
                Pop if top == NONE => return NONE,
                Pop => self.next[top].load(Relaxed),
            };
            // Release: pairs with the Acquire of whoever takes the node, and reads its link.
            match self.top.compare_exchange(top, new, release, Acquire) {
                Ok(_) => return if *call == Pop { top } else { NONE },
                Err(found) => top = found,
            }
        }
    }
}

/// Whether a thread pushes only what nobody else has: 3, if it is the only one, or 1 after two pops of its own, of which one may have been of it.
fn owns(client: &Client<Call>) -> bool {
    let is = |call: Call| move |other: &&Call| **other == call;
    let threes = client.threads.iter().flatten().filter(is(Push(3))).count();
    let returns = |thread: &Vec<Call>| {
        let at = thread.iter().position(|call| *call == Push(1));
        at.is_none_or(|at| thread[..at].iter().filter(is(Pop)).count() >= 2)
            && thread.iter().filter(is(Push(1))).count() <= 1
    };
    threes <= 1 && client.threads.iter().all(returns)
}

fn stack<T: Object<Spec = Stack>>(calls: &[Call], operations: usize) -> Checked<Call, usize> {
    let size = Size::new(2, operations).up_to(operations);
    let clients = Clients::new([Role::any(calls)], size).only(owns).last([Pop, Pop, Pop]);
    Check::new(clients).run::<T>()
}

#[test]
fn a_stack_whose_nodes_are_pushed_once() {
    let checked = stack::<Treiber<true>>(&[Push(3), Pop], 4);
    assert!(matches!(checked.verdict, Verdict::Proved), "{checked:?}");
}

/// The pop of 3 reads its link, which is where it is: the results are right, and nothing orders push and pop.
#[test]
fn a_stack_that_publishes_nothing() {
    let Verdict::Broken(broken) = stack::<Treiber<false>>(&[Push(3), Pop], 3).verdict else {
        panic!("it holds")
    };
    assert!(matches!(broken.why, Why::Unpublished(..) | Why::Unexplained(_)), "{broken:?}");
}

/// A thread that has seen 1 on top, and 2 below it, may find 1 there again after 2 has been taken.
#[test]
fn a_stack_whose_nodes_come_back() {
    let Verdict::Broken(broken) = stack::<Treiber<true>>(&[Push(1), Pop], 4).verdict else {
        panic!("it holds")
    };
    assert_eq!(broken.client.to_string(), "Pop ∥ Pop; Pop; Push(1), then Pop; Pop; Pop");
    assert!(matches!(broken.why, Why::Unexplained(_)));
}

/// Vyukov's queue for many producers and one consumer: a push is done in two steps, and in between the queue ends before it.
struct Vyukov<const ORDER: u8> {
    head: AtomicUsize,
    tail: AtomicUsize,
    next: [AtomicUsize; 4],
}

impl<const ORDER: u8> Vyukov<ORDER> {
    fn or_relaxed(order: Ordering) -> Ordering {
        if ORDER == 0 { Relaxed } else { order }
    }
}

impl<const ORDER: u8> Object for Vyukov<ORDER> {
    type Spec = Queue;

    fn new() -> Self {
        let [head, tail] = [NONE; 2].map(AtomicUsize::new);
        Vyukov { head, tail, next: [NONE; 4].map(AtomicUsize::new) }
    }

    fn call(&self, call: &Call) -> usize {
        let Push(node) = *call else {
            let tail = self.tail.load(Relaxed);
            // Acquire: pairs with the Release of the push.
            let next = self.next[tail].load(Self::or_relaxed(Acquire));
            if next != NONE {
                self.tail.store(next, Relaxed);
            }
            return next;
        };
        // AcqRel: who comes next writes into the node that this one has set up.
        let before = self.head.swap(node, AcqRel);
        self.next[before].store(node, Self::or_relaxed(Release));
        NONE
    }
}

fn queue<T: Object<Spec = Queue>>(consumer: &[Call]) -> Checked<Call, usize> {
    let roles = [Role::one([Push(1)]), Role::one([Push(2)]), Role::one(consumer)];
    // Each node is pushed once.
    let once = |client: &Client<Call>| {
        (1..4).all(|node| {
            let calls = client.threads.iter().flatten();
            calls.filter(|call| **call == Push(node)).count() <= 1
        })
    };
    let clients = Clients::new(roles, Size::new(3, 4).up_to(4)).only(once);
    Check::new(clients).run::<T>()
}

/// A push that is half done hides one that has returned, from whoever knows that: its own thread, or one that was told.
#[test]
fn a_queue_that_is_short_for_a_moment() {
    let shown = |consumer: &[Call]| match queue::<Vyukov<1>>(consumer).verdict {
        Verdict::Broken(broken) => broken.to_string(),
        verdict => panic!("{verdict:?}"),
    };
    let told = shown(&[Pop]);
    assert!(told.starts_with("Push(1); tell ∥ Push(2) ∥ hear; Pop\n"), "{told}");
    let told = shown(&[Push(3), Pop]);
    let lines = [
        "Push(1) ∥ Push(3); Pop",
        "not linearizable: Push(1) → 0 ∥ Push(3) → 0; Pop → 0. No order goes on after Push(1) → 0, Push(3) → 0",
        "Push(1) → 0",
        "             Push(3) → 0",
        "             Pop → 0",
    ];
    assert_eq!(told.lines().take(5).collect::<Vec<_>>(), lines);
    assert!(told.lines().nth(5).is_some_and(|line| line.starts_with("replay: rc11.")), "{told}");
}

#[test]
fn a_queue_that_publishes_nothing() {
    let Verdict::Broken(broken) = queue::<Vyukov<0>>(&[Pop]).verdict else { panic!("it holds") };
    assert!(matches!(broken.why, Why::Unpublished(..)), "{broken:?}");
}

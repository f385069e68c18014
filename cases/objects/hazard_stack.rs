//! A stack that frees its nodes is safe with hazard pointers only if a pop looks again after it has announced its node.
//!
//! Shape: a pop announces the node that it found on top, looks whether it is still there, and only
//! then follows its link. Who has popped a node waits until the other does not announce it, and frees
//! it. An announcement also withdraws the one before it, and has to release for that. Announcing and
//! looking, against popping and scanning, is store buffering: each side has a SeqCst fence.
//!
//! Source: Michael, "Hazard pointers", IEEE TPDS 15(6), 2004, section 3; Treiber, IBM RJ 5118, 1986.
//! Does not show: a list of nodes to be freed later, with which nobody waits; the order of values (`treiber_stack`).

use super::rt::boxed::Box;
use super::rt::hint;
use super::rt::linear::specs::{Bag, Hold};
use super::rt::linear::{Clients, Object, Role, Size, linearizable};
use super::rt::sync::atomic::{AtomicPtr, Ordering::*, fence};

cases! {
    /// Two threads that push and pop, up to four operations; no node is used after it was freed, or left.
    every_client: linearizable() => linearizable::<Stack<NONE>>(&clients());
    /// What a pop announces may have been freed before.
    not_validated: not_linearizable(UseAfterFree) => linearizable::<Stack<BLIND>>(&clients());
    /// The second look overtakes the announcement.
    reader_fence: not_linearizable(UseAfterFree).weak() => linearizable::<Stack<LOOK>>(&clients());
    /// The scan overtakes the pop.
    scan_fence: not_linearizable(UseAfterFree).weak() => linearizable::<Stack<SCAN>>(&clients());
    /// The next announcement withdraws the one before it, and does not say that its use is over.
    relaxed_announcement: not_linearizable(UseAfterFree) => linearizable::<Stack<AGAIN>>(&clients());
}

/// Without a fault, and with one.
const NONE: u8 = 0;
const BLIND: u8 = 1;
const LOOK: u8 = 2;
const SCAN: u8 = 3;
const AGAIN: u8 = 4;

/// One thread takes, the other steals, and it is the same; in the end all is taken.
fn clients() -> Clients<Hold> {
    let roles = [Hold::Take, Hold::Steal].map(|pop| Role::one([Hold::Put(0), pop]));
    Clients::new(roles, Size::new(2, 3).up_to(4)).last([Hold::Take; 4]).numbered(Hold::number)
}

struct Node {
    value: u8,
    next: AtomicPtr<Node>,
}

struct Stack<const FAULT: u8> {
    head: AtomicPtr<Node>,
    announced: [AtomicPtr<Node>; 2],
}

impl<const FAULT: u8> Stack<FAULT> {
    fn push(&self, value: u8) {
        let mut head = self.head.load(Relaxed); // Relaxed: it is not followed
        let node = Box::into_raw(Box::new(Node { value, next: AtomicPtr::new(head) }));
        // Release: pairs with the fence in `pop`. Relaxed: a failure is not followed either
        while let Err(now) = self.head.compare_exchange(head, node, Release, Relaxed) {
            head = now;
            // SAFETY: the node is this thread's own until it is pushed.
            unsafe { &*node }.next.store(head, Relaxed); // Relaxed: published by the exchange
        }
    }

    fn announce(&self, me: usize, node: *mut Node) {
        // Release: pairs with the scan, for it withdraws the announcement before
        self.announced[me].store(node, if FAULT == AGAIN { Relaxed } else { Release });
    }

    fn pop(&self, me: usize) -> Option<u8> {
        loop {
            let node = self.head.load(Relaxed); // Relaxed: the fence below acquires
            self.announce(me, node);
            if node.is_null() {
                return None;
            }
            // SeqCst: announced before the look; it also acquires what the push has released
            fence(if FAULT == LOOK { AcqRel } else { SeqCst });
            // Relaxed: it only says whether the announcement came in time
            if FAULT != BLIND && self.head.load(Relaxed) != node {
                continue;
            }
            // SAFETY: it was on top after it was announced, so who pops it finds the announcement;
            // without the second look, or a fence, it may be freed before.
            let next = unsafe { &*node }.next.load(Relaxed); // Relaxed: it does not change any more
            // Relaxed: the scan has a fence, and the pushes have released what is below
            if self.head.compare_exchange(node, next, Relaxed, Relaxed).is_ok() {
                return Some(self.free(me, node));
            }
        }
    }

    fn free(&self, me: usize, node: *mut Node) -> u8 {
        self.announce(me, std::ptr::null_mut());
        fence(if FAULT == SCAN { AcqRel } else { SeqCst }); // SeqCst: popped before the scan
        // Acquire: pairs with the other's next announcement: it is done with the one before
        while self.announced[1 - me].load(Acquire) == node {
            hint::spin_loop();
        }
        // SAFETY: this thread has popped it, and who could still follow it does not announce it;
        // where an announcement or a fence is missing, it does follow it.
        Box::into_inner(unsafe { Box::from_raw(node) }).value
    }
}

impl<const FAULT: u8> Object for Stack<FAULT> {
    type Spec = Bag;

    fn new() -> Self {
        let [head, first, second] = [(); 3].map(|()| AtomicPtr::new(std::ptr::null_mut()));
        Stack { head, announced: [first, second] }
    }

    fn call(&self, operation: &Hold) -> Option<u8> {
        let me = usize::from(*operation == Hold::Steal);
        let Hold::Put(value) = *operation else { return self.pop(me) };
        self.push(value);
        None
    }
}

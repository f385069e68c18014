//! Michael and Scott's queue publishes its head and its tail as well as its links, or a thread misses what it knows of.
//!
//! Shape: a push links its node behind the last one by a compare-exchange and then moves the tail,
//! or another push does. A pop moves the head to the next node, whose value it has then taken, and
//! looks again if another pop was first. The links alone hand every value over. But a thread that
//! finds the tail behind another push, and then pops, has to find what that push has linked; and
//! one that finds a node taken has to find the node behind it, if its taker put it there.
//!
//! Source: Michael and Scott, PODC 1996, figure 1.
//! Does not show: reclamation; nodes are never reused.

use super::rt::linear::specs::{Fifo, Hold};
use super::rt::linear::{Clients, Object, Role, Size, linearizable};
use super::rt::sync::atomic::{AtomicUsize, Ordering::*};

cases! {
    /// Up to three threads and four operations, two a thread.
    every_client: linearizable()
        .slack("Queue::advance: self.tail.compare_exchange (failure)", "Relaxed", "for `relaxed_late_tail`")
        => linearizable::<Queue<NONE>>(&clients(4));
    /// The link publishes nothing: what its pusher did is not there for who takes the value.
    relaxed_link: not_linearizable(NotPublished).weak() => linearizable::<Queue<LINK>>(&clients(4));
    /// Whoever pushes behind a node does not know of the link to it, and its own pop finds nothing.
    relaxed_tail: not_linearizable(NotLinearizable).weak()
        => linearizable::<Queue<TAIL>>(&clients(4));
    /// Who is late to move the tail pushes behind a node and does not know of the link to it.
    relaxed_late_tail: not_linearizable(NotLinearizable).weak()
        => linearizable::<Queue<LATE>>(&clients(5));
    /// Whoever finds a node taken does not know of the node behind it: the queue seems to be empty.
    relaxed_head: not_linearizable(NotLinearizable).weak()
        => linearizable::<Queue<HEAD>>(&clients(4));
    /// Two pushes find the link free and write it: one value is lost.
    split_link: not_linearizable(NotLinearizable) => linearizable::<Queue<SPLIT>>(&clients(4));
    /// A pop that was late takes the value that it had found before.
    stale_next: not_linearizable(NotLinearizable) => linearizable::<Queue<STALE>>(&clients(4));
}

/// Without a fault, and with one.
const NONE: u8 = 0;
const LINK: u8 = 1;
const TAIL: u8 = 2;
const HEAD: u8 = 3;
const SPLIT: u8 = 4;
const STALE: u8 = 5;
const LATE: u8 = 6;

fn clients(all: usize) -> Clients<Hold> {
    let calls = [Role::any([Hold::Put(0), Hold::Take])];
    Clients::new(calls, Size::new(3, 2).up_to(all)).numbered(Hold::number)
}

/// Nodes are numbered by their values; 0 is the first dummy, and as a link it means none.
struct Queue<const FAULT: u8> {
    head: AtomicUsize,
    tail: AtomicUsize,
    next: [AtomicUsize; 8],
}

impl<const FAULT: u8> Queue<FAULT> {
    fn push(&self, node: usize) {
        // Acquire: pairs with `advance`: who pushes behind a node has what its pusher had seen
        let mut last = self.tail.load(if FAULT == TAIL { Relaxed } else { Acquire });
        while let Err(next) = self.link(last, node) {
            last = self.advance(last, next);
        }
        self.advance(last, node);
    }

    fn link(&self, last: usize, node: usize) -> Result<usize, usize> {
        let (next, release) = (&self.next[last], if FAULT == LINK { Relaxed } else { Release });
        // Relaxed: as below
        if FAULT == SPLIT && next.load(Relaxed) == 0 {
            return Ok(next.swap(node, release)); // Release: as below; the flaw is the gap before it
        }
        // Release: pairs with the loads in `pop`. Relaxed: the link has been read, so it is there for the pop that follows.
        next.compare_exchange(0, node, release, Relaxed)
    }

    fn advance(&self, from: usize, to: usize) -> usize {
        let acquire = if FAULT == LATE { Relaxed } else { Acquire };
        // Release, Acquire: pair with each other and with the load in `push`
        self.tail.compare_exchange(from, to, Release, acquire).map_or_else(|now| now, |_| to)
    }

    fn pop(&self) -> Option<usize> {
        // Acquire: pairs with the exchange below: who finds a node taken has what its taker had
        let mut head = self.head.load(if FAULT == HEAD { Relaxed } else { Acquire });
        let mut next = self.next[head].load(Acquire); // Acquire: pairs with the link's Release
        while next != 0 {
            // Release, Acquire: pair with each other and with the load above
            match self.head.compare_exchange(head, next, Release, Acquire) {
                Ok(_) => return Some(next),
                Err(now) => head = now,
            }
            if FAULT != STALE {
                next = self.next[head].load(Acquire); // Acquire: as above
            }
        }
        None
    }
}

impl<const FAULT: u8> Object for Queue<FAULT> {
    type Spec = Fifo;

    fn new() -> Self {
        let next = [0; 8].map(AtomicUsize::new);
        Queue { head: AtomicUsize::new(0), tail: AtomicUsize::new(0), next }
    }

    fn call(&self, operation: &Hold) -> Option<u8> {
        match *operation {
            Hold::Put(value) => self.push(value.into()),
            _ => return self.pop().map(|node| node as u8),
        }
        None
    }
}

//! Numbers that are drawn in blocks are unique and not in order, so what draws them is a set of numbers and no counter.
//!
//! Shape: each of two threads keeps a block of numbers of its own, and draws a new block from a
//! common counter when it has used up the last. Most numbers are then drawn without touching what the
//! other thread touches. While the threads do not hear of each other, some order has all
//! numbers rising. But who draws after both have ended gets a number of an old block, below
//! one that is known to be drawn. A specification may leave open which number comes: one that none
//! before it had.
//!
//! Source: PostgreSQL Global Development Group, PostgreSQL 17, 2024, CREATE
//! SEQUENCE (a cache for each session: distinct numbers, not in order).
//! Does not show: numbers that are lost with a thread that ends; a counter that wraps around.

use std::collections::BTreeSet;

use super::rt::cell::UnsafeCell;
use super::rt::linear::{Clients, Object, Role, Size, Spec, linearizable};
use super::rt::sync::atomic::{AtomicU8, Ordering::*};

cases! {
    /// No number is drawn twice by two threads that each draw up to three and by who comes after them.
    every_client: linearizable() => linearizable::<Blocks<NONE, false>>(&clients());
    /// It is no counter: who comes after both draws a number below one of theirs.
    in_order: not_linearizable(NotLinearizable) => linearizable::<Blocks<NONE, true>>(&clients());
    /// Two threads find one block next, and both take it.
    split_block: not_linearizable(NotLinearizable)
        => linearizable::<Blocks<SPLIT, false>>(&clients());
    /// That a block is used up is noticed one number late, and the next block has that number as well.
    late_end: not_linearizable(NotLinearizable) => linearizable::<Blocks<LATE, false>>(&clients());
    /// Both threads draw from one block that nothing guards.
    shared_block: not_linearizable(DataRace)
        => linearizable::<Blocks<SHARED, false>>(&clients());
}

/// Without a fault, and with one.
const NONE: u8 = 0;
const SPLIT: u8 = 1;
const LATE: u8 = 2;
const SHARED: u8 = 3;

/// How many numbers a block has.
const BLOCK: u8 = 2;

/// Draws a number, as one thread or the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Draw {
    Left,
    Right,
}

/// The numbers that are drawn: each once, and if so said each greater than all before it.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
struct Numbers<const IN_ORDER: bool>(BTreeSet<u8>);

impl<const IN_ORDER: bool> Spec for Numbers<IN_ORDER> {
    type Operation = Draw;
    type Result = u8;

    fn apply(&mut self, _: &Draw) -> Option<u8> {
        let next = self.0.last().map_or(0, |last| last + 1);
        self.0.insert(next);
        Some(next)
    }

    fn explains(&mut self, _: &Draw, number: &u8) -> bool {
        let is_greatest = self.0.last().is_none_or(|last| last < number);
        self.0.insert(*number) && (is_greatest || !IN_ORDER)
    }
}

fn clients() -> Clients<Draw> {
    Clients::new([Role::one([Draw::Left]), Role::one([Draw::Right])], Size::new(2, 3))
        .last([Draw::Left])
}

/// The first number of no block yet, and for each thread its next number and the end of its block.
struct Blocks<const FAULT: u8, const IN_ORDER: bool> {
    free: AtomicU8,
    own: [UnsafeCell<(u8, u8)>; 2],
}

impl<const FAULT: u8, const IN_ORDER: bool> Object for Blocks<FAULT, IN_ORDER> {
    type Spec = Numbers<IN_ORDER>;

    fn new() -> Self {
        Blocks { free: AtomicU8::new(0), own: [(0, 0); 2].map(UnsafeCell::new) }
    }

    fn call(&self, draw: &Draw) -> u8 {
        let side = if FAULT == SHARED { 0 } else { *draw as usize };
        self.own[side].with_mut(|own| {
            // SAFETY: one thread draws on each side; where both draw from one block, nothing keeps
            // them apart.
            let (next, end) = unsafe { &mut *own };
            if *next == *end && FAULT != LATE || *end == 0 || *next > *end {
                *next = if FAULT == SPLIT {
                    let free = self.free.load(Relaxed); // Relaxed: as below
                    self.free.store(free + BLOCK, Relaxed); // casebook: allow(load-then-store) Relaxed or not, the flaw is the gap before it
                    free
                } else {
                    self.free.fetch_add(BLOCK, Relaxed) // Relaxed: a block is its numbers and no more
                };
                *end = *next + BLOCK;
            }
            *next += 1;
            *next - 1
        })
    }
}

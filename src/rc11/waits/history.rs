//! What a thread knows: a key for its history, equal only (up to collisions of 64 bits) where its code does the same.
//!
//! A thread's code depends on what it read. For an atomic access that is its value. A join, a lock, or a plain access lets it see memory that is in
//! no event: there the history of the source is part of its own. So it is where a value is an address, whose memory the source's thread may have
//! written. Addresses differ from run to run; those of the engine's own allocations and of the threads' stacks have names. A
//! thread that has read any other address has no key, and its loops are explored as they are.

use std::collections::HashMap;

use super::super::exec::Exec;
use super::super::fiber;
use super::super::graph::{Event, Id, NONE};
use super::super::label::{Kind, Label, Op};

/// Histories of threads in the current graph.
pub(super) struct History<'a> {
    exec: &'a Exec,
    /// By event: the history that ends with it.
    known: HashMap<Id, Option<u64>>,
}

impl Exec {
    pub(super) fn history(&self) -> History<'_> {
        History { exec: self, known: HashMap::new() }
    }

    /// A value as it is in every run; none if it may be an address without a name.
    pub(super) fn name_of(&self, value: u64) -> Option<u64> {
        if !is_address(value) {
            return Some(value);
        }
        if self.heap.find(value as usize).is_some() {
            return Some(self.heap.stable(value));
        }
        let on_stack = |base: usize| (base - fiber::STACK..base).contains(&(value as usize));
        let t = self.threads.iter().position(|t| t.base != 0 && on_stack(t.base))?;
        Some(mix(t as u64, self.threads[t].base as u64 - value))
    }
}

impl History<'_> {
    /// The key of a thread that has done nothing.
    pub fn start(&self, thread: u16) -> u64 {
        mix(0, thread.into())
    }

    /// The key of a thread's first `len` events.
    pub fn up_to(&mut self, thread: u16, len: u16) -> Option<u64> {
        let events = &self.exec.explorer.graph().threads[thread as usize][..len as usize];
        events.iter().try_fold(self.start(thread), |key, &id| self.then(key, id))
    }

    /// The key after one more event.
    pub fn then(&mut self, key: u64, id: Id) -> Option<u64> {
        let e = self.exec.explorer.graph().event(id);
        let mut key = asking(key, &e.label);
        if e.is_read() {
            key = reading(key, e.variant, self.exec.name_of(e.value)?);
        }
        if shows_memory(e) && e.rf != NONE {
            key = mix(key, self.up_to_event(e.rf)?);
        }
        Some(key)
    }

    fn up_to_event(&mut self, id: Id) -> Option<u64> {
        if let Some(&key) = self.known.get(&id) {
            return key;
        }
        let e = self.exec.explorer.graph().event(id);
        let key = self.up_to(e.thread, e.index + 1);
        self.known.insert(id, key);
        key
    }
}

/// Whether more than a value comes with this event's source.
fn shows_memory(e: &Event) -> bool {
    match e.kind() {
        Kind::Begin | Kind::Join => true,
        Kind::Read => !is_value(e.label.op) || !e.is_atomic() || is_address(e.value),
        _ => false,
    }
}

/// The operations of atomics: what they find is a value.
fn is_value(op: Op) -> bool {
    matches!(
        op,
        Op::Load
            | Op::Swap
            | Op::CompareExchange
            | Op::CompareExchangeWeak
            | Op::FetchAdd
            | Op::FetchSub
            | Op::FetchAnd
            | Op::FetchOr
            | Op::FetchXor
            | Op::FetchNand
            | Op::FetchMax
            | Op::FetchMin
    )
}

/// The key of a thread that asks for this.
pub(super) fn asking(key: u64, label: &Label) -> u64 {
    let place = u64::from(label.loc) << 32 | u64::from(label.child);
    let site = std::ptr::from_ref(label.site).addr() as u64;
    mix(mix(mix(key, place), label.op as u64), site)
}

/// The key after it has read this value, by this alternative.
pub(super) fn reading(key: u64, variant: u8, value: u64) -> u64 {
    mix(mix(key, value), variant.into())
}

/// One step of a hash, with the finalizer of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014, figure 17).
pub(in super::super) fn mix(key: u64, value: u64) -> u64 {
    let mut z = (key.rotate_left(23) ^ value).wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Whether a value may be the address of something. User space ends below 2⁵⁷ on all 64-bit targets; and where a program, its heap and its stack are
/// all above 2³², as nearly everywhere, nothing is below.
pub(super) fn is_address(value: u64) -> bool {
    static PROGRAM: u8 = 0;
    let (stack, heap) = (0_u8, Box::new(0_u8));
    let lowest = [&raw const PROGRAM, &raw const stack, &raw const *heap].map(|p| p.addr() as u64);
    let lowest = lowest.into_iter().min().unwrap_or(0);
    let from = if lowest > 1 << 32 { 1 << 32 } else { 1 << 16 };
    (from..1 << 57).contains(&value)
}

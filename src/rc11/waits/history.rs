//! What a thread knows: a key for its history, equal only (up to collisions of 64 bits) where its code does the same.
//!
//! A thread's code depends on what it read. For an atomic access that is its value. A join, a lock, or a plain access lets it see memory that is in
//! no event: there the history of the source is part of its own. So it is where a value is an address, whose memory the source's thread may have
//! written. Addresses differ from run to run; those of the engine's own allocations and of the threads' stacks have names. A
//! thread that has read any other address has no key, and its loops are explored as they are.

use std::num::NonZeroU64;
use std::sync::LazyLock;

use super::super::exec::Exec;
use super::super::fiber;
use super::super::graph::{Event, Id, NONE};
use super::super::hash::mix;
use super::super::label::{Kind, Label};

impl Exec {
    /// The key of a thread's first `len` events.
    pub(super) fn history(&mut self, thread: u16, len: u16) -> Option<u64> {
        let known = |exec: &Exec, index: u16| {
            let g = exec.explorer.graph();
            g.event(g.threads[thread as usize][index as usize]).history
        };
        // An event keeps its key: a new source, which alone would change it, takes it away.
        let from = (0..len).rev().find(|&index| known(self, index).is_some());
        let start = from.and_then(|index| known(self, index));
        let mut key = start.map_or(mix(0, thread.into()), NonZeroU64::get);
        for index in from.map_or(0, |index| index + 1)..len {
            let id = self.explorer.graph().threads[thread as usize][index as usize];
            key = self.history_with(key, id)?;
            self.explorer.graph_mut().events[id as usize].history = NonZeroU64::new(key);
        }
        Some(key)
    }

    /// The key after one more event.
    fn history_with(&mut self, key: u64, id: Id) -> Option<u64> {
        let e = *self.explorer.graph().event(id);
        let mut key = asking(key, &e.label);
        if e.is_read() {
            key = reading(key, e.variant, self.name_of(e.value)?);
        }
        if shows_memory(&e) && e.rf != NONE {
            let source = self.explorer.graph().event(e.rf);
            key = mix(key, self.history(source.thread, source.index + 1)?);
        }
        Some(key)
    }

    /// A value as it is in every run, unless it is an address without a name.
    pub(super) fn by_name(&self, value: u64) -> u64 {
        self.name_of(value).unwrap_or(value)
    }

    /// A value as it is in every run; none if it may be an address without a name.
    fn name_of(&self, value: u64) -> Option<u64> {
        if !is_address(value) {
            return Some(value);
        }
        if self.heap.find(value as usize).is_some() {
            return Some(self.heap.stable(value));
        }
        // A register may hold the base itself.
        let on_stack = |base: usize| (base - fiber::STACK..=base).contains(&(value as usize));
        let t = self.threads.iter().position(|t| t.base != 0 && on_stack(t.base))?;
        Some(mix(t as u64, self.threads[t].base as u64 - value))
    }
}

/// Whether more than a value comes with this event's source.
fn shows_memory(e: &Event) -> bool {
    match e.kind() {
        Kind::Begin | Kind::Join => true,
        Kind::Read => !e.label.op.reads_value() || !e.is_atomic() || is_address(e.value),
        _ => false,
    }
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

/// Whether a value may be the address of something. User space ends below 2⁵⁷ on all 64-bit targets; and where a program, its heap and its stack are
/// all above 2³², as nearly everywhere, nothing is below.
pub(super) fn is_address(value: u64) -> bool {
    static FROM: LazyLock<u64> = LazyLock::new(|| {
        static PROGRAM: u8 = 0;
        let (stack, heap) = (0_u8, Box::new(0_u8));
        let places = [&raw const PROGRAM, &raw const stack, &raw const *heap];
        if places.iter().all(|p| p.addr() as u64 > 1 << 32) { 1 << 32 } else { 1 << 16 }
    });
    (*FROM..1 << 57).contains(&value)
}

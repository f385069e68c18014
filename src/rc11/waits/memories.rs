//! What a thread has on its stack and in its registers where it tries again.
//!
//! A rehearsal takes many runs, and a thread comes to a try with many histories: all that it has ever seen tells them apart. But what it does next is
//! decided by what it has *now*. So what was found of a try is kept with the thread's memory there. Whoever has the same, and asks for the same, is
//! taken to do the same; `retries` says what is not seen by that.
//!
//! Some of what lies on the stack is of no use any more, and is another in each run. It is found out by running to the same place twice more, in
//! rehearsals, where the engine's operations leave noise behind: what differs is not compared. Nor are, by that, addresses in the program's heap.

use super::super::exec::Exec;
use super::super::frame::{Frame, Watch, watch};
use super::differences::Rehearsal;
use super::rehearse::OF_NEXT;
use super::rounds::Round;

/// A thread's memory, word by word, with addresses by their names where they have one: none where it is not compared.
#[derive(Debug)]
pub(super) struct Memory(Vec<Option<u64>>);

impl Exec {
    /// The running thread is at an operation, and its memory is looked at: in a rehearsal, or to be kept.
    pub fn look_at(&mut self, frame: &Frame) {
        if self.told.is_some() {
            return self.take_memory(frame);
        }
        watch(Watch::Nobody);
        let me = self.me();
        me.memory = Some((me.pos, frame.memory(me.job_base)));
    }

    /// The running thread's memory at the operation that it asks for, if it was kept.
    pub(super) fn memory(&self) -> Option<&[u64]> {
        let me = &self.threads[self.running];
        me.memory.as_ref().filter(|(pos, _)| *pos == me.pos).map(|(_, memory)| &memory[..])
    }

    /// Whether the memory of a thread in this execution is a known one.
    pub(super) fn is_known(&self, memory: &[u64], known: &Memory) -> bool {
        let is_same = |(&word, known): (&u64, &Option<u64>)| {
            known.is_none_or(|known| self.by_name(word) == known)
        };
        memory.len() == known.0.len() && memory.iter().zip(&known.0).all(is_same)
    }
}

impl Rehearsal<'_> {
    /// What is to be compared of the memory that the thread had after this round. None if it does not come to the same place again.
    pub(super) fn of_use_in(&mut self, memory: &[u64], round: &Round) -> Option<Memory> {
        let told = self.memories(&[round], 2)?.iter().map(|memory| &memory[OF_NEXT..]);
        let [one, other] = told.collect::<Vec<_>>().try_into().ok()?;
        if [one, other].iter().any(|told| told.len() != memory.len()) {
            return None;
        }
        let words = memory.iter().zip(one.iter().zip(other));
        let known =
            words.map(|(&word, (&one, &other))| (word == one && word == other).then_some(word));
        Some(Memory(known.collect()))
    }
}

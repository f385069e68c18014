//! What a thread has on its stack and in its registers where it tries again, and at the end of a rehearsal.
//!
//! A rehearsal takes many runs, and a thread comes to a try with many histories: all that it has ever seen tells them apart. But what it does next is
//! decided by what it has *now*. So what was found of a try is kept with the memory that the thread had before it began, in front of the load: what it has
//! later may not say any more what it would have had without the try. Whoever has the same there, and asks for the same, is taken to do the same; `retries`
//! says what is not seen by that.
//!
//! Some of what lies on the stack is of no use any more, and is another in each run. It is found out by running to the same place twice more, in
//! rehearsals, where the engine's operations leave noise behind: what differs is not compared. Addresses in the program's heap differ, too. Of them
//! is compared which are the same.
//!
//! In a rehearsal such an address has a name, if it is near to one that the thread had in mind where what it is told begins: that one's place, and how far away
//! it is. So a thread that goes from one block of the heap to another is seen to do so.

use super::super::exec::Exec;
use super::super::frame::Frame;
use super::super::hash::mix;
use super::differences::Rehearsal;
use super::history::is_address;
use super::rehearse::OF_NEXT;
use super::rounds::Round;

/// What is compared of a memory.
#[derive(Debug)]
pub(super) struct Memory {
    /// Word by word, addresses by the engine's names for them where they have one: none where it is another in each run.
    words: Vec<Option<u64>>,
    /// Where such words are addresses, and which is the first of these places with the same address.
    places: Vec<usize>,
    first: Vec<usize>,
}

/// For each of these places, which of them is the first with the same word.
fn first_of(places: &[usize], words: &[u64]) -> Vec<usize> {
    let first = |&place: &usize| places.iter().position(|&other| words[other] == words[place]);
    places.iter().filter_map(first).collect()
}

/// What was on a thread's stack and in its registers when it had come to as many events.
pub(in super::super) struct Looked {
    pos: u32,
    words: Vec<u64>,
}

/// How many of these are kept: a load, a try, and another one.
const KEPT: u32 = 3;

/// What a thread had in mind at the end of a rehearsal.
#[derive(Debug, Default)]
pub(super) struct Snapshot {
    /// Addresses by the engine's names for them where they have one.
    pub words: Vec<u64>,
    /// What words that may be addresses are called by what the thread had in mind at first; 0 if there is nothing near.
    pub names: Vec<u64>,
}

/// How far an address may be from one that gives it a name.
const NEAR: u64 = 1024;

impl Snapshot {
    /// Of these words, where the thread began with those.
    pub fn new(words: &[u64], start: &[u64], by_name: impl Fn(u64) -> u64) -> Self {
        let mut places: Vec<(u64, u64)> = start.iter().copied().zip(1..).collect();
        places.retain(|&(address, _)| is_address(address));
        places.sort_unstable();
        places.dedup_by_key(|&mut (address, _)| address);
        let name = |word: &u64| {
            let next = places.partition_point(|&(address, _)| address < *word);
            let around = &places[next.saturating_sub(1)..places.len().min(next + 1)];
            let nearest = around.iter().min_by_key(|(address, _)| address.abs_diff(*word));
            let nearest = nearest.filter(|(address, _)| address.abs_diff(*word) < NEAR);
            nearest.map_or(0, |&(address, nth)| mix(mix(0, nth), word.wrapping_sub(address)))
        };
        let names = words.iter().map(name).collect();
        Snapshot { words: words.iter().map(|&word| by_name(word)).collect(), names }
    }

    /// Puts what is to be compared with it before it.
    pub fn put_first<const N: usize>(&mut self, words: [u64; N]) {
        self.words.splice(0..0, words);
        self.names.splice(0..0, [0; N]);
    }
}

impl Exec {
    /// The running thread is at an operation, and its memory is looked at: in a rehearsal, or to be kept.
    pub fn look_at(&mut self, frame: &Frame) {
        if self.told.is_some() {
            self.note_start(frame);
            return self.take_memory(frame);
        }
        let me = self.me();
        if me.pos + KEPT > me.len {
            let words = frame.memory(me.job_base);
            me.memories.retain(|looked| looked.pos < me.pos && looked.pos + KEPT > me.pos);
            me.memories.push(Looked { pos: me.pos, words });
        }
    }

    /// The running thread's memory when it had come to as many events, if it was kept.
    pub(super) fn memory_at(&self, pos: u16) -> Option<&[u64]> {
        let mut memories = self.threads[self.running].memories.iter();
        memories.find(|looked| looked.pos == pos.into()).map(|looked| &looked.words[..])
    }

    /// Whether the memory of a thread in this execution is a known one.
    pub(super) fn is_known(&self, memory: &[u64], known: &Memory) -> bool {
        let is_same = |(&word, known): (&u64, &Option<u64>)| {
            known.is_none_or(|known| self.by_name(word) == known)
        };
        memory.len() == known.words.len()
            && memory.iter().zip(&known.words).all(is_same)
            && first_of(&known.places, memory) == known.first
    }
}

impl Rehearsal<'_> {
    /// What is to be compared of the memory that the thread had after this round, addresses by their names where they have one. None if it does not come to the
    /// same place again.
    pub(super) fn of_use_in(&mut self, memory: &[u64], round: &Round) -> Option<Memory> {
        let told = self.memories(&[round], 2)?.iter().map(|memory| &memory.words[OF_NEXT..]);
        let [one, other] = told.collect::<Vec<_>>().try_into().ok()?;
        let all = [memory, one, other];
        if all.iter().any(|words| words.len() != memory.len()) {
            return None;
        }
        let is_same = |&at: &usize| all.iter().all(|words| words[at] == memory[at]);
        let is_address = |&at: &usize| all.iter().all(|words| is_address(words[at]));
        let (same, others): (Vec<_>, Vec<_>) = (0..memory.len()).partition(is_same);
        let places: Vec<_> = others.into_iter().filter(is_address).collect();
        let [first, one, other] = all.map(|words| first_of(&places, words));
        let agree = |&nth: &usize| [&one, &other].iter().all(|way| way[nth] == first[nth]);
        let places: Vec<_> = (0..places.len()).filter(agree).map(|nth| places[nth]).collect();
        let mut words = vec![None; memory.len()];
        same.into_iter().for_each(|at| words[at] = Some(memory[at]));
        Some(Memory { words, first: first_of(&places, memory), places })
    }
}

//! What difference it makes what a thread is told in a rehearsal.

use super::super::exec::Exec;
use super::super::graph::Id;
use super::super::hash::mix;
use super::rehearse::{Main, OF_NEXT};
use super::rounds::Round;

/// Rehearsals of a thread after one event, to be compared. The thread is told each way as often as the ways that it is compared with ask for, and
/// not once for each of these.
pub(super) struct Rehearsal<'a> {
    exec: &'a mut Exec,
    after: Id,
    main: Main<'a>,
    /// The memories of each way.
    taken: Vec<(Vec<Round>, Vec<Vec<u64>>)>,
}

/// How often a round is repeated to find out which bytes of the memory are the same each time.
const REPEATS: usize = 10;

/// Blocks of memory of every small size, some more and some less each time: what the allocator gives next is not what it gave the last time.
fn litter(turn: usize) -> Vec<Vec<u8>> {
    let sizes = (1..=64).map(|n| 16 * n - 8);
    let count = |size: usize| mix(turn as u64, size as u64) as usize % 4;
    sizes.flat_map(|size| (0..count(size)).map(move |_| Vec::with_capacity(size))).collect()
}

impl<'a> Rehearsal<'a> {
    pub fn new(exec: &'a mut Exec, after: Id, main: Main<'a>) -> Self {
        Rehearsal { exec, after, main, taken: Vec::new() }
    }

    /// Whether a failed round, which may come before and after others that fail, leaves anything behind that a next round finds at its end.
    pub fn leaves_something(&mut self, new: &Round, [failed, others]: [&[Round]; 2]) -> bool {
        self.remembers(new, new)
            || others.iter().any(|next| self.remembers(new, next))
            || failed.iter().any(|other| self.remembers(new, other) || self.remembers(other, new))
    }

    /// Whether a failed round leaves something behind that the next round after it finds.
    pub fn remembers(&mut self, failed: &Round, next: &Round) -> bool {
        next.reads_address() || self.differ([&[next], &[failed, next]])
    }

    /// Whether it makes a difference what the thread is told.
    pub fn differ(&mut self, told: [&[&Round]; 2]) -> bool {
        let found = self.differences(told, <[_]>::is_empty);
        found.is_none_or(|found| !found.is_empty())
    }

    /// The differences that it makes to the thread's memory what it is told, once they are `enough` or both ways were taken often: the first ones may be by
    /// chance. None if it does something else.
    pub fn differences(
        &mut self,
        told: [&[&Round]; 2],
        enough: impl Fn(&[Difference]) -> bool,
    ) -> Option<Vec<Difference>> {
        let mut found = [Vec::new(), Vec::new()];
        loop {
            let turn = found[0].len();
            for way in 0..2 {
                found[way].push(self.memory(told[way], turn)?);
            }
            let differences = differences(&found)?;
            if turn + 1 == REPEATS || enough(&differences) {
                return Some(differences);
            }
        }
    }

    /// The thread's memory after what it is told, taken for the `turn`-th time; None if it does something else.
    pub fn memory(&mut self, told: &[&Round], turn: usize) -> Option<Vec<u64>> {
        let is_it = |(way, _): &(Vec<Round>, _)| way.iter().eq(told.iter().copied());
        let nth = self.taken.iter().position(is_it).unwrap_or_else(|| {
            self.taken.push((told.iter().map(|&round| round.clone()).collect(), Vec::new()));
            self.taken.len() - 1
        });
        if self.taken[nth].1.len() == turn {
            // What the allocator leaves in memory is another thing each time, whatever the way.
            let blocks = litter(self.taken.iter().map(|(_, memories)| memories.len()).sum());
            let way = self.taken[nth].0.clone();
            let memory = self.exec.tell(self.after, way, (self.main)())?;
            drop(blocks);
            self.taken[nth].1.push(memory);
        }
        Some(self.taken[nth].1[turn].clone())
    }
}

/// Bytes of a word of the memory that are other ones by the second of two ways: where, which, and what they are by each way, all others 0.
#[derive(Clone, Copy, Debug)]
pub(super) struct Difference {
    at: usize,
    bytes: u64,
    words: [u64; 2],
}

impl Difference {
    /// Whether it is in what the thread asks for next, and not only in what it has in mind.
    pub(super) fn is_in_next(&self) -> bool {
        self.at < OF_NEXT
    }

    /// Whether it is one of the others, or a part of it.
    pub(super) fn is_among(&self, others: &[Difference]) -> bool {
        let is_it = |other: &Difference| {
            self.at == other.at && self.words == other.words.map(|word| word & self.bytes)
        };
        others.iter().any(|other| self.bytes & !other.bytes == 0 && is_it(other))
    }
}

/// Where two ways, each taken several times, lead to another memory, wherever each leads to the same. None if there is more of it by one.
fn differences(found: &[Vec<Vec<u64>>; 2]) -> Option<Vec<Difference>> {
    let [some, others] = found;
    let (first, len) = (&some[0], some[0].len());
    if some.iter().chain(others).any(|memory| memory.len() != len) {
        return None;
    }
    let varies = |all: &[Vec<u64>], i: usize| all.iter().fold(0, |bits, m| bits | m[i] ^ all[0][i]);
    let difference = |at: usize| {
        let (noise, differs) = (varies(some, at) | varies(others, at), first[at] ^ others[0][at]);
        let bytes = (0..8).map(|n| 0xff << (8 * n));
        let bytes = bytes.filter(|byte| noise & byte == 0 && differs & byte != 0);
        let bytes = bytes.fold(0, |all, byte: u64| all | byte);
        let words = [first[at], others[0][at]].map(|word| word & bytes);
        (bytes != 0).then_some(Difference { at, bytes, words })
    };
    Some((0..len).filter_map(difference).collect())
}

//! What difference it makes what a thread is told in a rehearsal.
//!
//! A thread is told each way as often as the ways that it is compared with ask for, and not once for each of these: what was taken is kept by what the
//! thread knew and was told, also for rehearsals in other executions, as a loop has many rounds that fail.

use std::collections::HashMap;

use super::super::exec::Exec;
use super::super::graph::Id;
use super::super::hash::mix;
use super::history::is_address;
use super::memories::Snapshot;
use super::rehearse::{Main, OF_NEXT};
use super::rounds::{Round, hash_of};

/// Rehearsals of a thread after one event, to be compared.
pub(super) struct Rehearsal<'a> {
    exec: &'a mut Exec,
    after: Id,
    main: Main<'a>,
    /// The thread's history up to that event.
    key: u64,
}

/// The memories of threads that were told what to read, by their history and what it was.
#[derive(Default)]
pub(super) struct Taken {
    memories: HashMap<u64, Vec<Snapshot>>,
    /// How many words they are in all.
    words: usize,
    /// How many were taken so far.
    turns: usize,
}

/// How often a round is repeated to find out which bytes of the memory are the same each time.
const REPEATS: usize = 10;

/// How many words are kept beyond a rehearsal: 8 MiB.
const ROOM: usize = 1 << 20;

/// Blocks of memory of every small size, some more and some less each time: what the allocator gives next is not what it gave the last time.
fn litter(turn: usize) -> Vec<Vec<u8>> {
    let sizes = (1..=64).map(|n| 16 * n - 8);
    let count = |size: usize| mix(turn as u64, size as u64) as usize % 4;
    sizes.flat_map(|size| (0..count(size)).map(move |_| Vec::with_capacity(size))).collect()
}

impl<'a> Rehearsal<'a> {
    pub fn new(exec: &'a mut Exec, after: Id, main: Main<'a>) -> Self {
        let taken = &mut exec.waits.taken;
        if taken.words > ROOM {
            *taken = Taken { turns: taken.turns, ..Taken::default() };
        }
        let e = *exec.explorer.graph().event(after);
        // A thread without a key has read an address that is another one each time: the number of its rehearsal is not that of any other.
        let key = exec.history(e.thread, e.index + 1);
        let key = key.unwrap_or(mix(0, exec.waits.taken.turns as u64));
        Rehearsal { exec, after, main, key }
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
        let mut times = 0;
        loop {
            times += 1;
            let [one, other] = [self.take(told[0], times)?, self.take(told[1], times)?];
            let memories = &self.exec.waits.taken.memories;
            let differences = differences([one, other].map(|key| &memories[&key][..times]))?;
            if times == REPEATS || enough(&differences) {
                return Some(differences);
            }
        }
    }

    /// The thread's memories after what it is told, so many of them; None if it does something else.
    pub fn memories(&mut self, told: &[&Round], times: usize) -> Option<&[Snapshot]> {
        let key = self.take(told, times)?;
        Some(&self.exec.waits.taken.memories[&key][..times])
    }

    /// Has the thread's memory taken after what it is told until that was done so many times. By which key they are found.
    fn take(&mut self, told: &[&Round], times: usize) -> Option<u64> {
        let key = told.iter().fold(self.key, |key, round| hash_of(key, round));
        while self.exec.waits.taken.memories.get(&key).map_or(0, Vec::len) < times {
            let taken = &mut self.exec.waits.taken;
            taken.turns += 1;
            // What the allocator leaves in memory is another thing each time, whatever the way.
            let blocks = litter(taken.turns);
            let way = told.iter().map(|&round| round.clone()).collect();
            let memory = self.exec.tell(self.after, way, (self.main)())?;
            drop(blocks);
            let taken = &mut self.exec.waits.taken;
            taken.words += 2 * memory.words.len();
            taken.memories.entry(key).or_default().push(memory);
        }
        Some(key)
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
fn differences(found: [&[Snapshot]; 2]) -> Option<Vec<Difference>> {
    let len = found[0][0].words.len();
    if found.iter().copied().flatten().any(|memory| memory.words.len() != len) {
        return None;
    }
    Some((0..len).filter_map(|at| difference(found, at)).collect())
}

/// The difference in one word. What varies by one way is not compared. Addresses vary, and the heap moves on from the rehearsals of one way to those of the other, as
/// memory is lost in each: so one that has a name is the same if it is ever called that by the other way, too. Of addresses without a name all is left out
/// from the lowest byte that varies.
fn difference(found: [&[Snapshot]; 2], at: usize) -> Option<Difference> {
    let words = found.map(|way| way.iter().map(move |memory| memory.words[at]));
    let varies = words.clone().map(|mut way| {
        let first = way.next().unwrap_or(0);
        way.fold(0, |bits, word| bits | (word ^ first))
    });
    let mut noise = varies[0] | varies[1];
    let [one, other] = found.map(|way| way[0].words[at]);
    if noise | (one ^ other) == 0 {
        return None;
    }
    if words.into_iter().all(|mut way| way.all(is_address)) {
        let names = found.map(|way| way.iter().map(|memory| memory.names[at]).collect::<Vec<_>>());
        let [one, other] = names.each_ref().map(|names| name(names));
        if one.or(other).is_some() {
            let is_new =
                |(name, names): (Option<u64>, &Vec<u64>)| name.is_some_and(|n| !names.contains(&n));
            let differs = is_new((one, &names[1])) || is_new((other, &names[0]));
            let words = [one, other].map(Option::unwrap_or_default);
            return differs.then_some(Difference { at, bytes: u64::MAX, words });
        }
        if varies.iter().all(|&bits| bits != 0) {
            noise |= u64::MAX << (noise.trailing_zeros() & !7);
        }
    }
    let differs = |byte: &u64| noise & byte == 0 && (one ^ other) & byte != 0;
    let bytes = (0..8).map(|n| 0xff << (8 * n)).filter(differs).fold(0, |all, byte| all | byte);
    let words = [one & bytes, other & bytes];
    (bytes != 0).then_some(Difference { at, bytes, words })
}

/// What an address is called by one way: in all of its rehearsals but one, as another block may be near by chance.
fn name(names: &[u64]) -> Option<u64> {
    let times = |name: &u64| names.iter().filter(|other| *other == name).count();
    names.iter().copied().find(|name| *name != 0 && times(name) + 1 >= names.len())
}

#[cfg(test)]
mod tests {
    use super::{Snapshot, differences};

    /// Whether two ways lead to another memory of one word.
    fn differ(ways: [[u64; 3]; 2]) -> bool {
        let ways = ways.map(|way| way.map(|word| Snapshot::new(&[word], &[], |word| word)));
        let found = differences(ways.each_ref().map(|way| &way[..])).expect("one word by both");
        !found.is_empty()
    }

    const HEAP: u64 = 0x7f12_3400_0000;

    #[test]
    fn what_varies_is_not_compared() {
        assert!(!differ([[1, 2, 3], [1, 1, 1]]));
        assert!(differ([[0x101, 0x102, 0x103], [0x201, 0x201, 0x201]]));
    }

    /// The blocks of the second way were all allocated after those of the first.
    #[test]
    fn the_heap_moves_on() {
        let blocks = [0x1_fd00, 0x1_fe00, 0x1_ff00].map(|offset| HEAP + offset);
        assert!(!differ([blocks, blocks.map(|block| block + 0x10_0000)]));
        assert!(differ([blocks, blocks.map(|block| block + 0x10_0008)]));
    }

    #[test]
    fn a_block_is_told_from_what_is_always_at_the_same_address() {
        let blocks = [0x40, 0x80, 0xc0].map(|offset| HEAP + offset);
        assert!(differ([blocks, [0x5555_0000_0100; 3]]));
    }

    /// Whether two ways lead to other addresses, so far from one that the thread had in mind.
    fn differ_by(offsets: [[u64; 3]; 2]) -> bool {
        let bases = [[0, 0x1000, 0x3000], [0x10_0000, 0x10_2000, 0x10_5000]];
        let ways = [0, 1].map(|way| {
            let base = |nth: usize| HEAP + bases[way][nth];
            let word = |nth| Snapshot::new(&[base(nth) + offsets[way][nth]], &[base(nth)], |w| w);
            [0, 1, 2].map(word)
        });
        let found = differences(ways.each_ref().map(|way| &way[..])).expect("one word by both");
        !found.is_empty()
    }

    #[test]
    fn an_address_is_what_it_is_called() {
        let far = [0x7000, 0x9100, 0xa200];
        assert!(!differ_by([[0x40; 3], [0x40; 3]]));
        assert!(!differ_by([[0x40; 3], [0x80, 0x40, 0x40]]));
        assert!(!differ_by([far, far]));
        assert!(!differ_by([[0x40, 0x80, 0x9100], far]));
        assert!(differ_by([[0x40; 3], [0x48; 3]]));
        assert!(differ_by([[0x40; 3], far]));
        assert!(differ_by([far, [0x40, 0x80, 0x40]]));
        assert!(!differ_by([far, [0x40, 0x80, 0xc0]]));
    }
}

//! Rounds of a loop, as events of one thread between two spin hints: whether they are alike, put back what they wrote, are watched.

use super::graph::{Event, Graph, Id, NONE};
use super::label::{Kind, Op, Outcome};

impl Graph {
    /// The events of the loop that a blocked hint waits in.
    pub fn iteration(&self, hint: Id) -> &[Id] {
        let e = self.event(hint);
        &self.threads[e.thread as usize][e.value as usize..e.index as usize]
    }

    /// Whether two rounds of a loop are alike, operation by operation and value by value.
    pub fn same_round(&self, one: &[Id], two: &[Id]) -> bool {
        let alike = |(&p, &q): (&Id, &Id)| {
            let (e, f) = (self.event(p), self.event(q));
            let same_label = e.label.op == f.label.op
                && e.loc() == f.loc()
                && std::ptr::eq(e.label.site, f.label.site);
            same_label && (e.kind() == Kind::Spin || e.value == f.value) && e.outcome == f.outcome
        };
        one.len() == two.len() && one.iter().zip(two).all(alike)
    }

    /// Whether a round may hold this event: it is no step that cannot be taken twice, as a spawn, nor one that would not come again,
    /// being spurious.
    pub fn is_repeatable(&self, id: Id) -> bool {
        let e = self.event(id);
        let spurious = e.label.op.is_spurious() || e.label.op.has_time_out();
        !(spurious && e.variant > 0)
            && match e.kind() {
                Kind::Read | Kind::Fence | Kind::Spin => true,
                Kind::Moment => matches!(e.label.op, Op::Publish | Op::Call | Op::Return),
                Kind::Join => e.label.op == Op::Observe,
                Kind::Write | Kind::ExclusiveWrite => e.label.branches,
                _ => false,
            }
    }

    /// Whether an event changes anything that its thread, or another, could notice; or would not happen again.
    pub fn changes(&self, id: Id) -> bool {
        !self.is_repeatable(id) || self.event(id).is_write() && !self.rewrites(id)
    }

    /// Whether a write half writes the value that it replaces.
    fn rewrites(&self, half: Id) -> bool {
        let e = self.event(half);
        e.kind() == Kind::ExclusiveWrite && self.event(e.label.from).value == e.value
    }

    /// Whether a read has the location's last value: what follows its source only rewrites it.
    pub fn reads_last_value(&self, r: Id) -> bool {
        let later = &self.co(self.event(r).loc())[self.seen(r) + 1..];
        later.iter().all(|&w| self.rewrites(w))
    }

    /// The last write that a round makes to a location, if it changes that at all.
    fn last_change(&self, round: &[Id], loc: u32) -> Option<Id> {
        let writes = || round.iter().copied().filter(|&p| self.is_write_to(p, loc));
        writes().any(|p| !self.rewrites(p)).then(|| writes().next_back()).flatten()
    }

    fn is_write_to(&self, id: Id, loc: u32) -> bool {
        self.event(id).is_write() && self.event(id).loc() == loc
    }

    /// Whether a round would find what it found if it came again at once: it puts back what it writes, and nobody has written there
    /// since.
    pub fn restores(&self, round: &[Id]) -> bool {
        let untouched = |&p: &Id| {
            let loc = self.event(p).loc();
            let last = if loc == NONE { None } else { self.last_change(round, loc) };
            last.is_none_or(|last| self.co(loc).last() == Some(&last))
        };
        self.puts_back(round) && round.iter().all(untouched)
    }

    /// Whether what a round both writes and reads first ends with the value read.
    pub fn puts_back(&self, round: &[Id]) -> bool {
        round.iter().enumerate().all(|(i, &p)| {
            let e = self.event(p);
            let last = if e.loc() == NONE { None } else { self.last_change(round, e.loc()) };
            let first = round[..i].iter().all(|&q| self.event(q).loc() != e.loc());
            last.is_none_or(|last| !(first && e.is_read()) || self.event(last).value == e.value)
        })
    }

    /// Whether a blocked hint's loop goes on for ever on these values, however long others may take: each read has the last value
    /// there is, or what the loop itself puts back.
    pub fn repeats_for_good(&self, hint: Id) -> bool {
        let round = self.iteration(hint);
        let lasting = |(i, &r): (usize, &Id)| {
            let e = self.event(r);
            if !e.is_read() {
                return true;
            }
            let own = round[..i].iter().rev().find(|&&w| self.is_write_to(w, e.loc()));
            match (own, self.last_change(round, e.loc())) {
                (Some(&own), _) => e.rf == own,
                (None, None) => self.reads_last_value(r),
                (None, Some(last)) => {
                    self.co(e.loc()).last() == Some(&last) && self.event(last).value == e.value
                }
            }
        };
        !self.event(hint).is_undecided() && round.iter().enumerate().all(lasting)
    }

    /// Whether another thread may tell how often a blocked hint's loop came round: it reads what the loop writes, and not only to
    /// wait for a lock.
    pub fn is_watched(&self, hint: Id) -> bool {
        let round = self.iteration(hint);
        let Some(&first) = round.first() else { return false };
        let thread = self.event(hint).thread;
        let watches = |&r: &Id| {
            let e = self.event(r);
            let waits = matches!(e.label.op, Op::Lock | Op::ReadLock | Op::WriteLock);
            e.thread != thread && !waits && !self.hb(r, first)
        };
        round.iter().any(|&w| {
            let e = self.event(w);
            e.is_write()
                && !self.rewrites(w)
                && self.memory[e.loc() as usize].reads.iter().any(watches)
        })
    }
}

impl Event {
    /// The beginning of the round that led to this hint, if its shadow has found that the thread then waits.
    pub fn verified(&self) -> Option<usize> {
        (self.value as usize).checked_sub(1)
    }

    /// The thread is taken to wait at this hint, and it is not known whether it would give up by itself.
    pub fn is_undecided(&self) -> bool {
        self.kind() == Kind::Spin && self.variant == 1
    }

    /// Marks a hint at which the thread was looked at alone, and does not wait.
    pub fn refute(&mut self) {
        self.variant = 2;
    }

    /// Marks a hint: its round begins at `start`.
    pub fn verify(&mut self, start: usize, undecided: bool) {
        (self.value, self.variant) = (start as u64 + 1, undecided.into());
    }

    /// Stops the thread at this hint, in the loop that begins at `start`.
    pub fn block(&mut self, start: usize, undecided: bool) {
        (self.outcome, self.value, self.variant) = (Outcome::Block, start as u64, undecided.into());
    }
}

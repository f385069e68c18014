//! The rehearsal of a loop: a thread runs alone, is told what to read from some point on, and its memory is taken at the end. What is learnt by that.

use super::super::ending::{Question, Stop};
use super::super::exec::{Exec, Status};
use super::super::fiber::Job;
use super::super::frame::{Frame, Watch, watch};
use super::super::graph::Id;
use super::super::label::{Op, Order, Outcome};
use super::super::ops::At;
use super::Failed;
use super::differences::Rehearsal;
use super::memories::Snapshot;
use super::residues::{of_use, residues};
use super::rounds::{Last, Lesson, Met, Round, Step};

/// What a thread is told to read, from the first operation that its graph does not have.
#[derive(Debug)]
pub(in super::super) struct Told {
    rounds: Vec<Round>,
    /// The round that it is in, and the step.
    at: (usize, usize),
    /// The operands of the last compare-exchange.
    operands: [u64; 2],
    /// Its memory where that begins, as it is.
    start: Option<Vec<u64>>,
    /// Its memory at the end, and whether that is the end that it was to have.
    memory: Option<Snapshot>,
    done: bool,
}

impl Told {
    /// What is found at this operation, if it is told. A function of its own, like the next, so that no register of its caller says what is told.
    #[inline(never)]
    fn next(&mut self, op: Op, loc: u32, ord: Order, at: At) -> Option<(u64, Outcome)> {
        let (nth, steps) = self.at;
        let is_end =
            |round: &Round| steps == round.steps.len() && round.last == Last::Operation(op, at);
        if nth + 1 < self.rounds.len() && is_end(&self.rounds[nth]) {
            self.at = (nth + 1, 0);
        }
        let step = self.rounds.get(self.at.0)?.steps.get(self.at.1)?;
        let is_it = (step.op, step.loc, step.ord) == (op, loc, ord) && std::ptr::eq(step.site, at);
        self.at.1 += usize::from(is_it);
        is_it.then_some((step.value, step.outcome))
    }

    /// What comes next is a part of what is compared: the location, and if it may be anything, all of it, and what was asked for last. Those are the first
    /// [`OF_NEXT`] words.
    fn note_next(&mut self, op: Op, loc: u32, at: At) {
        let may_be_anything = self.rounds.last().is_some_and(|round| round.last == Last::Next);
        let Some(memory) = &mut self.memory else { return };
        if may_be_anything {
            let [a, b] = self.operands;
            let site = std::ptr::from_ref(at).addr() as u64;
            memory.put_first([op as u64, site, loc.into(), a, b]);
        } else {
            memory.put_first([loc.into()]);
        }
    }

    /// Whether all was told, and the last round is to end with this.
    #[inline(never)]
    fn is_over(&self, last: Last) -> bool {
        let end = self.rounds.len().checked_sub(1).map(|nth| (nth, &self.rounds[nth]));
        end.is_some_and(|(nth, round)| {
            self.at == (nth, round.steps.len())
                && [last, Last::Next, Last::Unknown].contains(&round.last)
        })
    }
}

/// What makes the closure that is checked, once more.
pub(super) type Main<'a> = &'a dyn Fn() -> Job;

/// How many words [`Told::note_next`] puts before the memory.
pub(super) const OF_NEXT: usize = 5;

impl Exec {
    /// Whether the running thread is told what to read, or will be. It is asked where a program's registers are: nothing may stay in them that says
    /// what the thread is told.
    #[inline]
    pub fn is_told(&self) -> bool {
        self.rehearses == Some(self.running)
    }

    /// What the running thread, which is told what to read, finds at its next operation: its value and what follows. `Err` at the end.
    #[cold]
    #[inline(never)]
    pub fn told(&mut self, op: Op, loc: u32, ord: Order, at: At) -> Result<(u64, Outcome), Status> {
        let told = self.told.as_mut().expect("it is asked only if it is there");
        if let Some(found) = told.next(op, loc, ord, at) {
            return Ok(found);
        }
        if told.is_over(Last::Operation(op, at)) {
            self.take_memory(&Frame::here());
            let told = self.told.as_mut().expect("it was there");
            told.done = true;
            told.note_next(op, loc, at);
        }
        Err(self.stop(Stop::Again(Question::Nothing)))
    }

    /// The running thread, which is told what to read, has compared and exchanged with these operands.
    pub fn told_operands(&mut self, operands: [u64; 2]) {
        let operands = operands.map(|value| self.by_name(value));
        self.told.as_mut().expect("it is told").operands = operands;
    }

    /// The running thread, which is told what to read, is at a hint after all that is recorded.
    pub fn told_at_hint(&mut self, at: At, frame: &Frame) -> Result<(), Status> {
        let told = self.told.as_mut().expect("it is asked only if it is there");
        let (nth, steps) = told.at;
        let is_end = |round: &Round| steps == round.steps.len() && round.last == Last::Hint(at);
        if nth + 1 < told.rounds.len() && is_end(&told.rounds[nth]) {
            told.at = (nth + 1, 0);
            return Ok(());
        }
        if told.is_over(Last::Hint(at)) {
            self.take_memory(frame);
            self.told.as_mut().expect("it was there").done = true;
        }
        Err(self.stop(Stop::Again(Question::Nothing)))
    }

    /// Whether the running thread is told nothing, and has replayed all that is recorded.
    pub fn is_told_nothing(&self) -> bool {
        let thread = &self.threads[self.running];
        thread.pos == thread.len && self.told.as_ref().is_some_and(|told| told.rounds.is_empty())
    }

    /// The running thread has replayed a hint, the last thing that is recorded, and is told nothing.
    pub fn told_nothing(&mut self, frame: &Frame) -> Result<(), Status> {
        self.take_memory(frame);
        self.told.as_mut().expect("it is asked only if it is there").done = true;
        Err(self.stop(Stop::Again(Question::Nothing)))
    }

    /// Takes what the running thread has in mind, if that is where what it is told begins.
    pub fn note_start(&mut self, frame: &Frame) {
        let (thread, is_told) = (&self.threads[self.running], self.is_told());
        let Some(told) = self.told.as_mut().filter(|_| is_told) else { return };
        if told.at == (0, 0) && told.start.is_none() && thread.pos == thread.len {
            told.start = Some(frame.memory(thread.job_base));
        }
    }

    /// Takes what is on the running thread's stack and in its registers, addresses by their names where they have one, if that is where what it
    /// is told ends.
    pub fn take_memory(&mut self, frame: &Frame) {
        let (Some(told), true) = (&self.told, self.is_told()) else { return };
        let thread = &self.threads[self.running];
        let is_there = match told.rounds.last() {
            Some(last) => {
                thread.pos == thread.len && told.at == (told.rounds.len() - 1, last.steps.len())
            }
            None => thread.pos + 1 >= thread.len,
        };
        if !is_there || told.memory.is_some() {
            return;
        }
        let words = frame.memory(thread.job_base);
        let start = told.start.as_ref().unwrap_or(&words);
        let memory = Snapshot::new(&words, start, |word| self.by_name(word));
        self.told.as_mut().expect("it is told what to read").memory = Some(memory);
    }

    /// Runs a thread alone up to its event `after`, and then on what it is told. None if it does something else.
    pub(super) fn tell(&mut self, after: Id, rounds: Vec<Round>, main: Job) -> Option<Snapshot> {
        let thread = self.explorer.graph().event(after).thread;
        self.explorer.enter_prefix(after);
        let single = std::mem::replace(&mut self.explorer.single, true);
        self.alone = Some(thread.into());
        self.rehearses = self.alone;
        let before = watch(Watch::Rehearsal);
        let (start, memory) = (None, None);
        self.told = Some(Told { rounds, at: (0, 0), operands: [0; 2], start, memory, done: false });
        self.run(main);
        let told = self.told.take();
        (self.alone, self.rehearses) = (None, None);
        watch(before);
        // What it was told is in no graph: it must not go on. The others free what is theirs, unless they wait for it.
        self.abandon(thread.into());
        if self.extending {
            self.drain(100);
        }
        self.finish(false);
        self.explorer.single = single;
        self.explorer.leave_prefix();
        let Told { rounds, memory, done, .. } = told?;
        let open = rounds.last().is_some_and(|round| round.last == Last::Unknown);
        memory.filter(|_| done).map(|memory| if open { Snapshot::default() } else { memory })
    }

    /// Finds out whether the round of a lesson can be left out, and notes that. False if the search has to start again.
    pub fn learn(&mut self, lesson: &Lesson, main: Main) -> bool {
        let after = self.explorer.graph().threads[lesson.thread as usize][lesson.head as usize - 1];
        let [key, at_end, last_read] = lesson.keys;
        let (loop_, new) = (lesson.loop_, &lesson.round);
        let (mut failed, others, left) = {
            let known = self.waits.table.lock();
            let failed: Vec<_> = known.failed.get(&key).into_iter().flatten().cloned().collect();
            let failed: Vec<_> = failed.into_iter().map(|(_, round)| round).collect();
            let mut others = known.others.get(&key).cloned().unwrap_or_default();
            // What was taken to leave the loop may go on with another read of it.
            let goes_on = |other: &Round| match other.last {
                Last::Operation(op, at) => {
                    let is_it = |step: &Step| step.op == op && std::ptr::eq(step.site, at);
                    self.waits.is_of_loop(op, at) || new.steps.iter().any(is_it)
                }
                _ => false,
            };
            others.retain(|other| other != new && !failed.contains(other) && !goes_on(other));
            (failed, others, known.residues.get(&key).cloned().unwrap_or_default())
        };
        let mut rehearsal = Rehearsal::new(self, after, main);
        // At two hints in a row: whatever comes then is the same.
        let is_same = !loop_.1 && !rehearsal.differ([&[], &[new]]);
        let leaves =
            !is_same && (!left.is_empty() || rehearsal.leaves_something(new, [&failed, &others]));
        let left = if leaves {
            failed.push(new.clone());
            let alike = |some: &[&Round], others: &[&Round]| !rehearsal.differ([some, others]);
            let is_safe = !others.iter().any(Round::reads_address);
            is_safe.then(|| residues(&failed, &others, alike)).flatten()
        } else {
            Some(left)
        };
        let mut known = self.waits.table.lock();
        let Some(left) = left else {
            // The hint comes again, and is refused there.
            self.explorer.forget_from(lesson.thread, lesson.end);
            self.waits.refused.insert(at_end);
            return known.refuse(loop_, at_end);
        };
        if !is_same {
            known.failed.entry(key).or_default().push((at_end, new.clone()));
            known.residues.insert(key, left);
        }
        let failed = Failed { loop_, head: lesson.head, last_read };
        self.waits.table.note(&mut known, at_end, failed);
        let parts = new.steps.iter().map(|step| (step.site, step.op));
        let unknown: Vec<_> = parts.filter(|&(at, op)| !self.waits.is_of_loop(op, at)).collect();
        known.parts.extend(&unknown);
        let begin = (new.steps[0].site, new.steps[0].op);
        if !self.waits.begins.contains(&begin) {
            known.begins.push(begin);
            self.waits.begins.push(begin);
        }
        let races = known.elsewhere(lesson.thread, &lesson.elsewhere, loop_);
        drop(known);
        self.waits.fails.insert(at_end, lesson.head);
        self.waits.hopeless.insert(last_read);
        let stays = if lesson.is_new { lesson.head } else { lesson.end };
        self.explorer.forget_from(lesson.thread, stays);
        unknown.is_empty() && !races
    }

    /// Rehearses a round after those that fail where it begins. False if the search has to start again.
    pub fn rehearse(&mut self, met: &Met, main: Main) -> bool {
        let after = self.explorer.graph().threads[met.thread as usize][met.head as usize - 1];
        let known = self.waits.table.lock();
        let mut failed = known.failed.get(&met.key).cloned().unwrap_or_default();
        let residues = known.residues.get(&met.key).cloned().unwrap_or_default();
        drop(known);
        if failed.iter().any(|(_, round)| *round == met.round) {
            return true;
        }
        let mut rehearsal = Rehearsal::new(self, after, main);
        let of_use = of_use(&residues, &met.round, |some, others| {
            !met.round.reads_address() && !rehearsal.differ([some, others])
        });
        failed.retain(|(_, f)| of_use.contains(f) || rehearsal.remembers(f, &met.round));
        let mut known = self.waits.table.lock();
        for &(at_hint, _) in &failed {
            // To refuse one may have been to distrust its loop, which forgets the others.
            let loop_ = known.fails.get(&at_hint).map(|failed| failed.loop_);
            loop_.map(|loop_| known.refuse(loop_, at_hint));
        }
        failed.is_empty()
    }
}

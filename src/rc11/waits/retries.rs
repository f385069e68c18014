//! Retries: a compare-exchange that fails, and is tried again with what it found.
//!
//! `let mut old = x.load(Acquire); loop { match x.compare_exchange(old, f(old), AcqRel, Acquire) { Ok(_) => break, Err(now) => old = now } }`
//! waits for nobody, and has no hint. Each try that fails may have read any coherent value but one, and so may the next: with `k` writes
//! there are some `2^k` ways through the loop, and they differ in nothing but how often it came round.
//!
//! # Why such a try is left out
//!
//! Let `p` be the load, `c` a try right after it that fails, and `w` the write that `c` reads. If the thread goes on after `p c` as it would after
//! `p` alone, had `p` read `w`, then the execution without `c`, in which `p` reads `w`, shows all that the one with both does:
//!
//! - it is consistent, as it has fewer reads, and `p` stands where `c` stood: between them the thread does nothing. It orders no more, as long as `c`
//!   orders what `p` does (`p` acquires only if a try that fails does);
//! - what races with `c` there races with `p` here: a write that comes after `p` comes after something that the thread has released later, and so after
//!   `c`.
//!
//! An execution in which a try fails and is repeated is therefore none. By induction over the tries a thread is left with its load and a
//! compare-exchange that reads the same write.
//!
//! The same holds of a try that succeeds on a value that `p` read of another write: no more is to be known of the thread for that. Neither is
//! looked for where a value may be an address, of which other memory hangs.
//!
//! # What the thread does
//!
//! That it goes on as if is rehearsed (`rehearse`): it must ask for the same compare-exchange, with the same operands. If that succeeds, its memory must be
//! the same. If it fails with what `p` has read, what differs must be what differed before, untouched, so that it is of no use until
//! the thread succeeds. Where a thread comes to a try of the same location, with the same values and operands, and had the same memory before the load
//! (`memories`), the answer is the same.
//!
//! # What becomes of the execution
//!
//! It is dropped where no revisit would take `c` away. A revisit takes away what is canonical alone: reads of the latest of the writes that were there
//! before, or are in the revisiting write's prefix. That `c` has an old value for good is therefore enough. If a success on another source than
//! `p`'s is left out as well, `c` need not be revisited itself; and it is not taken away with `p`, or by what is revisited before `p`, if `p` has an old value
//! for good, or if `c` was revisited: what `c` reads is then in the prefix, and `p`, were it canonical, would read no older write. Else `c` is
//! canonical, and may be taken away once another thread has gone on. So the thread stops there, the others go on, and at the end the execution is dropped
//! all the same. A bounded search has no revisits.
//!
//! # What is not seen
//!
//! As for the rounds of waiting loops: what the thread leaves on the heap or in a static because it has tried, or between the load and the try. Here
//! also what it looks up there, if that changes from one operation on a location to another, changes what it does next, and shows
//! neither in its stack and registers nor in what it asks for.

use std::collections::HashMap;

use super::super::ending::{Question, Stop};
use super::super::exec::{Exec, Status};
use super::super::frame::{Watch, watch};
use super::super::graph::{Event, Graph, Id};
use super::super::label::{Label, Op, Order, Outcome};
use super::differences::{Difference, Rehearsal};
use super::history::is_address;
use super::is_stale;
use super::memories::Memory;
use super::rehearse::Main;
use super::rounds::{Last, Round, Step, step};

/// A try that failed and is repeated, with the load before it.
#[derive(Debug)]
pub(in super::super) struct Retry {
    /// What the thread does before the load.
    before: Id,
    /// The next try, if it succeeds.
    succeeds: Step,
    try_: Try,
    /// The thread's memory before the load, addresses by their names where they have one, if somebody looked.
    memory: Option<Vec<u64>>,
}

/// A try and the one that failed before it, as the program asks for them: the load and the failed try with what they read, and what was
/// and is to be compared and exchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Try {
    steps: [Step; 2],
    operands: [u64; 4],
}

/// What a worker knows of tries.
#[derive(Debug, Default)]
pub(super) struct Retries {
    /// Memories that threads had before the load, and whether the try is left out.
    known: HashMap<Try, Vec<(Memory, bool)>>,
    /// The answer for the execution with this number, which runs the graph that it was asked for once more.
    answer: Option<(u64, bool)>,
}

impl Exec {
    /// The running thread comes to a compare-exchange. `Err` if it has tried before, and such an execution is left out.
    pub fn before_try(&mut self, label: &Label) -> Result<(), Status> {
        let is_explored = self.waits.off || self.draining || self.alone.is_some();
        if !compares(label.op) || is_explored || self.is_finalizing() {
            return Ok(());
        }
        let t = self.running;
        let g = self.explorer.graph();
        let Some([p, c]) = failed_try(g, t, label) else { return Ok(()) };
        let Some(before) = g.po_pred(p) else { return Ok(()) };
        let memory = self.memory_at(g.event(p).index);
        let tried = g.event(c).label;
        let operands = [tried.a, tried.b, label.a, label.b];
        let operands = operands.map(|value| self.by_name(value));
        let [load, failed] = [p, c].map(|id| step(g, id));
        let try_ = Try { steps: [load, failed], operands };
        match self.is_left_out(&try_, memory) {
            Some(true) => return Err(self.leave_out_try(p, c)),
            Some(false) => return Ok(()),
            None => {}
        }
        let outcome = label.step(failed.value, 0).unwrap_or(Outcome::Keep);
        let succeeds = Step { outcome, ..failed };
        let memory = memory.map(|words| words.iter().map(|&word| self.by_name(word)).collect());
        // From now on it will be there.
        watch(Watch::All);
        let retry = Box::new(Retry { before, succeeds, try_, memory });
        Err(self.stop(Stop::Again(Question::Retry(retry))))
    }

    /// Whether a try of a thread with this memory is left out, if that is known.
    fn is_left_out(&self, try_: &Try, memory: Option<&[u64]>) -> Option<bool> {
        let Retries { known, answer } = &self.waits.retries;
        match *answer {
            Some((epoch, is_left_out)) if epoch == self.epoch => Some(is_left_out),
            _ => {
                let (memory, mut known) = (memory?, known.get(try_)?.iter());
                known.find(|(known, _)| self.is_known(memory, known)).map(|&(_, yes)| yes)
            }
        }
    }

    /// The running thread has compared and exchanged, now or in the graph. `Err` if nothing comes of it, as that was after a load that read the same value
    /// of another write.
    pub fn after_success(&mut self, c: Id) -> Result<(), Status> {
        let g = self.explorer.graph();
        if self.waits.off || self.draining || !replaces_another(g, c) {
            return Ok(());
        }
        if self.explorer.preemptions.is_some() || is_stale(g, c) {
            return Err(self.stop(Stop::Hopeless));
        }
        self.me().tries_again = true;
        Ok(())
    }

    /// The execution is none, as its thread tries again.
    fn leave_out_try(&mut self, p: Id, c: Id) -> Status {
        let g = self.explorer.graph();
        let was_revisited = g.event(c).rf > c;
        // Else the try may still succeed, on the value that the load has read, of a later write.
        let is_none_then = orders_as_much(g.event(c).label.ord, g.event(p).ord);
        let is_there_to_stay = self.explorer.preemptions.is_some()
            || is_stale(g, c)
            || is_none_then && (was_revisited || is_stale(g, p));
        if is_there_to_stay {
            return self.stop(Stop::Hopeless);
        }
        self.me().tries_again = true;
        Status::Blocked
    }

    /// Finds out whether a thread goes on after a failed try as if the load had read its value, and notes that.
    pub fn learn_retry(&mut self, retry: &Retry, main: Main) {
        let mut rehearsal = Rehearsal::new(self, retry.before, main);
        let is_left_out = retry.goes_on_alike(&mut rehearsal);
        let memory = retry.memory.as_ref();
        let memory = memory.and_then(|memory| rehearsal.of_use_in(memory, &until_next(&[])));
        let retries = &mut self.waits.retries;
        let known = memory.map(|memory| (memory, is_left_out));
        retries.known.entry(retry.try_).or_default().extend(known);
        retries.answer = Some((self.epoch + 1, is_left_out));
        self.waits.table.lock().leaves_out_tries |= is_left_out;
    }
}

impl Retry {
    fn goes_on_alike(&self, rehearsal: &mut Rehearsal) -> bool {
        let Retry { succeeds, ref try_, .. } = *self;
        let [load, failed] = try_.steps;
        let as_if = Step { value: failed.value, ..load };
        let fails = Step { value: load.value, ..failed };
        let mut differences = |next: &[Step], enough: &dyn Fn(&[Difference]) -> bool| {
            let [one, two] = [&[as_if][..], &[load, failed]];
            let [one, two] = [one, two].map(|steps| until_next(&[steps, next].concat()));
            rehearsal.differences([&[&one], &[&two]], enough)
        };
        let Some(mut at_try) = differences(&[], &|_| true) else { return false };
        at_try.retain(|one| !one.is_in_next());
        let are_untouched = |found: &[Difference]| found.iter().all(|one| one.is_among(&at_try));
        differences(&[succeeds], &<[_]>::is_empty).is_some_and(|found| found.is_empty())
            && differences(&[fails], &are_untouched).is_some_and(|found| are_untouched(&found))
    }
}

/// A round of these steps, whatever comes next.
fn until_next(steps: &[Step]) -> Round {
    Round { steps: steps.to_vec(), last: Last::Next }
}

/// The load and the try after it, the last events of a thread, if a compare-exchange is another try with what that one found.
fn failed_try(g: &Graph, thread: usize, again: &Label) -> Option<[Id; 2]> {
    let &c = g.threads[thread].last()?;
    let failed = g.event(c);
    let Label { op, loc, fail, site, .. } = failed.label;
    let is_try = (op, loc) == (again.op, again.loc) && std::ptr::eq(site, again.site);
    let tries_what_it_found = matches!(again.step(failed.value, 0), Some(Outcome::Write(_)));
    let p =
        load_before(g, c, fail).filter(|_| is_try && has_failed(failed) && tries_what_it_found)?;
    (g.event(p).value != failed.value).then_some([p, c])
}

/// The load right before a compare-exchange of the same location that has this ordering, if it orders no more.
fn load_before(g: &Graph, c: Id, ord: Order) -> Option<Id> {
    let p = g.po_pred(c)?;
    let (load, compared) = (g.event(p), g.event(c));
    let is_value = |e: &Event| !is_address(e.value);
    let is_load = load.label.op == Op::Load && load.label.branches && load.loc() == compared.loc();
    (is_load && orders_as_much(ord, load.ord) && is_value(load) && is_value(compared)).then_some(p)
}

/// Whether it is a compare-exchange that has found another value.
fn has_failed(e: &Event) -> bool {
    compares(e.label.op) && e.outcome == Outcome::Keep && e.variant == 0
}

/// Whether a compare-exchange has succeeded right after a load that read the same value of another write.
fn replaces_another(g: &Graph, c: Id) -> bool {
    let e = g.event(c);
    let succeeds = compares(e.label.op) && matches!(e.outcome, Outcome::Write(_));
    let p = succeeds.then(|| load_before(g, c, e.ord)).flatten();
    p.is_some_and(|p| g.event(p).value == e.value && g.event(p).rf != e.rf)
}

/// Whether a read of one ordering orders all that a load of another one does.
fn orders_as_much(read: Order, load: Order) -> bool {
    match load {
        Order::SeqCst => read == Order::SeqCst,
        Order::Acquire => read.acquires(),
        _ => true,
    }
}

fn compares(op: Op) -> bool {
    matches!(op, Op::CompareExchange | Op::CompareExchangeWeak)
}

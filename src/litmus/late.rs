//! Every execution of a litmus test with load buffering: those of a model without its axiom that `po ∪ rf` has no cycle.
//!
//! What an execution with such a cycle may be depends on what depends on what: a write that depends on a read must not be what that read finds, in the end.
//! Where each thread does the same whatever it reads, nothing depends on anything, and every execution that the other axioms allow is one. So only such
//! tests are answered here; a condition, a stored register, a compare-exchange or an addition is refused where it makes a difference on any value that
//! may be read.
//!
//! In general it is research what such an execution is: promises (Kang, Hur, Lahav, Vafeiadis, Dreyer, *A Promising Semantics for Relaxed-Memory
//! Concurrency*, POPL 2017), event structures (Chakraborty, Vafeiadis, *Grounding Thin-Air Reads with Event Structures*, POPL 2019), re-execution
//! (Moiseenko, Meluzzi, Meleshchenko, Kabashnyi, Podkopaev, Chakraborty, *Relaxed Memory Concurrency Re-executed*, POPL 2025). For closures
//! this stops at saying whether load buffering could arise.
//!
//! Every choice of sources and of coherence orders is tried, and each axiom evaluated: for tests of a few accesses.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use casebook_axioms::relation::Rel;
use casebook_axioms::{Event, EventId, Graph, Kind, Mode, for_each_coherence_order, ids, index};

use super::answer::Answer;
use super::ast::{self, Change, Test, Value};
use super::error::Error;
use super::interpret::{FinalState, Memory, execute_thread};

pub use casebook_axioms::Model;

/// The most choices of sources that are tried.
const MOST_CHOICES: usize = 1 << 22;

/// Answers a test from all its executions, those with load buffering among them.
///
/// An error says why there is no answer: threads of the test depend on what they read, or it is too large.
pub fn run_with_load_buffering(test: &Test, model: Model) -> Result<Answer, Error> {
    let start = Instant::now();
    let shared = Arc::new(test.clone());
    let refuse = |why: &str| Error::running(&test.name, why.into());
    let mut threads = vec![test.locations.iter().enumerate().map(initial).collect::<Vec<_>>()];
    for number in 0..test.threads.len() {
        threads.push(recorded(&shared, number, &[]).map_err(|why| refuse(&why))?.0);
    }
    if threads.iter().map(Vec::len).sum::<usize>() > casebook_axioms::relation::MOST {
        return Err(refuse("it has too many events for executions with load buffering"));
    }
    let sources = sources(&threads);
    let choices = sources.iter().try_fold(1_usize, |all, (_, some)| all.checked_mul(some.len()));
    if choices.is_none_or(|choices| choices > MOST_CHOICES) {
        return Err(refuse("it has too many reads and writes for executions with load buffering"));
    }
    dependency(&shared, &threads, &sources).map_err(|why| refuse(&why))?;
    let (mut found, mut racy) = (BTreeMap::new(), false);
    for choice in 0..choices.unwrap_or(0) {
        let mut rest = choice;
        for ((thread, position), some) in &sources {
            threads[*thread][*position].source = Some(some[rest % some.len()]);
            rest /= some.len();
        }
        let graph = Graph::new(&threads);
        let hb = graph.happens_before();
        let consistent = |co| graph.may_buffer_loads(model, hb, co);
        if !hb.is_irreflexive() || !consistent(Rel::EMPTY) {
            continue;
        }
        for_each_coherence_order(&consistent, Rel::EMPTY, &writes(test, &threads), &mut |co| {
            racy |= graph.is_racy(hb);
            let state = state(&shared, &threads, co);
            let counts = test.filter.as_ref();
            if counts.is_none_or(|filter| filter.holds(&|seen| state.value(seen))) {
                let values = test.shown.iter().map(|seen| state.value(seen)).collect();
                *found.entry(values).or_default() += 1;
            }
        });
    }
    let mut answer = Answer::new(test, found.into_iter(), racy);
    answer.elapsed = start.elapsed();
    Ok(answer)
}

fn initial((location, of): (usize, &ast::Location)) -> Event {
    event(Kind::Write, Some(location), Mode::NonAtomic, of.initial)
}

fn event(kind: Kind, location: Option<usize>, mode: Mode, value: Value) -> Event {
    Event { kind, location, mode, value, source: None, exclusive: false, reader: false }
}

/// An error if some thread does anything else than `threads` says, on values that its reads could find there. If none does, no execution has other writes:
/// the first thread to make one would have found only values that are there.
fn dependency(
    test: &Arc<Test>,
    threads: &[Vec<Event>],
    sources: &[(EventId, Vec<EventId>)],
) -> Result<(), String> {
    for (number, events) in threads[1..].iter().enumerate() {
        let mut ways = vec![Vec::new()];
        for (_, some) in sources.iter().filter(|((thread, _), _)| *thread == number + 1) {
            let values: BTreeSet<Value> = some.iter().map(|&(t, p)| threads[t][p].value).collect();
            let longer = |way: Vec<Value>| {
                values.iter().map(move |&value| [&way[..], &[value]].concat()).collect::<Vec<_>>()
            };
            ways = ways.into_iter().flat_map(longer).collect();
        }
        let same = |(a, b): (&Event, &Event)| {
            (a.kind, a.location, a.mode, a.value) == (b.kind, b.location, b.mode, b.value)
        };
        for finds in ways {
            let (other, _) = recorded(test, number, &finds)?;
            if events.len() != other.len() || !events.iter().zip(&other).all(same) {
                return Err(depends(number));
            }
        }
    }
    Ok(())
}

fn depends(number: usize) -> String {
    format!(
        "what P{number} does depends on what it reads; load buffering is explored only where nothing does"
    )
}

/// The reads, each with the writes that it could find.
fn sources(threads: &[Vec<Event>]) -> Vec<(EventId, Vec<EventId>)> {
    let at = |(thread, position): EventId| &threads[thread][position];
    let reads = ids(threads).filter(|&id| at(id).kind == Kind::Read);
    let could = |read: EventId| {
        let fits =
            |&id: &EventId| at(id).kind == Kind::Write && at(id).location == at(read).location;
        ids(threads).filter(fits).collect()
    };
    reads.map(|read| (read, could(read))).collect()
}

/// The writes of each location, by their places in the row of all events.
fn writes(test: &Test, threads: &[Vec<Event>]) -> Vec<Vec<usize>> {
    let of = |location| {
        let fits = |&(thread, position): &EventId| {
            let event: &Event = &threads[thread][position];
            event.kind == Kind::Write && event.location == Some(location)
        };
        ids(threads).filter(fits).map(|id| index(threads, id)).collect()
    };
    (0..test.locations.len()).map(of).collect()
}

/// Where the execution ends.
fn state(test: &Arc<Test>, threads: &[Vec<Event>], co: Rel) -> FinalState {
    let registers = (0..test.threads.len()).map(|number| {
        let reads = threads[number + 1].iter().filter_map(|event| event.source);
        let finds: Vec<Value> = reads.map(|(t, position)| threads[t][position].value).collect();
        recorded(test, number, &finds).expect("it did the same before").1
    });
    let registers = registers.collect();
    let all = threads.concat();
    let last = |some: &Vec<usize>| {
        let is_last = |write: &&usize| !co.pairs().any(|(before, _)| before == **write);
        all[*some.iter().find(is_last).expect("the order is total")].value
    };
    let locations = writes(test, threads).iter().map(last).collect();
    FinalState::new(registers, locations)
}

/// What a thread does that finds these values, and zeros after them; and its registers in the end.
fn recorded(
    test: &Arc<Test>,
    number: usize,
    finds: &[Value],
) -> Result<(Vec<Event>, Vec<Value>), String> {
    RECORD.set(Record { finds: finds.to_vec(), ..Record::default() });
    let memory: Vec<Told> = (0..test.locations.len()).map(Told).collect();
    let registers = execute_thread(test, number, &memory)?;
    let Record { events, is_open, .. } = RECORD.take();
    if is_open { Err(depends(number)) } else { Ok((events, registers)) }
}

/// A thread that is told what to read, and what it has done.
#[derive(Default)]
struct Record {
    events: Vec<Event>,
    finds: Vec<Value>,
    reads: usize,
    /// It may do one thing or another, even on one value.
    is_open: bool,
}

thread_local! {
    static RECORD: RefCell<Record> = RefCell::default();
}

/// A location, by its number.
struct Told(usize);

impl Told {
    /// A read, with the ordering that it has on the value that it finds.
    fn read(&self, mode: impl FnOnce(Value) -> Mode) -> Value {
        RECORD.with_borrow_mut(|record| {
            let value = record.finds.get(record.reads).copied().unwrap_or(0);
            record.events.push(event(Kind::Read, Some(self.0), mode(value), 0));
            record.reads += 1;
            value
        })
    }

    fn write(&self, mode: Mode, value: Value, exclusive: bool) {
        let event = Event { exclusive, ..event(Kind::Write, Some(self.0), mode, value) };
        RECORD.with_borrow_mut(|record| record.events.push(event));
    }
}

fn mode(order: Ordering) -> Mode {
    match order {
        Ordering::Acquire => Mode::Acquire,
        Ordering::Release => Mode::Release,
        Ordering::AcqRel => Mode::AcqRel,
        Ordering::SeqCst => Mode::SeqCst,
        _ => Mode::Relaxed,
    }
}

impl Memory for Told {
    fn new(_: &ast::Location) -> Self {
        unreachable!("a thread alone is run on locations by their numbers")
    }

    fn load(&self, order: Ordering) -> Value {
        self.read(|_| mode(order))
    }

    fn store(&self, value: Value, order: Ordering) {
        self.write(mode(order), value, false);
    }

    fn fetch(&self, change: Change, operand: Value, order: Ordering) -> Value {
        let old = self.read(|_| mode(order).of_read_half());
        self.write(mode(order).of_write_half(), change.apply(old, operand), true);
        old
    }

    fn compare_exchange(
        &self,
        expected: Value,
        new: Value,
        (success, failure): (Ordering, Ordering),
        weak: bool,
    ) -> Result<Value, Value> {
        let old = self.read(|found| match found == expected {
            true => mode(success).of_read_half(),
            false => mode(failure),
        });
        if old != expected {
            return Err(old);
        }
        RECORD.with_borrow_mut(|record| record.is_open |= weak);
        self.write(mode(success).of_write_half(), new, true);
        Ok(old)
    }

    fn plain_load(&self) -> Value {
        self.read(|_| Mode::NonAtomic)
    }

    fn plain_store(&self, value: Value) {
        self.write(Mode::NonAtomic, value, false);
    }

    fn finally(&self) -> Value {
        unreachable!("a thread alone has no end of all")
    }

    fn fence(order: Ordering) {
        let event = event(Kind::Fence, None, mode(order), 0);
        RECORD.with_borrow_mut(|record| record.events.push(event));
    }

    fn spawn<T: Send + 'static>(_: impl FnOnce() -> T + Send + 'static) -> impl FnOnce() -> T {
        || unreachable!("a thread alone spawns none")
    }
}

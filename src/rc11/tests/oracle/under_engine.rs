//! An oracle program runs under the engine as a closure over its atomics, plain cells, locks and threads.

use std::cell::Cell;
use std::sync::{Arc, OnceLock};

use rc11::cell::Plain;
use rc11::sync::atomic::{AtomicI64, Ordering, fence};
use rc11::sync::{
    Departures, Moment, Mutex, MutexGuard, RwLock, RwLockReadGuard, RwLockWriteGuard,
};
use rc11::{Checker, Completed, Limit, Report, Split, Unit, Verdict, hint, thread};

use super::oracle::{
    Change, Executions, Mode, Op, Outcome, PLACES, Program, Value, Waiting, interpret::registers,
};

/// The engine's answer to the program.
pub fn executions(program: &Program) -> Executions {
    explore(program, &Checker::new()).0
}

/// The engine's answer with the settings of `checker`, and its report.
pub fn explore(program: &Program, checker: &Checker) -> (Executions, Report) {
    let shared = Arc::new(program.clone());
    let (found, report) = settings(program, checker).collect(|| run(&shared), add);
    (answer(program, found, &report), report)
}

/// The same of a search in about `n` parts, from the last to the first, each on as many workers as the next: the sum of all answers, and what was
/// run to split it and in each unit.
pub fn explore_parts(
    program: &Program,
    checker: &Checker,
    n: usize,
) -> (Executions, Split, Vec<Report>) {
    let shared = Arc::new(program.clone());
    let checker = settings(program, checker);
    let (found, split) =
        checker.split(&Unit::whole(), n, || run(&shared), add).expect("it is whole");
    let mut sum = answer(program, found, &split.report);
    let mut reports = vec![split.report.clone()];
    for (nth, unit) in split.units.iter().enumerate().rev() {
        let unit: Unit = unit.to_string().parse().expect("it is a unit");
        let checker = checker.clone().workers(1 + nth % 2);
        let (found, report) = checker.collect_unit(&unit, || run(&shared), add).expect("it fits");
        let part = answer(program, found, &report);
        for (outcome, count) in part.by_outcome {
            *sum.by_outcome.entry(outcome).or_default() += count;
        }
        sum.racy |= part.racy;
        sum.beyond_letter += part.beyond_letter;
        sum.stuck += part.stuck;
        reports.push(report);
    }
    (sum, split, reports)
}

fn settings(program: &Program, checker: &Checker) -> Checker {
    let spurious = if program.parks() { 0 } else { u32::MAX };
    checker.clone().keep_going(true).spurious(spurious)
}

fn add(found: &mut Executions, outcome: Outcome, completed: &Completed<'_>) {
    *found.by_outcome.entry(outcome).or_default() += completed.stands_for() as usize;
    found.beyond_letter += usize::from(completed.is_beyond_letter());
}

fn answer(program: &Program, mut found: Executions, report: &Report) -> Executions {
    found.racy = report.race;
    found.stuck = if program.waits_for_more() { 0 } else { report.failed as usize };
    let is_whole = matches!(
        report.verdict,
        Verdict::Proved | Verdict::Failed(_) | Verdict::Bounded(Limit::Preemptions(_))
    );
    assert!(is_whole, "{report}");
    assert_eq!(
        found.count() as u64,
        report.in_every_order,
        "every complete execution gives its outcome once"
    );
    found
}

struct Memory {
    atomics: Vec<AtomicI64>,
    late: OnceLock<AtomicI64>,
    /// One of each thread's own.
    owns: Vec<AtomicI64>,
    plains: Vec<Plain>,
    locks: Vec<Mutex<()>>,
    shared_locks: Vec<RwLock<()>>,
    places: [Departures; PLACES],
    leavers: [usize; PLACES],
    spin_locks: Vec<AtomicI64>,
    handles: Vec<OnceLock<thread::Thread>>,
    /// When there are all handles.
    started: OnceLock<Moment>,
}

impl Memory {
    /// The values of all locations.
    fn at_the_end(&self, unseen: &[usize]) -> Vec<i64> {
        let seen = |&(location, _): &(usize, _)| !unseen.contains(&location);
        let atomics = self.atomics.iter().chain(self.late.get()).enumerate().filter(seen);
        let plains = (self.atomics.len()..).zip(&self.plains);
        let plains = plains.filter(|(location, _)| !unseen.contains(location));
        let atomics = atomics.map(|(_, atomic)| atomic.load(Ordering::Relaxed));
        atomics.chain(plains.map(|(_, plain)| plain.read() as i64)).collect()
    }
}

/// The last thread is the one that starts the others, if the program says so.
fn run(program: &Arc<Program>) -> Outcome {
    let (mutexes, spin_locks, shared) = match (program.shared_locks, program.waiting) {
        (true, _) => (0, 0, program.locks),
        (false, Waiting::Provided) => (program.locks, 0, 0),
        (false, _) => (0, program.locks, 0),
    };
    let memory = Arc::new(Memory {
        atomics: (usize::from(program.late)..program.atomics).map(|_| AtomicI64::new(0)).collect(),
        late: OnceLock::new(),
        owns: program.threads.iter().map(|_| AtomicI64::new(0)).collect(),
        plains: (0..program.plains).map(|_| Plain::new(0)).collect(),
        locks: (0..mutexes).map(|_| Mutex::new(())).collect(),
        shared_locks: (0..shared).map(|_| RwLock::new(())).collect(),
        // Each is made at a site of its own, by which they are told apart.
        places: [Departures::new(), Departures::new()],
        leavers: std::array::from_fn(|place| program.leavers(place)),
        spin_locks: (0..spin_locks).map(|_| AtomicI64::new(0)).collect(),
        handles: program.threads.iter().map(|_| OnceLock::new()).collect(),
        started: OnceLock::new(),
    });
    let spawned = program.threads.len() - usize::from(program.main_takes_part);
    if !program.alike.is_empty() {
        return run_alike(program, &memory);
    }
    let running: Vec<_> = (0..spawned)
        .map(|number| {
            let (program, memory) = (Arc::clone(program), Arc::clone(&memory));
            thread::spawn(move || Thread::run(&program, number, &memory))
        })
        .collect();
    // No thread runs before the one that starts them waits or ends.
    let main = thread::current();
    let handles = running.iter().map(|thread| thread.thread()).chain([&main]);
    for (place, handle) in memory.handles.iter().zip(handles) {
        place.set(handle.clone()).expect("it is set once");
    }
    if program.unparks() {
        memory.started.set(Moment::now()).expect("it is set once");
    }
    let own: Vec<i64> = (spawned..program.threads.len())
        .flat_map(|number| Thread::run(program, number, &memory))
        .collect();
    let mut outcome: Outcome =
        running.into_iter().flat_map(|thread| thread.join().expect("no thread panics")).collect();
    outcome.extend(own);
    outcome.extend(memory.at_the_end(&program.unseen));
    outcome
}

/// Threads that are alike among others: what they have read is theirs in sorted order.
fn run_alike(program: &Program, memory: &Memory) -> Outcome {
    let read = std::sync::Mutex::new(Vec::new());
    let start = program.alike.start;
    let body = || {
        let registers = Thread::run(program, start, memory);
        read.lock().expect("nobody panics with it").push(registers);
    };
    let others: Vec<Vec<i64>> = thread::scope(|s| {
        let mut running = Vec::new();
        for number in 0..program.threads.len() {
            if number == start {
                s.spawn_alike(program.alike.len(), &body);
            } else if !program.alike.contains(&number) {
                running.push(s.spawn(move || Thread::run(program, number, memory)));
            }
        }
        running.into_iter().map(|thread| thread.join().expect("no thread panics")).collect()
    });
    let mut alike = read.into_inner().expect("nobody panics with it");
    alike.sort();
    let (before, after) = others.split_at(start);
    let mut outcome: Outcome = [before, &alike, after].concat().concat();
    outcome.extend(memory.at_the_end(&program.unseen));
    outcome
}

struct Thread<'a> {
    memory: &'a Memory,
    waiting: Waiting,
    own: &'a AtomicI64,
    late: bool,
    registers: Vec<i64>,
    held: Vec<Option<MutexGuard<'a, ()>>>,
    reads: Vec<Option<RwLockReadGuard<'a, ()>>>,
    writes: Vec<Option<RwLockWriteGuard<'a, ()>>>,
}

impl<'a> Thread<'a> {
    fn run(program: &Program, number: usize, memory: &'a Memory) -> Vec<i64> {
        let code = &program.threads[number];
        let held = memory.locks.iter().map(|_| None).collect();
        let reads = memory.shared_locks.iter().map(|_| None).collect();
        let writes = memory.shared_locks.iter().map(|_| None).collect();
        let registers = vec![0; registers(code)];
        let (waiting, late) = (program.waiting, program.late);
        let mut thread = Thread {
            memory,
            waiting,
            own: &memory.owns[number],
            late,
            registers,
            held,
            reads,
            writes,
        };
        thread.block(code);
        thread.registers
    }

    fn block(&mut self, code: &[Op]) {
        code.iter().for_each(|op| self.step(op));
    }

    fn step(&mut self, op: &Op) {
        match *op {
            Op::Load { reg, location, mode } => self.registers[reg] = self.load(location, mode),
            Op::Store { location, value, mode } => self.store(location, value, mode),
            Op::Rmw { reg, location, change, operand, mode } => {
                let atomic = self.atomic(location).expect("it is atomic, and exists");
                self.registers[reg] = rmw(atomic, change, operand, ordering(mode));
            }
            Op::Cas { reg, location, expected, new, success, failure, weak } => {
                let atomic = self.atomic(location).expect("it is atomic, and exists");
                let (success, failure) = (ordering(success), ordering(failure));
                let result = if weak {
                    atomic.compare_exchange_weak(expected, new, success, failure)
                } else {
                    atomic.compare_exchange(expected, new, success, failure)
                };
                self.registers[reg] = result.unwrap_or_else(|found| found);
            }
            Op::Update { reg, location, change, operand, load, success, failure } => {
                let atomic = self.atomic(location).expect("it is atomic, and exists");
                let orders = [load, success, failure].map(ordering);
                self.registers[reg] = update(atomic, orders, |old| change.apply(old, operand));
            }
            Op::Fence { mode } => fence(ordering(mode)),
            Op::If { reg, equals, ref then } => {
                if self.registers[reg] == equals {
                    self.block(then);
                }
            }
            Op::Await { location, value, mode } => self.wait(|| self.load(location, mode) == value),
            Op::AwaitPair { reg, locations: [one, other], ends, mode } => {
                let found = Cell::new((0, 0));
                self.wait(|| {
                    found.set((self.load(one, mode), self.load(other, mode)));
                    ends.contains(&found.get())
                });
                (self.registers[reg], self.registers[reg + 1]) = found.get();
            }
            Op::AwaitEither { locations: [one, other], ends: [first, second], mode } => {
                self.wait(|| self.load(one, mode) == first || self.load(other, mode) == second)
            }
            Op::Poll { lock, location, value, mode } => loop {
                let held = self.memory.locks[lock].lock();
                let found = self.load(location, mode) == value;
                drop(held);
                if found {
                    break;
                }
                hint::spin_loop();
            },
            Op::Lock { lock } => self.lock(lock),
            Op::ReadLock { lock } => {
                self.reads[lock] = self.memory.shared_locks[lock].read().ok();
            }
            Op::WriteLock { lock } => {
                self.writes[lock] = self.memory.shared_locks[lock].write().ok();
            }
            Op::ReadUnlock { lock } => self.reads[lock] = None,
            Op::Park => thread::park(),
            Op::Leave { place, ref then } => {
                let memory = self.memory;
                memory.places[place].leave(
                    || memory.leavers[place],
                    |last| {
                        if last {
                            self.block(then)
                        }
                    },
                );
            }
            Op::AllLeft => unreachable!("the engine begins a finalizer"),
            Op::Unpark { thread } => {
                self.memory.started.get().expect("all threads have started").observe();
                self.memory.handles[thread].get().expect("all threads have started").unpark();
            }
            Op::WriteUnlock { lock } => self.writes[lock] = None,
            Op::Unlock { lock } => match self.memory.spin_locks.get(lock) {
                Some(spin) => spin.store(0, Ordering::Release),
                None => self.held[lock] = None,
            },
        }
    }

    fn lock(&mut self, lock: usize) {
        let Some(spin) = self.memory.spin_locks.get(lock) else {
            self.held[lock] = Some(self.memory.locks[lock].lock().expect("no thread panics"));
            return;
        };
        if self.waiting == Waiting::Testing {
            return test_and_set(spin);
        }
        self.wait(|| spin.compare_exchange(0, 1, Ordering::Acquire, Ordering::Relaxed).is_ok());
    }

    fn wait(&self, done: impl Fn() -> bool) {
        if matches!(self.waiting, Waiting::SpinningLate | Waiting::Undoing) {
            while !done() {
                if self.waiting == Waiting::Undoing {
                    self.own.swap(1, Ordering::AcqRel);
                    self.own.swap(0, Ordering::AcqRel);
                }
                hint::spin_loop();
            }
            return;
        }
        loop {
            hint::spin_loop();
            if done() {
                return;
            }
        }
    }

    fn load(&self, location: usize, mode: Mode) -> i64 {
        match self.atomic(location) {
            Some(atomic) if mode == Mode::NonAtomic => atomic.plain_load(),
            Some(atomic) => atomic.load(ordering(mode)),
            None => self.memory.plains[location - self.memory.atomics.len()].read() as i64,
        }
    }

    fn atomic(&self, location: usize) -> Option<&'a AtomicI64> {
        let late = || self.memory.late.get().filter(|_| location == self.memory.atomics.len());
        self.memory.atomics.get(location).or_else(late)
    }

    fn store(&self, location: usize, value: Value, mode: Mode) {
        let value = match value {
            Value::Constant(value) => value,
            Value::Register(reg) => self.registers[reg],
        };
        match self.atomic(location) {
            Some(atomic) if mode == Mode::NonAtomic => atomic.plain_store(value),
            Some(atomic) => atomic.store(value, ordering(mode)),
            None if self.late => {
                let created = self.memory.late.set(AtomicI64::new(value));
                assert!(created.is_ok(), "a location is created once");
            }
            None => self.memory.plains[location - self.memory.atomics.len()].write(value as u64),
        }
    }
}

fn rmw(atomic: &AtomicI64, change: Change, operand: i64, order: Ordering) -> i64 {
    match change {
        Change::Add => atomic.fetch_add(operand, order),
        Change::Sub => atomic.fetch_sub(operand, order),
        Change::And => atomic.fetch_and(operand, order),
        Change::Nand => atomic.fetch_nand(operand, order),
        Change::Or => atomic.fetch_or(operand, order),
        Change::Xor => atomic.fetch_xor(operand, order),
        Change::Max => atomic.fetch_max(operand, order),
        Change::Min => atomic.fetch_min(operand, order),
        Change::Swap => atomic.swap(operand, order),
    }
}

/// Tries until it has replaced what it has found last.
#[inline(never)]
fn update(
    atomic: &AtomicI64,
    [load, success, failure]: [Ordering; 3],
    change: impl Fn(i64) -> i64,
) -> i64 {
    let mut old = atomic.load(load);
    loop {
        match atomic.compare_exchange(old, change(old), success, failure) {
            Ok(old) => return old,
            Err(found) => old = found,
        }
    }
}

/// Looks until the lock is free, and tries to take it.
#[inline(never)]
fn test_and_set(lock: &AtomicI64) {
    loop {
        while lock.load(Ordering::Relaxed) != 0 {
            hint::spin_loop();
        }
        if lock.swap(1, Ordering::Acquire) == 0 {
            return;
        }
    }
}

/// The engine's plain cells take no ordering, so none is asked of a non-atomic access.
fn ordering(mode: Mode) -> Ordering {
    match mode {
        Mode::Relaxed => Ordering::Relaxed,
        Mode::Acquire => Ordering::Acquire,
        Mode::Release => Ordering::Release,
        Mode::AcqRel => Ordering::AcqRel,
        Mode::SeqCst => Ordering::SeqCst,
        Mode::NonAtomic => unreachable!("a non-atomic access of an atomic location"),
    }
}

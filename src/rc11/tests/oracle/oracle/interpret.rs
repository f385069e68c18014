//! A thread runs as far as the reads chosen for it allow, and says which read must be chosen next.

use super::{Event, EventId, Kind, Mode, Op, Program, Value, WAITING, WRITER, Waiting};

/// What was chosen for one read.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Choice {
    pub source: EventId,
    pub value: i64,
    /// A weak compare-exchange failed although it read what it expected.
    pub spurious: bool,
}

/// A read for which nothing was chosen yet.
pub struct Need {
    pub location: usize,
    /// Which values will do.
    pub takes: Takes,
    /// On this value a compare-exchange may also fail.
    pub may_fail_on: Option<i64>,
}

/// Which values a read takes; it waits for one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    Any,
    Only(i64),
    OneOf([Option<i64>; 2]),
    /// Of a reader–writer lock: no writer holds it.
    Shared,
    /// Of a reader–writer lock: nobody holds it.
    Free,
}

impl Takes {
    pub fn takes(self, value: i64) -> bool {
        match self {
            Takes::Any => true,
            Takes::Only(only) => value == only,
            Takes::OneOf(values) => values.contains(&Some(value)),
            Takes::Shared => value % WAITING < WRITER,
            Takes::Free => value % WAITING == 0,
        }
    }

    /// Whether the read may wait for good on this last value. A reader may have to let waiting writers go first.
    pub fn may_wait(self, value: i64) -> bool {
        !self.takes(value) || self == Takes::Shared && value >= WAITING
    }
}

pub struct Thread<'a> {
    choices: std::slice::Iter<'a, Choice>,
    program: &'a Program,
    number: usize,
    pub registers: Vec<i64>,
    pub events: Vec<Event>,
    /// Places of a read and of an event that is there, or has its value, because of what that reads: plain loads and conditions on them.
    pub dependencies: Vec<(usize, usize)>,
    /// It has tried again what has failed, or replaced a value that it had loaded of another write.
    pub tries_again: bool,
    /// Where it has loaded from an atomic location last, and what.
    loaded: Option<(usize, Choice)>,
    /// It has read from a write once more after another one: no coherence order has that.
    pub reads_back: bool,
    /// The reads that conditions depend on here, and for each register the read that it has its value from.
    conditions: Vec<usize>,
    loads: Vec<usize>,
}

impl<'a> Thread<'a> {
    /// The `number`-th thread of the program.
    pub fn new(program: &'a Program, number: usize, choices: &'a [Choice]) -> Self {
        let registers = vec![0; registers(&program.threads[number])];
        let loads = vec![0; registers.len()];
        let choices = choices.iter();
        let (events, dependencies, conditions) = (Vec::new(), Vec::new(), Vec::new());
        let (tries_again, reads_back) = (false, false);
        Thread {
            choices,
            program,
            number,
            registers,
            events,
            dependencies,
            tries_again,
            loaded: None,
            reads_back,
            conditions,
            loads,
        }
    }

    pub fn run(&mut self, code: &[Op]) -> Result<(), Need> {
        code.iter().try_for_each(|op| self.step(op))
    }

    fn step(&mut self, op: &Op) -> Result<(), Need> {
        match *op {
            Op::Load { reg, location, mode } => {
                self.registers[reg] = self.load(location, mode)?.value;
                self.loads[reg] = self.events.len() - 1;
            }
            Op::Store { location, value, mode } => {
                if let Value::Register(reg) = value {
                    self.dependencies.push((self.loads[reg], self.events.len()));
                }
                let value = self.value(value);
                self.write(location, value, mode, false);
            }
            Op::Rmw { reg, location, change, operand, mode } => {
                let old = self.read(location, Takes::Any, mode.of_read_half())?;
                self.loads[reg] = self.events.len() - 1;
                self.write(location, change.apply(old, operand), mode.of_write_half(), true);
                self.registers[reg] = old;
            }
            Op::Cas { reg, location, expected, new, success, failure, weak } => {
                let may_fail_on = weak.then_some(expected);
                let choice = self.choose(Need { location, takes: Takes::Any, may_fail_on })?;
                if choice.value == expected && !choice.spurious {
                    self.note_other_source(location, &choice, success);
                    self.record_read(location, &choice, success.of_read_half());
                    self.write(location, new, success.of_write_half(), true);
                } else {
                    self.record_read(location, &choice, failure);
                }
                self.registers[reg] = choice.value;
            }
            Op::Update { reg, location, change, operand, load, success, failure } => {
                let next = || Need { location, takes: Takes::Any, may_fail_on: None };
                let loaded = self.load(location, load)?;
                let (mut old, mut read) = (loaded.value, vec![loaded.source]);
                loop {
                    let choice = self.choose(next())?;
                    self.reads_back |= read[..read.len() - 1].contains(&choice.source);
                    read.push(choice.source);
                    if choice.value == old {
                        self.note_other_source(location, &choice, success);
                        self.record_read(location, &choice, success.of_read_half());
                        break;
                    }
                    self.record_read(location, &choice, failure);
                    self.tries_again |= orders_as_much(load, failure);
                    old = choice.value;
                }
                self.write(location, change.apply(old, operand), success.of_write_half(), true);
                self.registers[reg] = old;
            }
            Op::Fence { mode } => {
                let event = Event {
                    kind: Kind::Fence,
                    location: None,
                    mode,
                    value: 0,
                    source: None,
                    exclusive: false,
                    reader: false,
                };
                self.push(event);
            }
            Op::If { reg, equals, ref then } => {
                if self.registers[reg] == equals {
                    self.conditions.push(self.loads[reg]);
                    self.run(then)?;
                    self.conditions.pop();
                }
            }
            Op::Await { location, value, mode } => {
                self.read(location, Takes::Only(value), mode)?;
            }
            Op::AwaitPair { reg, locations: [one, other], ends, mode } => {
                let first = self.read(one, Takes::Any, mode)?;
                let second = ends.map(|(a, b)| (a == first).then_some(b));
                self.registers[reg] = first;
                self.registers[reg + 1] = self.read(other, Takes::OneOf(second), mode)?;
            }
            Op::AwaitEither { locations: [one, other], ends: [first, second], mode } => {
                if self.read(one, Takes::Any, mode)? != first {
                    self.read(other, Takes::Only(second), mode)?;
                }
            }
            Op::Poll { lock, location, value, mode } => {
                self.step(&Op::Lock { lock })?;
                self.step(&Op::Await { location, value, mode })?;
                self.step(&Op::Unlock { lock })?;
            }
            Op::Lock { lock } => {
                if self.program.waiting == Waiting::Testing {
                    self.read(self.program.locations() + lock, Takes::Only(0), Mode::Relaxed)?;
                }
                self.read(self.program.locations() + lock, Takes::Only(0), Mode::Acquire)?;
                self.write(self.program.locations() + lock, 1, Mode::Relaxed, true);
            }
            Op::Unlock { lock } => {
                self.write(self.program.locations() + lock, 0, Mode::Release, false)
            }
            Op::ReadLock { lock } => {
                let readers =
                    self.read(self.program.locations() + lock, Takes::Shared, Mode::Acquire)?;
                self.write(self.program.locations() + lock, readers + 1, Mode::Relaxed, true);
                self.mark_reader();
            }
            Op::ReadUnlock { lock } => {
                let readers =
                    self.read(self.program.locations() + lock, Takes::Any, Mode::Relaxed)?;
                self.write(self.program.locations() + lock, readers - 1, Mode::Release, true);
                self.mark_reader();
            }
            Op::WriteLock { lock } => {
                let word = self.program.locations() + lock;
                let found = self.read(word, Takes::Any, Mode::Acquire)?;
                if Takes::Free.takes(found) {
                    self.write(word, found + WRITER, Mode::Relaxed, true);
                } else {
                    self.write(word, found + WAITING, Mode::Relaxed, true);
                    let free = self.read(word, Takes::Free, Mode::Acquire)?;
                    self.write(word, free - WAITING + WRITER, Mode::Relaxed, true);
                }
            }
            Op::WriteUnlock { lock } => {
                let word = self.program.locations() + lock;
                let found = self.read(word, Takes::Any, Mode::Relaxed)?;
                self.write(word, found - WRITER, Mode::Release, true);
            }
            Op::Park => {
                let token = self.program.first_token() + self.number;
                self.read(token, Takes::Only(1), Mode::Acquire)?;
                self.write(token, 0, Mode::Relaxed, true);
            }
            Op::Leave { place, ref then } => {
                let count = self.program.departures(place);
                let earlier =
                    self.choose(Need { location: count, takes: Takes::Any, may_fail_on: None })?;
                let last = earlier.value as usize + 1 == self.program.leavers(place);
                let acquires = last && !then.is_empty();
                let mode = if acquires { Mode::Acquire } else { Mode::Relaxed };
                self.record_read(count, &earlier, mode);
                self.write(count, earlier.value + 1, Mode::Release, true);
                if last {
                    self.run(then)?;
                }
            }
            Op::AllLeft => {
                let all = Takes::Only(self.program.leavers(0) as i64);
                self.read(self.program.departures(0), all, Mode::Acquire)?;
            }
            Op::Unpark { thread } => {
                self.read(self.program.first_token() + thread, Takes::Any, Mode::Relaxed)?;
                self.write(self.program.first_token() + thread, 1, Mode::Release, true);
            }
        }
        Ok(())
    }

    /// Notes whether a compare-exchange succeeds after a load that read the same value of another write.
    fn note_other_source(&mut self, location: usize, choice: &Choice, success: Mode) {
        let before = self.events.last().zip(self.loaded.as_ref());
        if let Some((event, (place, loaded))) = before
            && place + 1 == self.events.len()
            && event.location == Some(location)
            && (loaded.value == choice.value && loaded.source != choice.source)
        {
            self.tries_again |= orders_as_much(event.mode, success.of_read_half());
        }
    }

    fn value(&self, value: Value) -> i64 {
        match value {
            Value::Constant(value) => value,
            Value::Register(reg) => self.registers[reg],
        }
    }

    fn read(&mut self, location: usize, takes: Takes, mode: Mode) -> Result<i64, Need> {
        let choice = self.choose(Need { location, takes, may_fail_on: None })?;
        self.record_read(location, &choice, mode);
        Ok(choice.value)
    }

    fn load(&mut self, location: usize, mode: Mode) -> Result<Choice, Need> {
        let choice = self.choose(Need { location, takes: Takes::Any, may_fail_on: None })?;
        if mode != Mode::NonAtomic {
            self.loaded = Some((self.events.len(), choice.clone()));
        }
        self.record_read(location, &choice, mode);
        Ok(choice)
    }

    fn push(&mut self, event: Event) {
        let here = self.events.len();
        self.dependencies.extend(self.conditions.iter().map(|&read| (read, here)));
        self.events.push(event);
    }

    fn choose(&mut self, need: Need) -> Result<Choice, Need> {
        self.choices.next().cloned().ok_or(need)
    }

    fn record_read(&mut self, location: usize, choice: &Choice, mode: Mode) {
        let (location, source) = (Some(location), Some(choice.source));
        self.push(Event {
            kind: Kind::Read,
            location,
            mode,
            value: 0,
            source,
            exclusive: false,
            reader: false,
        });
    }

    /// The last two events are a reader's.
    fn mark_reader(&mut self) {
        self.events.iter_mut().rev().take(2).for_each(|event| event.reader = true);
    }

    fn write(&mut self, location: usize, value: i64, mode: Mode, exclusive: bool) {
        let location = Some(location);
        self.push(Event {
            kind: Kind::Write,
            location,
            mode,
            value,
            source: None,
            exclusive,
            reader: false,
        });
    }
}

/// Whether a read orders as much as a load does.
fn orders_as_much(load: Mode, read: Mode) -> bool {
    load == Mode::Relaxed || [load, Mode::SeqCst].contains(&read)
}

/// How many registers the code uses.
pub fn registers(code: &[Op]) -> usize {
    let used = |op: &Op| match op {
        Op::Load { reg, .. } | Op::Rmw { reg, .. } => reg + 1,
        Op::Cas { reg, .. } | Op::Update { reg, .. } => reg + 1,
        Op::AwaitPair { reg, .. } => reg + 2,
        Op::If { then, .. } | Op::Leave { then, .. } => registers(then),
        _ => 0,
    };
    code.iter().map(used).max().unwrap_or(0)
}

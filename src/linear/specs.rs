//! Specifications of what everybody has: queues and stacks, counters and registers, maps, semaphores.
//!
//! Operations return `Option<u8>`. What takes a value returns it, or none if nothing is there; what is put somewhere and refused comes back.

use std::collections::BTreeMap;
use std::collections::VecDeque;

use super::spec::Spec;

/// A value.
pub type Value = u8;

/// Operations of what holds values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hold {
    /// Puts a value in.
    Put(Value),
    /// Takes one out.
    Take,
    /// Takes one out at the other end, if there are two.
    Steal,
    /// Takes one out when nobody else does anything: it has to find what is left.
    Rest,
    /// Lets nothing in any more.
    Close,
}

impl Hold {
    /// Puts in the operation's own number, for [`Clients::numbered`](super::Clients::numbered).
    pub fn number(&mut self, number: u8) {
        if let Hold::Put(value) = self {
            *value = number;
        }
    }

    /// Puts in the number, and leaves the upper half of the value, which says who puts it in.
    pub fn number_of(&mut self, number: u8) {
        if let Hold::Put(value) = self {
            *value = *value & 0xf0 | number;
        }
    }
}

/// First in, first out: a queue with room for so many, in which who takes from an empty one waits, or does not. Once it is
/// closed nobody waits, and what is put in comes back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Fifo<const WAITS: bool = false, const ROOM: usize = { usize::MAX }> {
    values: VecDeque<Value>,
    is_closed: bool,
}

/// First in, first out, and who takes from an empty one waits.
pub type Channel<const ROOM: usize = { usize::MAX }> = Fifo<true, ROOM>;

impl<const WAITS: bool, const ROOM: usize> Spec for Fifo<WAITS, ROOM> {
    type Operation = Hold;
    type Result = Option<Value>;

    fn apply(&mut self, operation: &Hold) -> Option<Option<Value>> {
        let is_full = self.values.len() == ROOM;
        match *operation {
            Hold::Put(value) if self.is_closed || is_full && !WAITS => return Some(Some(value)),
            Hold::Put(_) if is_full => return None,
            Hold::Put(value) => self.values.push_back(value),
            Hold::Close => self.is_closed = true,
            Hold::Take | Hold::Rest => {
                let value = self.values.pop_front();
                return (value.is_some() || !WAITS || self.is_closed).then_some(value);
            }
            Hold::Steal => return None,
        }
        Some(None)
    }

    fn hands_over(first: &Hold, second: &Hold, result: &Option<Value>) -> bool {
        hands_over(first, second, result)
    }
}

/// Last in, first out; stealing takes what was put in first, as from a work-stealing deque.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Lifo(VecDeque<Value>);

impl Spec for Lifo {
    type Operation = Hold;
    type Result = Option<Value>;

    fn apply(&mut self, operation: &Hold) -> Option<Option<Value>> {
        Some(match *operation {
            Hold::Put(value) => {
                self.0.push_back(value);
                None
            }
            Hold::Take | Hold::Rest => self.0.pop_back(),
            Hold::Steal => self.0.pop_front(),
            Hold::Close => return None,
        })
    }

    fn hands_over(first: &Hold, second: &Hold, result: &Option<Value>) -> bool {
        hands_over(first, second, result)
    }
}

/// Any that is there, and none only if none is: what a set of queues gives that is asked queue by queue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Bag(Vec<Value>);

impl Spec for Bag {
    type Operation = Hold;
    type Result = Option<Value>;

    fn apply(&mut self, operation: &Hold) -> Option<Option<Value>> {
        Some(match *operation {
            Hold::Put(value) => {
                let place = self.0.partition_point(|other| *other < value);
                self.0.insert(place, value);
                None
            }
            Hold::Close => return None,
            _ => self.0.pop(),
        })
    }

    fn explains(&mut self, operation: &Hold, result: &Option<Value>) -> bool {
        match (operation, result) {
            (Hold::Take | Hold::Steal | Hold::Rest, Some(value)) => {
                let place = self.0.iter().position(|other| other == value);
                place.map(|place| self.0.remove(place)).is_some()
            }
            _ => self.apply(operation).as_ref() == Some(result),
        }
    }

    fn hands_over(first: &Hold, second: &Hold, result: &Option<Value>) -> bool {
        hands_over(first, second, result)
    }
}

/// First in, first out for each producer, and in no order among them. The upper half of a value says who has put it in: [`Hold::number_of`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct PerProducer(BTreeMap<u8, VecDeque<Value>>);

impl Spec for PerProducer {
    type Operation = Hold;
    type Result = Option<Value>;

    fn apply(&mut self, operation: &Hold) -> Option<Option<Value>> {
        let first = self.0.values().flatten().next().copied();
        let result = if let Hold::Put(_) = operation { None } else { first };
        self.explains(operation, &result).then_some(result)
    }

    fn explains(&mut self, operation: &Hold, result: &Option<Value>) -> bool {
        match (*operation, *result) {
            (Hold::Put(value), None) => {
                self.0.entry(value >> 4).or_default().push_back(value);
                true
            }
            (Hold::Take | Hold::Rest, None) => self.0.values().all(VecDeque::is_empty),
            (Hold::Take | Hold::Rest, Some(value)) => {
                self.0.get_mut(&(value >> 4)).is_some_and(|values| {
                    let is_first = values.front() == Some(&value);
                    is_first && values.pop_front().is_some()
                })
            }
            _ => false,
        }
    }

    fn hands_over(first: &Hold, second: &Hold, result: &Option<Value>) -> bool {
        hands_over(first, second, result)
    }
}

/// As the other specification, but at any moment a put may be refused and a take may find nothing, or one of the two: of queues in which an
/// operation that is half done hides what others have finished. What is left is found in the end ([`Hold::Rest`]).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct MayRefuse<S, const PUTS: bool = true, const TAKES: bool = true>(S);

/// Only puts may be refused.
pub type MayRefusePuts<S> = MayRefuse<S, true, false>;
/// Only takes may find nothing.
pub type MayRefuseTakes<S> = MayRefuse<S, false, true>;

impl<S, const PUTS: bool, const TAKES: bool> Spec for MayRefuse<S, PUTS, TAKES>
where
    S: Spec<Operation = Hold, Result = Option<Value>>,
{
    type Operation = Hold;
    type Result = Option<Value>;

    fn apply(&mut self, operation: &Hold) -> Option<Option<Value>> {
        self.0.apply(operation)
    }

    fn explains(&mut self, operation: &Hold, result: &Option<Value>) -> bool {
        let is_refused = match *operation {
            Hold::Put(value) => PUTS && *result == Some(value),
            Hold::Take => TAKES && result.is_none(),
            _ => false,
        };
        is_refused || self.0.explains(operation, result)
    }

    fn hands_over(first: &Hold, second: &Hold, result: &Option<Value>) -> bool {
        S::hands_over(first, second, result)
    }
}

/// Whether the second takes what the first has put in.
fn hands_over(first: &Hold, second: &Hold, result: &Option<Value>) -> bool {
    let takes = matches!(second, Hold::Take | Hold::Steal | Hold::Rest);
    takes && matches!((first, result), (Hold::Put(value), Some(taken)) if value == taken)
}

/// Operations of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Number {
    /// Adds, and returns what was there before.
    Add(Value),
    /// Makes it at least this, and returns what was there before.
    Max(Value),
    /// Writes it, and returns what was there before.
    Swap(Value),
    /// Writes it, and returns nothing.
    Write(Value),
    /// Adds, and returns nothing.
    Count(Value),
    /// Reads it.
    Read,
}

impl Number {
    /// Puts in the operation's own number, for [`Clients::numbered`](super::Clients::numbered).
    pub fn number(&mut self, number: u8) {
        match self {
            Number::Add(value) | Number::Swap(value) | Number::Write(value) => *value = number,
            _ => {}
        }
    }
}

/// A number that is read and changed; it begins at `FIRST`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cell<const FIRST: Value = 0>(Value);

impl<const FIRST: Value> Default for Cell<FIRST> {
    fn default() -> Self {
        Cell(FIRST)
    }
}

impl<const FIRST: Value> Spec for Cell<FIRST> {
    type Operation = Number;
    type Result = Option<Value>;

    fn apply(&mut self, operation: &Number) -> Option<Option<Value>> {
        let old = self.0;
        self.0 = match *operation {
            Number::Add(more) | Number::Count(more) => old.wrapping_add(more),
            Number::Max(least) => old.max(least),
            Number::Swap(new) | Number::Write(new) => new,
            Number::Read => old,
        };
        Some((!matches!(operation, Number::Write(_) | Number::Count(_))).then_some(old))
    }

    /// A value that one operation alone has written is handed over to whoever reads it.
    fn hands_over(first: &Number, second: &Number, result: &Option<Value>) -> bool {
        let reads = !matches!(second, Number::Write(_) | Number::Count(_));
        match *first {
            // What was there from the beginning nobody has given.
            Number::Write(new) | Number::Swap(new) => reads && *result == Some(new) && new != FIRST,
            _ => false,
        }
    }
}

/// Operations of a map.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Keyed {
    /// Puts a value in, and returns what was there.
    Insert(u8, Value),
    /// Returns what is there, and puts a value in if nothing was.
    GetOrInsert(u8, Value),
    /// Takes out what is there.
    Remove(u8),
    /// Returns what is there.
    Get(u8),
    /// How many keys there are.
    Len,
}

impl Keyed {
    /// Puts in the operation's own number, for [`Clients::numbered`](super::Clients::numbered).
    pub fn number(&mut self, number: u8) {
        if let Keyed::Insert(_, value) | Keyed::GetOrInsert(_, value) = self {
            *value = number;
        }
    }
}

/// Values by key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Map(BTreeMap<u8, Value>);

impl Spec for Map {
    type Operation = Keyed;
    type Result = Option<Value>;

    fn apply(&mut self, operation: &Keyed) -> Option<Option<Value>> {
        Some(match *operation {
            Keyed::Insert(key, value) => self.0.insert(key, value),
            Keyed::GetOrInsert(key, value) => Some(*self.0.entry(key).or_insert(value)),
            Keyed::Remove(key) => self.0.remove(&key),
            Keyed::Get(key) => self.0.get(&key).copied(),
            Keyed::Len => Some(self.0.len() as u8),
        })
    }

    fn hands_over(first: &Keyed, second: &Keyed, result: &Option<Value>) -> bool {
        let (Keyed::Insert(key, value) | Keyed::GetOrInsert(key, value)) = *first else {
            return false;
        };
        let own = matches!(*second, Keyed::GetOrInsert(_, own) if own == value);
        let asks = match *second {
            Keyed::Insert(of, _)
            | Keyed::GetOrInsert(of, _)
            | Keyed::Remove(of)
            | Keyed::Get(of) => of == key,
            Keyed::Len => false,
        };
        asks && !own && *result == Some(value)
    }
}

/// Operations of what is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permit {
    /// Waits for a permit and takes it.
    Acquire,
    /// Takes a permit, if there is one: returns 1, else nothing.
    TryAcquire,
    /// Gives one back.
    Release,
}

/// Permits, so many at first. Where none is there at first, who takes one has it from who gave it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Permits<const FIRST: u8>(u8);

impl<const FIRST: u8> Default for Permits<FIRST> {
    fn default() -> Self {
        Permits(FIRST)
    }
}

impl<const FIRST: u8> Spec for Permits<FIRST> {
    type Operation = Permit;
    type Result = Option<Value>;

    fn apply(&mut self, operation: &Permit) -> Option<Option<Value>> {
        let is_there = self.0 > 0;
        match operation {
            Permit::Acquire if !is_there => return None,
            Permit::TryAcquire if !is_there => {}
            Permit::Acquire => self.0 -= 1,
            Permit::TryAcquire => {
                self.0 -= 1;
                return Some(Some(1));
            }
            Permit::Release => self.0 += 1,
        }
        Some(None)
    }

    fn hands_over(first: &Permit, second: &Permit, result: &Option<Value>) -> bool {
        let takes = match second {
            Permit::Acquire => true,
            Permit::TryAcquire => result.is_some(),
            Permit::Release => false,
        };
        FIRST == 0 && takes && *first == Permit::Release
    }
}

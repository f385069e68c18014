//! A litmus test, parsed: names are resolved, so that running it looks nothing up.

use std::sync::atomic::Ordering;

/// A test of a few threads and a question about their final state.
#[derive(Clone, Debug)]
pub struct Test {
    /// The name in the first line.
    pub name: String,
    /// The shared locations, sorted by name; an address is made of the index here.
    pub locations: Vec<Location>,
    /// `P0`, `P1`, ...
    pub threads: Vec<Thread>,
    /// What a final state shows: what the condition and `locations` mention, in the order of printing.
    pub shown: Vec<Observable>,
    /// Executions whose final state does not satisfy it are not counted.
    pub filter: Option<Prop>,
    /// How the condition is meant.
    pub quantifier: Quantifier,
    /// What is asked of each final state.
    pub condition: Prop,
    /// herd's hash of the test, or what the file says it is.
    pub hash: String,
}

/// A shared location.
#[derive(Clone, Debug)]
pub struct Location {
    /// Its name in the file.
    pub name: String,
    /// Its value before the threads start.
    pub initial: Value,
}

/// An integer, or the address of a location (see [`address`]).
pub type Value = i64;

const FIRST_ADDRESS: Value = 1 << 48;

/// The address of the location with that index: a value greater than any a test writes as a number.
pub fn address(location: usize) -> Value {
    FIRST_ADDRESS + location as Value
}

/// The index of the location with that address, among `count` locations.
pub fn location_at(address: Value, count: usize) -> Option<usize> {
    let index = usize::try_from(address.checked_sub(FIRST_ADDRESS)?).ok()?;
    (index < count).then_some(index)
}

/// One thread.
#[derive(Clone, Debug, Default)]
pub struct Thread {
    /// Its parameters and local variables.
    pub registers: Vec<Register>,
    /// Its code.
    pub body: Vec<Stmt>,
}

/// A parameter or local variable.
#[derive(Clone, Debug)]
pub struct Register {
    /// Its name in the file.
    pub name: String,
    /// Its value before the thread starts; a parameter holds the address of the location of its name.
    pub initial: Value,
}

/// A statement; registers are indices into [`Thread::registers`].
#[derive(Clone, Debug)]
pub enum Stmt {
    /// `r = value;`
    Set(usize, Expr),
    /// `*address = value;`
    PlainStore(Expr, Expr),
    /// `atomic_store_explicit(address, value, order);`
    Store(Expr, Expr, Ordering),
    /// `atomic_thread_fence(order);`
    Fence(Ordering),
    /// `value;`
    Do(Expr),
    /// `if (condition) { then } else { otherwise }`
    If {
        /// Taken if it is not 0.
        condition: Expr,
        /// The code if so.
        then: Vec<Stmt>,
        /// The code if not.
        otherwise: Vec<Stmt>,
    },
}

/// An expression.
#[derive(Clone, Debug)]
pub enum Expr {
    /// A number.
    Constant(Value),
    /// A parameter or local variable.
    Register(usize),
    /// `-a`, `!a`, `~a`
    Unary(Unary, Box<Expr>),
    /// `a + b` and the like
    Binary(Binary, Box<Expr>, Box<Expr>),
    /// `*address`
    PlainLoad(Box<Expr>),
    /// `atomic_load_explicit(address, order)`
    Load(Box<Expr>, Ordering),
    /// `atomic_exchange_explicit` and `atomic_fetch_*_explicit`: the old value
    Fetch(Change, Box<Expr>, Box<Expr>, Ordering),
    /// `atomic_compare_exchange_*`: whether it succeeded
    CompareExchange(Box<CompareExchange>),
}

/// A compare-exchange.
#[derive(Clone, Debug)]
pub struct CompareExchange {
    /// The address of the location.
    pub object: Expr,
    /// Where the expected value is, and where the value read goes on failure.
    pub expected: Expected,
    /// The new value.
    pub desired: Expr,
    /// The ordering on success.
    pub success: Ordering,
    /// The ordering on failure.
    pub failure: Ordering,
    /// Whether it may fail on the expected value.
    pub weak: bool,
}

/// Where the expected value of a compare-exchange is.
#[derive(Clone, Debug)]
pub enum Expected {
    /// `&r`: a local variable.
    Local(usize),
    /// An address: a shared location, accessed non-atomically.
    Shared(Expr),
}

/// An operator of one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as in C")]
pub enum Unary {
    Negate,
    Not,
    Complement,
}

/// An operator of two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as in C")]
pub enum Binary {
    Add,
    Sub,
    Mul,
    Div,
    And,
    Or,
    Xor,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    LogicalAnd,
    LogicalOr,
}

/// What a read-modify-write makes of the old value and its operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as in C")]
pub enum Change {
    Swap,
    Add,
    Sub,
    And,
    Or,
    Xor,
}

impl Change {
    /// The new value.
    pub fn apply(self, old: Value, operand: Value) -> Value {
        match self {
            Change::Swap => operand,
            Change::Add => old.wrapping_add(operand),
            Change::Sub => old.wrapping_sub(operand),
            Change::And => old & operand,
            Change::Or => old | operand,
            Change::Xor => old ^ operand,
        }
    }
}

/// What a final state consists of, in the order of printing: registers by thread and name, then locations by name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Observable {
    /// `thread:name`
    Register {
        /// The thread.
        thread: usize,
        /// The name of the register.
        name: String,
        /// Its index in the thread.
        register: usize,
    },
    /// `[name]`
    Location {
        /// The name of the location.
        name: String,
        /// Its index.
        location: usize,
    },
}

/// How a condition is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantifier {
    /// `exists`: some execution satisfies it.
    Exists,
    /// `~exists`: none does.
    NotExists,
    /// `forall`: all do.
    Forall,
}

/// A proposition about a final state.
#[derive(Clone, Debug)]
pub enum Prop {
    /// `true`
    True,
    /// `false`
    False,
    /// `0:r0=1`, `[x]=1`
    Is(Observable, Value),
    /// `0:r0=1:r0`
    Same(Observable, Observable),
    /// `~p`
    Not(Box<Prop>),
    /// `p /\ q`
    And(Box<Prop>, Box<Prop>),
    /// `p \/ q`
    Or(Box<Prop>, Box<Prop>),
    /// `p => q`
    Implies(Box<Prop>, Box<Prop>),
}

impl Prop {
    /// Whether it holds where `value` says what is observed.
    pub fn holds(&self, value: &impl Fn(&Observable) -> Value) -> bool {
        match self {
            Prop::True => true,
            Prop::False => false,
            Prop::Is(observable, expected) => value(observable) == *expected,
            Prop::Same(a, b) => value(a) == value(b),
            Prop::Not(p) => !p.holds(value),
            Prop::And(p, q) => p.holds(value) && q.holds(value),
            Prop::Or(p, q) => p.holds(value) || q.holds(value),
            Prop::Implies(p, q) => !p.holds(value) || q.holds(value),
        }
    }

    /// Adds all it mentions to `seen`.
    pub fn observables<'a>(&'a self, seen: &mut Vec<&'a Observable>) {
        match self {
            Prop::True | Prop::False => {}
            Prop::Is(observable, _) => seen.push(observable),
            Prop::Same(a, b) => seen.extend([a, b]),
            Prop::Not(p) => p.observables(seen),
            Prop::And(p, q) | Prop::Or(p, q) | Prop::Implies(p, q) => {
                p.observables(seen);
                q.observables(seen);
            }
        }
    }
}

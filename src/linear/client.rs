//! The clients of an object: who calls what.

use std::collections::HashSet;
use std::fmt;

use super::spec::Spec;

/// A kind of thread: what it may call, and how many there may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role<O> {
    /// The operations that it may call.
    pub operations: Vec<O>,
    /// The most threads of this kind.
    pub threads: usize,
}

impl<O> Role<O> {
    /// Any number of threads that call these operations.
    pub fn any(operations: impl Into<Vec<O>>) -> Self {
        Role { operations: operations.into(), threads: usize::MAX }
    }

    /// At most one thread that calls these operations.
    pub fn one(operations: impl Into<Vec<O>>) -> Self {
        Role { operations: operations.into(), threads: 1 }
    }
}

/// How large clients are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// The most threads.
    pub threads: usize,
    /// The most operations of one thread.
    pub each: usize,
    /// The most operations of all threads together.
    pub all: usize,
}

impl Size {
    /// So many threads at most, with so many operations each.
    pub fn new(threads: usize, each: usize) -> Self {
        Size { threads, each, all: threads * each }
    }

    /// So many operations of all threads together.
    pub fn up_to(self, all: usize) -> Self {
        Size { all, ..self }
    }
}

/// That one thread goes on only after another one: a client may order its operations by more than its threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HandOff {
    /// The thread that is waited for, and how many of its operations.
    pub from: (usize, usize),
    /// The thread that waits, and before which of its operations, from 0.
    pub to: (usize, usize),
}

/// Who calls what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client<O> {
    /// The operations of each thread, in program order.
    pub threads: Vec<Vec<O>>,
    /// Where one thread waits for another one.
    pub hand_off: Option<HandOff>,
    /// What is called once all threads have ended: it comes after all they did.
    pub last: Vec<O>,
}

impl<O: fmt::Debug> fmt::Display for Client<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let calls =
            |calls: &Vec<O>| calls.iter().map(|call| format!("{call:?}")).collect::<Vec<_>>();
        let threads = self.threads.iter().enumerate();
        let threads = threads.map(|(thread, code)| steps(thread, calls(code), self.hand_off));
        f.write_str(&threads.collect::<Vec<_>>().join(" ∥ "))?;
        if self.last.is_empty() {
            return Ok(());
        }
        write!(f, ", then {}", calls(&self.last).join("; "))
    }
}

/// A thread's calls in a line, with where it takes part in a hand-off.
pub(crate) fn steps(thread: usize, mut calls: Vec<String>, hand_off: Option<HandOff>) -> String {
    if let Some(HandOff { from, to }) = hand_off {
        if to.0 == thread && to.1 <= calls.len() {
            calls.insert(to.1, "hear".into());
        }
        if from.0 == thread && from.1 <= calls.len() {
            calls.insert(from.1, "tell".into());
        }
    }
    calls.join("; ")
}

/// Which clients an object has.
#[derive(Clone, Debug)]
pub struct Clients<O> {
    pub(crate) roles: Vec<Role<O>>,
    pub(crate) size: Size,
    last: Vec<O>,
    may: fn(&Client<O>) -> bool,
    number: fn(&mut O, u8),
}

impl<O: Clone + Ord> Clients<O> {
    /// All clients of these roles up to a size.
    pub fn new(roles: impl Into<Vec<Role<O>>>, size: Size) -> Self {
        Clients { roles: roles.into(), size, last: Vec::new(), may: |_| true, number: |_, _| {} }
    }

    /// Lets every client call these once all its threads have ended. A thread that waits for good is a deadlock then.
    pub fn last(mut self, operations: impl Into<Vec<O>>) -> Self {
        self.last = operations.into();
        self
    }

    /// Numbers the operations of each client from 1, those of `last` after the others. An operation that puts something in can put its number
    /// in: then what is taken out tells who put it in. That is enough for an object that does not look at what it holds (Wolper, POPL 1986).
    pub fn numbered(mut self, number: fn(&mut O, u8)) -> Self {
        self.number = number;
        self
    }

    /// Leaves out the clients that do what the object does not allow.
    pub fn only(mut self, may: fn(&Client<O>) -> bool) -> Self {
        self.may = may;
        self
    }

    /// Whether these are the same clients. Functions that are not told apart do the same.
    pub(crate) fn are(&self, others: &Self) -> bool {
        self.size == others.size
            && self.last == others.last
            && self.roles == others.roles
            && std::ptr::fn_addr_eq(self.may, others.may)
            && std::ptr::fn_addr_eq(self.number, others.number)
    }

    /// All clients of two threads and more, the smallest first, with one hand-off or none, which counts as an operation. Two that
    /// differ in the order of threads of one role are one.
    pub fn list(&self) -> Vec<Client<O>> {
        let (mut all, mut smaller) = (Vec::new(), Vec::new());
        for total in 2..=self.size.all {
            let mut these = Vec::new();
            add_threads(&self.roles, self.size, total, &mut Vec::new(), &mut these);
            all.extend(these.iter().filter_map(|threads| self.client(threads.clone(), None)));
            for threads in std::mem::replace(&mut smaller, these) {
                let told = hand_offs(&threads).map(Some);
                all.extend(told.filter_map(|hand_off| self.client(threads.clone(), hand_off)));
            }
        }
        all
    }

    /// The client with these threads, if it is one.
    pub(crate) fn client(
        &self,
        threads: Vec<Vec<O>>,
        hand_off: Option<HandOff>,
    ) -> Option<Client<O>> {
        let mut client = Client { threads, hand_off, last: self.last.clone() };
        let operations = client.threads.iter_mut().flatten().chain(&mut client.last);
        operations.zip(1..).for_each(|(operation, number)| (self.number)(operation, number));
        Some(client).filter(self.may)
    }
}

impl<O: Clone> Client<O> {
    /// Whether no order of the operations comes to where everybody waits.
    pub fn always_ends<S: Spec<Operation = O>>(&self) -> bool {
        self.goes_on(&mut vec![0; self.threads.len()], &S::default(), &mut HashSet::new())
    }

    /// Whether this is so from here on: `done` says how far each thread is.
    fn goes_on<S: Spec<Operation = O>>(
        &self,
        done: &mut Vec<usize>,
        state: &S,
        seen: &mut HashSet<(Vec<usize>, S)>,
    ) -> bool {
        if !seen.insert((done.clone(), state.clone())) {
            return true;
        }
        let mut goes_on = false;
        for thread in 0..self.threads.len() {
            let Some(operation) = self.threads[thread].get(done[thread]) else { continue };
            let waits = |HandOff { from, to }: HandOff| {
                to == (thread, done[thread]) && done[from.0] < from.1
            };
            if self.hand_off.is_some_and(waits) {
                continue;
            }
            let mut next = state.clone();
            if next.apply(operation).is_none() {
                continue;
            }
            goes_on = true;
            done[thread] += 1;
            let ends = self.goes_on(done, &next, seen);
            done[thread] -= 1;
            if !ends {
                return false;
            }
        }
        let is_over = (0..self.threads.len()).all(|t| done[t] == self.threads[t].len());
        goes_on || is_over && self.ends_after(state.clone())
    }

    /// Whether what is called last does not wait.
    fn ends_after<S: Spec<Operation = O>>(&self, mut state: S) -> bool {
        self.last.iter().all(|operation| state.apply(operation).is_some())
    }
}

/// The hand-offs that these threads may have; of those between alike threads, one.
pub(crate) fn hand_offs<O: PartialEq>(threads: &[Vec<O>]) -> impl Iterator<Item = HandOff> {
    let all = 0..threads.len();
    let pairs = all.clone().flat_map(move |from| all.clone().map(move |to| (from, to)));
    let is_first = |thread: usize, other: usize| {
        (0..thread).all(|earlier| earlier == other || threads[earlier] != threads[thread])
    };
    let pairs = pairs.filter(move |&(from, to)| {
        let twins = threads[from] == threads[to];
        from != to && is_first(from, to) && is_first(to, from) && (from < to || !twins)
    });
    pairs.flat_map(move |(from, to)| {
        let places = (1..=threads[from].len())
            .flat_map(move |after| (0..threads[to].len()).map(move |before| (after, before)));
        places.map(move |(after, before)| HandOff { from: (from, after), to: (to, before) })
    })
}

/// Adds the threads of the clients that begin with these, each with its role, and have `left` operations more.
fn add_threads<O: Clone + Ord>(
    roles: &[Role<O>],
    size: Size,
    left: usize,
    threads: &mut Vec<(usize, Vec<O>)>,
    all: &mut Vec<Vec<Vec<O>>>,
) {
    if left == 0 {
        if threads.len() >= 2 {
            all.push(threads.iter().map(|(_, operations)| operations.clone()).collect());
        }
        return;
    }
    if threads.len() == size.threads {
        return;
    }
    for (role, Role { operations, threads: few }) in roles.iter().enumerate() {
        if threads.iter().filter(|thread| thread.0 == role).count() == *few {
            continue;
        }
        for len in 1..=left.min(size.each) {
            for code in sequences(operations, len) {
                let thread = (role, code);
                // Threads come in an order, so that each client comes once.
                if threads.last().is_none_or(|last| *last <= thread) {
                    threads.push(thread);
                    add_threads(roles, size, left - len, threads, all);
                    threads.pop();
                }
            }
        }
    }
}

/// All sequences of so many operations.
fn sequences<O: Clone>(operations: &[O], len: usize) -> Vec<Vec<O>> {
    (0..len).fold(vec![Vec::new()], |sequences, _| {
        let longer = |sequence: Vec<O>| {
            operations
                .iter()
                .map(move |operation| [&sequence[..], std::slice::from_ref(operation)].concat())
        };
        sequences.into_iter().flat_map(longer).collect()
    })
}

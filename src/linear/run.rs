//! One client in one execution: its operations are called, and what they returned is logged.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use super::client::{Client, Clients};
use super::explain::{Told, explain};
use super::history::{Called, History};
use super::spec::{Object, OperationOf, ResultOf, Spec};
use super::world::{Flag, Moment, World};

/// How many clients a body has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Ran(pub usize);

/// `81 clients`.
impl fmt::Debug for Ran {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} client{}", self.0, if self.0 == 1 { "" } else { "s" })
    }
}

/// Runs a client of the object, another one in other executions, and gives how many there are.
///
/// A client that waits for good in some order of its operations is left out, so a deadlock of any other is a failure.
///
/// # Panics
/// If the specification does not explain the execution. The message begins with [`UNEXPLAINED`](super::UNEXPLAINED) or
/// [`UNPUBLISHED`](super::UNPUBLISHED).
#[track_caller]
pub fn linearizable<W: World, T: Object>(clients: &Clients<OperationOf<T>>) -> Ran {
    let all = ending::<T>(clients);
    assert!(!all.is_empty(), "there is no client: every one waits for good in some order");
    let client = &all[W::choose(all.len())];
    let log = run::<W, T>(client);
    let history = log.history();
    if let Some(why) = explain::<T::Spec>(&history) {
        panic!("{}", Told(&history, &why, client.hand_off));
    }
    Ran(all.len())
}

/// As [`linearizable`], inside a model of loom's that `cargo casebook` runs, or a check of rc11's.
///
/// # Panics
/// As [`linearizable`], and outside such a model.
#[cfg(feature = "rc11")]
#[track_caller]
pub fn model<T: Object>(clients: &Clients<OperationOf<T>>) {
    linearizable::<super::Rc11, T>(clients);
}

type List<O> = Arc<Vec<Arc<Client<O>>>>;

/// The clients that end whatever the order, listed once in a process and not in each execution.
fn ending<T: Object>(clients: &Clients<OperationOf<T>>) -> List<OperationOf<T>> {
    type Known<O> = Vec<(Clients<O>, List<O>)>;
    type Lists = HashMap<TypeId, Box<dyn Any + Send>>;
    static LISTS: LazyLock<Mutex<Lists>> = LazyLock::new(Mutex::default);
    let mut lists = LISTS.lock().unwrap_or_else(PoisonError::into_inner);
    let none = || Box::new(Known::<OperationOf<T>>::new()) as Box<dyn Any + Send>;
    let known = lists.entry(TypeId::of::<T>()).or_insert_with(none);
    let known: &mut Known<OperationOf<T>> =
        known.downcast_mut().expect("what an object is called by goes by its type");
    if let Some((_, list)) = known.iter().find(|(others, _)| others.are(clients)) {
        return list.clone();
    }
    let ending = clients.list().into_iter().filter(Client::always_ends::<T::Spec>);
    let list = Arc::new(ending.map(Arc::new).collect::<Vec<_>>());
    known.push((clients.clone(), list.clone()));
    list
}

/// Calls the operations of a client, each thread's on one of its own, and waits for all. The object is dropped after them.
#[track_caller]
pub(crate) fn run<W: World, T: Object>(client: &Arc<Client<OperationOf<T>>>) -> Log<W, T::Spec> {
    let (object, log) = (Arc::new(T::new()), Log::of(client));
    for thread in start(client, object.clone(), &log, || {}) {
        W::join(thread);
    }
    for operation in &client.last {
        log.call(&*object, client.threads.len(), operation);
    }
    log
}

/// Starts the threads of a client. Each gives up its share of the object when it has called its operations, and then does what is asked
/// `at_end`.
#[track_caller]
pub(crate) fn start<W: World, T: Object>(
    client: &Arc<Client<OperationOf<T>>>,
    object: Arc<T>,
    log: &Log<W, T::Spec>,
    at_end: impl Fn() + Clone + Send + 'static,
) -> Vec<W::Thread> {
    let mut running = Vec::new();
    let count = client.threads.len();
    let flag = Arc::new(W::Flag::new());
    for (thread, object) in std::iter::repeat_n(object, count).enumerate() {
        let (client, log, at_end) = (client.clone(), log.clone(), at_end.clone());
        let flag = flag.clone();
        running.push(W::spawn(Box::new(move || {
            for (nth, operation) in client.threads[thread].iter().enumerate() {
                if client.hand_off.is_some_and(|told| told.to == (thread, nth)) {
                    flag.hear();
                }
                log.call(&*object, thread, operation);
                if client.hand_off.is_some_and(|told| told.from == (thread, nth + 1)) {
                    flag.tell();
                }
            }
            drop(object);
            at_end();
        })));
    }
    running
}

/// The operations of an execution so far.
pub(crate) struct Log<W: World, S: Spec> {
    entries: Arc<Mutex<Vec<Entry<W, S>>>>,
    /// How many threads the client has: what is called last has the number after theirs.
    threads: usize,
}

struct Entry<W: World, S: Spec> {
    called: Called<S::Operation, S::Result>,
    call: W::Moment,
    /// When it returned.
    back: Option<W::Moment>,
}

impl<W: World, S: Spec> Clone for Log<W, S> {
    fn clone(&self) -> Self {
        Log { entries: self.entries.clone(), threads: self.threads }
    }
}

impl<W: World, S: Spec> Log<W, S> {
    pub(crate) fn of(client: &Client<S::Operation>) -> Self {
        Log { entries: Arc::default(), threads: client.threads.len() }
    }

    /// Calls an operation and logs what comes before what.
    fn call<T: Object<Spec = S>>(&self, object: &T, thread: usize, operation: &OperationOf<T>) {
        let now = W::Moment::calls(|| format!("{operation:?}"));
        let nth = {
            let mut log = self.entries.lock().expect("nobody panics with it");
            let bit = |(nth, entry): (usize, &Entry<W, S>)| {
                u64::from(entry.back.is_some_and(|back| back.is_past())) << nth
            };
            let after = log.iter().enumerate().map(bit).sum();
            let (operation, is_last) = (operation.clone(), thread == self.threads);
            let called = Called { thread, is_last, operation, result: None, after, sees: 0 };
            log.push(Entry { called, call: now, back: None });
            log.len() - 1
        };
        let result: ResultOf<T> = object.call(operation);
        let back = W::Moment::returns(|| format!("{operation:?} → {result:?}"));
        let mut log = self.entries.lock().expect("nobody panics with it");
        let bit = |(nth, entry): (usize, &Entry<W, S>)| u64::from(entry.call.is_past()) << nth;
        log[nth].called.sees = log.iter().enumerate().map(bit).sum();
        log[nth].called.result = Some(result);
        log[nth].back = Some(back);
    }

    /// The history: thread by thread, so that two executions that differ in the order of the log alone have one.
    pub(crate) fn history(&self) -> History<S::Operation, S::Result> {
        let log = self.entries.lock().expect("nobody panics with it");
        let mut order: Vec<usize> = (0..log.len()).collect();
        order.sort_by_key(|&nth| log[nth].called.thread);
        let renamed = |bits: u64| {
            let bit = |(new, &old): (usize, &usize)| (bits >> old & 1) << new;
            order.iter().enumerate().map(bit).sum()
        };
        let called = |&nth: &usize| {
            let Called { after, sees, .. } = log[nth].called;
            Called { after: renamed(after), sees: renamed(sees), ..log[nth].called.clone() }
        };
        History(order.iter().map(called).collect())
    }
}

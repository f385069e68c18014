//! Objects in all clients up to a size.

use std::collections::VecDeque;

use casebook_linear::{
    Check, Checked, Client, Clients, HandOff, Object, Ran, Rc11, Role, Size, Spec, Verdict, Why,
    linearizable,
};
use rc11::cell::UnsafeCell;
use rc11::sync::atomic::{AtomicU64, Ordering, Ordering::*};
use rc11::sync::{Condvar, Mutex};
use rc11::{Checker, Completed};

/// A number that is added to.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
struct Sum(u64);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Count {
    Add(u64),
    Read,
}

impl Spec for Sum {
    type Operation = Count;
    type Result = u64;

    fn apply(&mut self, count: &Count) -> Option<u64> {
        if let Count::Add(more) = count {
            self.0 += more;
            return Some(0);
        }
        Some(self.0)
    }
}

struct Counter(AtomicU64);

impl Object for Counter {
    type Spec = Sum;

    fn new() -> Self {
        Counter(AtomicU64::new(0))
    }

    fn call(&self, count: &Count) -> u64 {
        match count {
            Count::Add(more) => {
                self.0.fetch_add(*more, Relaxed);
                0
            }
            Count::Read => self.0.load(Relaxed),
        }
    }
}

/// Reads and writes instead of adding.
struct Careless(Counter);

impl Object for Careless {
    type Spec = Sum;

    fn new() -> Self {
        Careless(Counter::new())
    }

    fn call(&self, count: &Count) -> u64 {
        let Count::Add(more) = count else { return self.0.call(count) };
        let found = self.0.0.load(SeqCst);
        self.0.0.store(found + more, SeqCst);
        0
    }
}

/// Two counters, of which each addition takes one, and a read one after the other.
struct Sharded([AtomicU64; 2]);

impl Object for Sharded {
    type Spec = Sum;

    fn new() -> Self {
        Sharded([0; 2].map(AtomicU64::new))
    }

    fn call(&self, count: &Count) -> u64 {
        match count {
            Count::Add(more) => {
                self.0[*more as usize % 2].fetch_add(*more, SeqCst);
                0
            }
            Count::Read => self.0.iter().map(|shard| shard.load(SeqCst)).sum(),
        }
    }
}

fn counts<T: Object<Spec = Sum>>(adds: &[u64]) -> Checked<Count, u64> {
    let calls = adds.iter().map(|&more| Count::Add(more)).chain([Count::Read]);
    let roles = [Role::any(calls.collect::<Vec<_>>())];
    let clients = Clients::new(roles, Size::new(3, 4).up_to(4)).last([Count::Read]);
    Check::new(clients).run::<T>()
}

fn client<O>(threads: impl Into<Vec<Vec<O>>>, last: impl Into<Vec<O>>) -> Client<O> {
    Client { threads: threads.into(), hand_off: None, last: last.into() }
}

#[test]
fn a_counter() {
    let checked = counts::<Counter>(&[1]);
    assert!(matches!(checked.verdict, Verdict::Proved), "{checked:?}");
    // Of two operations, of three, and of four; with a hand-off, of two and of three.
    assert_eq!(checked.clients, 3 + (4 + 8) + (12 + 16 + 10) + 4 + (8 + 32));
}

#[test]
fn a_lost_update_needs_two_additions_and_a_look() {
    let Verdict::Broken(broken) = counts::<Careless>(&[1]).verdict else { panic!("it holds") };
    let add = Count::Add(1);
    assert_eq!(broken.client, client([vec![add.clone()], vec![add]], [Count::Read]));
    assert!(matches!(broken.why, Why::Unexplained(_)));
}

#[test]
fn a_sum_that_is_read_piece_by_piece_may_miss_what_came_first() {
    let Verdict::Broken(broken) = counts::<Sharded>(&[1, 2]).verdict else { panic!("it holds") };
    assert_eq!(broken.client.to_string(), "Add(2); Add(1) ∥ Read, then Read");
}

/// A client that may wait for good in some order is known, whichever of its threads waits for which.
#[test]
fn whether_a_client_always_ends() {
    let ends = |threads: [Vec<Message>; 2], told: Option<[(usize, usize); 2]>| {
        let hand_off = told.map(|[from, to]| HandOff { from, to });
        Client { hand_off, ..client(threads, []) }.always_ends::<Channel>()
    };
    let (send, receive) = (Message::Send(1), Message::Receive);
    let pair = [vec![send.clone()], vec![receive.clone()]];
    assert!(ends(pair.clone(), None));
    assert!(ends(pair.clone(), Some([(0, 1), (1, 0)])));
    assert!(!ends(pair, Some([(1, 1), (0, 0)])));
    assert!(!ends([vec![receive.clone(), receive], vec![send]], None));
}

/// Messages in the order in which they were sent; who receives waits for one.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
struct Channel(Vec<u8>);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Message {
    Send(u8),
    Receive,
}

impl Spec for Channel {
    type Operation = Message;
    type Result = u8;

    fn apply(&mut self, message: &Message) -> Option<u8> {
        match *message {
            Message::Send(value) => {
                self.0.push(value);
                Some(0)
            }
            Message::Receive => (!self.0.is_empty()).then(|| self.0.remove(0)),
        }
    }

    fn hands_over(first: &Message, second: &Message, result: &u8) -> bool {
        *first == Message::Send(*result) && *second == Message::Receive
    }
}

fn messages<T: Object<Spec = Channel>>(operations: usize) -> Checked<Message, u8> {
    let roles = [Role::any([Message::Send(1), Message::Send(2)]), Role::one([Message::Receive])];
    Check::new(Clients::new(roles, Size::new(3, operations).up_to(operations))).run::<T>()
}

#[derive(Default)]
struct Queue {
    messages: Mutex<VecDeque<u8>>,
    sent: Condvar,
}

impl Object for Queue {
    type Spec = Channel;

    fn new() -> Self {
        Queue::default()
    }

    fn call(&self, message: &Message) -> u8 {
        let mut messages = self.messages.lock().unwrap();
        if let Message::Send(value) = *message {
            messages.push_back(value);
            self.sent.notify_one();
            return 0;
        }
        loop {
            match messages.pop_front() {
                Some(value) => return value,
                None => messages = self.sent.wait(messages).unwrap(),
            }
        }
    }
}

/// Who waits is not told.
#[derive(Default)]
struct Silent(Queue);

impl Object for Silent {
    type Spec = Channel;

    fn new() -> Self {
        Silent::default()
    }

    fn call(&self, message: &Message) -> u8 {
        match *message {
            Message::Receive => self.0.call(message),
            Message::Send(value) => {
                self.0.messages.lock().unwrap().push_back(value);
                0
            }
        }
    }
}

#[test]
fn a_channel_that_waits() {
    let checked = messages::<Queue>(3);
    assert!(matches!(checked.verdict, Verdict::Proved), "{checked:?}");
}

#[test]
fn who_is_not_woken_waits_where_the_channel_is_not_empty() {
    let Verdict::Broken(broken) = messages::<Silent>(3).verdict else { panic!("it holds") };
    assert_eq!(broken.client, client([vec![Message::Send(1)], vec![Message::Receive]], []));
    let history = broken.history.expect("it ran to its end");
    assert!(history.to_string().contains("Receive waits"), "{history}");
}

/// A place for one message.
struct Slot<const PUBLISHES: bool>(AtomicU64);

#[derive(Clone, Default, PartialEq, Eq, Hash)]
struct Once(Option<u8>);

impl Spec for Once {
    type Operation = Message;
    type Result = u8;

    fn apply(&mut self, message: &Message) -> Option<u8> {
        if let Message::Send(value) = *message {
            self.0.get_or_insert(value);
            return Some(0);
        }
        Some(self.0.unwrap_or(0))
    }

    fn hands_over(first: &Message, second: &Message, result: &u8) -> bool {
        *first == Message::Send(*result) && *second == Message::Receive
    }
}

impl<const PUBLISHES: bool> Object for Slot<PUBLISHES> {
    type Spec = Once;

    fn new() -> Self {
        Slot(AtomicU64::new(0))
    }

    fn call(&self, message: &Message) -> u8 {
        let order: [Ordering; 2] = if PUBLISHES { [Release, Acquire] } else { [Relaxed; 2] };
        if let Message::Send(value) = *message {
            self.0.store(value.into(), order[0]);
            return 0;
        }
        self.0.load(order[1]) as u8
    }
}

/// The results are right, and what the sender did before is not there.
#[test]
fn what_is_handed_over_has_to_be_published() {
    let check = Check::new(Clients::new(
        [Role::one([Message::Send(1)]), Role::any([Message::Receive])],
        Size::new(2, 2).up_to(2),
    ));
    let checked = check.run::<Slot<true>>();
    assert!(matches!(checked.verdict, Verdict::Proved), "{checked:?}");
    let Verdict::Broken(broken) = check.run::<Slot<false>>().verdict else { panic!("it holds") };
    assert_eq!(broken.why, Why::Unpublished(0, 1));
}

/// A cell that nothing guards.
struct Unguarded(UnsafeCell<u8>);

// SAFETY: it is not, which is what the test is about.
unsafe impl Sync for Unguarded {}

impl Object for Unguarded {
    type Spec = Once;

    fn new() -> Self {
        Unguarded(UnsafeCell::new(0))
    }

    fn call(&self, message: &Message) -> u8 {
        match *message {
            // SAFETY: as above.
            Message::Send(value) => self.0.with_mut(|it| unsafe { *it = value }),
            // SAFETY: as above.
            Message::Receive => return self.0.with(|it| unsafe { *it }),
        }
        0
    }
}

/// An execution that fails by itself is no history, and a search that is cut off is no proof.
#[test]
fn failures_and_bounds_are_told() {
    let check = Check::new(Clients::new(
        [Role::one([Message::Send(1)]), Role::any([Message::Receive])],
        Size::new(2, 2).up_to(2),
    ));
    let Verdict::Broken(broken) = check.run::<Unguarded>().verdict else { panic!("it holds") };
    assert!(matches!(&broken.why, Why::Fails(why) if why.contains("race")), "{broken}");
    assert!(broken.history.is_none() && broken.to_string().contains("replay: rc11."), "{broken}");

    // The first client has two executions: the message is received, or not yet.
    let bounded = check.with(Checker::new().max_executions(1)).run::<Slot<true>>();
    assert_eq!((bounded.clients, bounded.executions), (0, 1));
    let Verdict::Bounded(client, _) = bounded.verdict else { panic!("{bounded:?}") };
    assert_eq!(client.to_string(), "Send(1) ∥ Receive");
}

/// The same clients for the same seed; one that fails is made as small as the smallest.
#[test]
fn random_clients() {
    let roles = [Role::any([Count::Add(1), Count::Read])];
    let clients = Clients::new(roles, Size::new(3, 3).up_to(7)).last([Count::Read]);
    let check = Check::new(clients).with(Checker::new().max_executions(30));
    let checked = check.sample::<Counter>(40, 7);
    let Verdict::Sampled { cut_off } = checked.verdict else { panic!("{checked:?}") };
    assert!((1..30).contains(&cut_off) && checked.clients == 40, "{checked:?}");
    assert_eq!(check.sample::<Counter>(40, 7).executions, checked.executions);

    let add = Count::Add(1);
    let Verdict::Broken(broken) = check.sample::<Careless>(40, 7).verdict else { panic!() };
    assert_eq!(broken.client, client([vec![add.clone()], vec![add]], [Count::Read]));
}

/// Clients are those of the list, and no others.
#[test]
fn random_clients_are_of_the_list() {
    let roles = [Role::one([Message::Receive]), Role::any([Message::Send(1)])];
    let clients = Clients::new(roles, Size::new(3, 2).up_to(4));
    let list = clients.list();
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let drawn = |_| {
        let tree = proptest::strategy::Strategy::new_tree(&clients.any(), &mut runner);
        let mut client = proptest::strategy::ValueTree::current(&tree.expect("one is found"));
        // Threads of one role come in any order.
        client.threads.sort_by_key(|calls| (calls[0] != Message::Receive, calls.clone()));
        client
    };
    let drawn: Vec<_> = (0..800).map(drawn).collect();
    let (free, told): (Vec<_>, Vec<_>) = drawn.into_iter().partition(|it| it.hand_off.is_none());
    assert!(free.iter().all(|client| list.contains(client)));
    assert!(list.iter().all(|client| client.hand_off.is_some() || free.contains(client)));
    // Where threads change places a hand-off is another one.
    let size = |client: &Client<_>| client.threads.iter().map(Vec::len).sum::<usize>();
    assert!(told.len() > 100 && told.iter().all(|client| size(client) <= 3));
}

/// One place that asks for several lists gets each.
#[test]
fn a_body_has_the_clients_that_it_asks_for() {
    let ran = |clients: Clients<Count>| {
        let add = |seen: &mut Vec<Ran>, ran, _: &Completed<'_>| {
            if !seen.contains(&ran) {
                seen.push(ran);
            }
        };
        let body = || linearizable::<Rc11, Counter>(&clients);
        Checker::new().collect(body, add).0
    };
    let of = |size| Clients::new([Role::any([Count::Add(1), Count::Read])], size);
    let few = |client: &Client<Count>| client.threads.len() == 2;
    assert_eq!(ran(of(Size::new(2, 1))), [Ran(3)]);
    assert_eq!(ran(of(Size::new(3, 1))), [Ran(3 + 4 + 4)]);
    assert_eq!(ran(of(Size::new(3, 1)).only(few)), [Ran(3 + 4)]);
    assert_eq!(ran(of(Size::new(2, 1))), [Ran(3)]);
}

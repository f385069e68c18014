//! The check: every client, every execution.

use std::fmt;
use std::sync::{Arc, Mutex};

use rc11::sync::Departures;
use rc11::{Checker, Completed};

use super::client::{Client, Clients};
use super::explain::{Told, Why, explain};
use super::history::History;
use super::run::{Log, run, start};
use super::spec::{Object, OperationOf, ResultOf, Spec};
use super::world::Rc11;

/// Checks an object, client by client. An operation that waits for good is explained by a last state in which it waits.
#[derive(Clone, Debug)]
pub struct Check<O> {
    pub(crate) clients: Clients<O>,
    checker: Checker,
}

/// What was found.
#[derive(Clone, Debug)]
pub struct Checked<O, R> {
    /// How many clients ran in every execution.
    pub clients: usize,
    /// How many executions they have, complete ones.
    pub executions: u64,
    /// The verdict.
    pub verdict: Verdict<O, R>,
}

/// Whether the object is what it claims to be.
#[derive(Clone, Debug)]
pub enum Verdict<O, R> {
    /// Every execution of every client is explained.
    Proved,
    /// This one is not. No smaller client is left unexplained.
    Broken(Box<Broken<O, R>>),
    /// A search was cut off at this client; all smaller ones are explained.
    Bounded(Client<O>, rc11::Limit),
    /// Random clients are explained in all executions, but for so many whose searches were cut off. That is no proof.
    Sampled {
        /// The clients whose executions are explained as far as they were visited.
        cut_off: usize,
    },
}

/// An execution that the specification does not explain.
#[derive(Clone, Debug)]
pub struct Broken<O, R> {
    /// The client.
    pub client: Client<O>,
    /// What is wrong.
    pub why: Why,
    /// What happened, as far as it did.
    pub history: Option<History<O, R>>,
    /// A token that replays the execution.
    pub token: String,
}

type Finding<S> = (History<<S as Spec>::Operation, <S as Spec>::Result>, Why, String);

impl<O: Clone + Ord + fmt::Debug + Send + Sync + 'static> Check<O> {
    /// These clients, under RC11.
    pub fn new(clients: Clients<O>) -> Self {
        Check { clients, checker: Checker::new() }
    }

    /// Explores with this checker: its model, its bounds for each client.
    pub fn with(mut self, checker: Checker) -> Self {
        self.checker = checker;
        self
    }

    /// Checks an object.
    pub fn run<T: Object>(&self) -> Checked<O, ResultOf<T>>
    where
        T::Spec: Spec<Operation = O>,
    {
        let (mut ran, mut executions) = (0, 0);
        for client in self.clients.list() {
            let (complete, verdict) = self.verdict::<T>(&client);
            executions += complete;
            if !matches!(verdict, Verdict::Proved) {
                return Checked { clients: ran, executions, verdict };
            }
            ran += 1;
        }
        Checked { clients: ran, executions, verdict: Verdict::Proved }
    }

    /// How many executions a client has, and what they say.
    pub(crate) fn verdict<T: Object>(&self, client: &Client<O>) -> (u64, Verdict<O, ResultOf<T>>)
    where
        T::Spec: Spec<Operation = O>,
    {
        let (report, finding) = self.explore::<T>(client);
        let client = client.clone();
        let verdict = match (finding, report.verdict) {
            (Some((history, why, token)), _) => {
                Broken { client, why, history: Some(history), token }.into()
            }
            (None, rc11::Verdict::Proved) => Verdict::Proved,
            (None, rc11::Verdict::Failed(failure)) => {
                let (why, token) = (Why::Fails(failure.to_string()), failure.replay.clone());
                Broken { client, why, history: None, token }.into()
            }
            (None, rc11::Verdict::Bounded(limit)) => Verdict::Bounded(client, limit),
            (None, rc11::Verdict::Error(error)) => panic!("{client}: {error}"),
        };
        (report.complete, verdict)
    }

    /// Runs one client in every execution; also gives the first that is not explained.
    fn explore<T: Object>(&self, client: &Client<O>) -> (rc11::Report, Option<Finding<T::Spec>>)
    where
        T::Spec: Spec<Operation = O>,
    {
        let client = Arc::new(client.clone());
        // Threads that all end are waited for, and then the object is dropped. Where one waits for good all the same, the search is done
        // once more and waits for nobody, to tell what the others returned; but what is called last has to wait.
        if client.always_ends::<T::Spec>() || !client.last.is_empty() {
            let (report, finding) = self.collect::<T>(|| run::<Rc11, T>(&client));
            let waits = |failure: &rc11::Failure| !failure.blocked.is_empty();
            if !report.failure().is_some_and(waits) || !client.last.is_empty() {
                return (report, finding);
            }
        }
        self.collect::<T>(|| run_on::<T>(&client))
    }

    fn collect<T: Object>(
        &self,
        body: impl Fn() -> Log<Rc11, T::Spec> + Sync,
    ) -> (rc11::Report, Option<Finding<T::Spec>>) {
        type Ran<T> = Log<Rc11, <T as Object>::Spec>;
        let add = |found: &mut Option<Finding<T::Spec>>, log: Ran<T>, completed: &Completed<'_>| {
            if found.is_none() {
                let history = log.history();
                let wrong = explain::<T::Spec>(&history);
                *found = wrong.map(|why| (history, why, completed.token()));
            }
        };
        let (finding, report) = self.checker.collect(body, add);
        (report, finding)
    }
}

/// Runs a client of which threads may wait for good. If none does, whoever is last drops the object.
fn run_on<T: Object>(client: &Arc<Client<OperationOf<T>>>) -> Log<Rc11, T::Spec> {
    let (object, log) = (Arc::new(T::new()), Log::of(client));
    let (departures, owner) = (Departures::new(), Mutex::new(Some(object.clone())));
    let (shared, all) = (Arc::new((departures, owner)), client.threads.len());
    start(client, object, &log, move || {
        let (departures, owner) = &*shared;
        departures.leave(
            || all,
            |last| {
                if last {
                    drop(owner.lock().expect("nobody panics with it").take());
                }
            },
        );
    });
    log
}

/// The client, what is wrong, the history with a column a thread, and the token.
impl<O: fmt::Debug, R: fmt::Debug> fmt::Display for Broken<O, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.client)?;
        match (&self.history, &self.why) {
            (Some(history), why) => {
                write!(f, "{}\n{history}", Told(history, why, self.client.hand_off))?
            }
            (None, Why::Fails(why)) => writeln!(f, "{why}")?,
            (None, _) => {}
        }
        writeln!(f, "replay: {}", self.token)
    }
}

impl<O, R> From<Broken<O, R>> for Verdict<O, R> {
    fn from(broken: Broken<O, R>) -> Self {
        Verdict::Broken(Box::new(broken))
    }
}

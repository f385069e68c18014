//! A litmus test under the `rc11` engine: every execution, counted by its final state.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::answer::Answer;
use super::ast::{self, Change, Test, Value};
use super::error::Error;
use super::interpret::{FinalState, Memory, execute};
use rc11::sync::atomic::{self, AtomicI64};
use rc11::{Checker, FailureKind, Verdict, thread};

/// Explores every execution of the test and answers it.
///
/// `checker` says how: its model, its bounds, its workers. An exploration that a bound stops has no answer, but an error.
pub fn run(test: &Test, checker: &Checker) -> Result<Answer, Error> {
    let shared = Arc::new(test.clone());
    let counts = |state: &FinalState| {
        test.filter.as_ref().is_none_or(|filter| filter.holds(&|seen| state.value(seen)))
    };
    type Found = (BTreeMap<Vec<Value>, u64>, Option<String>);
    let checker = checker.clone().keep_going(true).spurious(u32::MAX);
    let ((found, broken), report) = checker.collect(
        || execute::<Location>(&shared),
        |(found, broken): &mut Found, end, _| match end {
            Ok(state) if counts(&state) => {
                let values = test.shown.iter().map(|seen| state.value(seen)).collect();
                *found.entry(values).or_default() += 1;
            }
            Ok(_) => {}
            Err(why) => *broken = Some(why),
        },
    );
    let problem = match report.verdict {
        Verdict::Bounded(limit) => Some(format!("the search was cut off at {limit}")),
        Verdict::Error(error) => Some(error.to_string()),
        Verdict::Failed(failure) if failure.kind != FailureKind::DataRace => Some(failure.message),
        Verdict::Proved | Verdict::Failed(_) => broken,
    };
    if let Some(what) = problem {
        return Err(Error::running(&test.name, what));
    }
    let mut answer = Answer::new(test, found.into_iter(), report.race);
    answer.elapsed = report.elapsed;
    answer.exposed = Some(report.exposure.is_some());
    Ok(answer)
}

/// A location of the engine. As herd has it, one location takes atomic and plain accesses.
struct Location(AtomicI64);

impl Memory for Location {
    fn new(location: &ast::Location) -> Self {
        Location(AtomicI64::new(location.initial))
    }

    fn load(&self, order: Ordering) -> Value {
        self.0.load(order)
    }

    fn store(&self, value: Value, order: Ordering) {
        self.0.store(value, order);
    }

    fn fetch(&self, change: Change, operand: Value, order: Ordering) -> Value {
        match change {
            Change::Swap => self.0.swap(operand, order),
            Change::Add => self.0.fetch_add(operand, order),
            Change::Sub => self.0.fetch_sub(operand, order),
            Change::And => self.0.fetch_and(operand, order),
            Change::Or => self.0.fetch_or(operand, order),
            Change::Xor => self.0.fetch_xor(operand, order),
        }
    }

    fn compare_exchange(
        &self,
        old: Value,
        new: Value,
        orders: (Ordering, Ordering),
        weak: bool,
    ) -> Result<Value, Value> {
        let (success, failure) = orders;
        if weak {
            self.0.compare_exchange_weak(old, new, success, failure)
        } else {
            self.0.compare_exchange(old, new, success, failure)
        }
    }

    fn plain_load(&self) -> Value {
        self.0.plain_load()
    }

    fn plain_store(&self, value: Value) {
        self.0.plain_store(value);
    }

    fn finally(&self) -> Value {
        self.0.load(Ordering::Relaxed) // Relaxed: every thread has been joined
    }

    fn fence(order: Ordering) {
        atomic::fence(order);
    }

    fn spawn<T: Send + 'static>(body: impl FnOnce() -> T + Send + 'static) -> impl FnOnce() -> T {
        let handle = thread::spawn(body);
        || handle.join().expect("a panic on a thread ends the execution")
    }
}

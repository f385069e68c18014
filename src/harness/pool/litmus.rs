//! A litmus test under loom or shuttle: the final states that their searches come to, or the race that stops them.
//!
//! To these engines a location is either atomic or plain. A test that accesses one both ways, as herd allows, they cannot
//! run. What they count are schedules, not executions of a memory model: only their states can be compared.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, OnceLock};

use casebook_core::verdict::{CheckError, EngineId, Report, Verdict};
use casebook_engine::probe::{self, Stop};
use casebook_engine::{self as engine, Body, Request};
use casebook_litmus::ast::{self, Change, Test, Value};
use casebook_litmus::{Memory, State, execute};

/// Runs a test once.
type Run = fn(&Arc<Test>) -> String;

/// The engines that search litmus tests so, each with what a location is to it.
const BY: [(EngineId, Run); 2] = [
    (casebook_engine_loom::ENGINE, outcome::<OnLoom>),
    (casebook_engine_shuttle::ENGINE, outcome::<OnShuttle>),
];

/// How the bound is called at which a search ends that an engine cannot do.
const CANNOT: &str = "it cannot be run: ";

/// Searches the executions of a test by an engine that is not exact; [`states`] reads the report.
///
/// # Errors
/// Why the engine cannot run the test.
pub fn check(id: EngineId, test: &Test) -> Result<Report, CheckError> {
    let Some((_, run)) = BY.into_iter().find(|(engine, _)| *engine == id) else {
        return Err(CheckError::new(format!("{id} does not search litmus tests")));
    };
    let test = Arc::new(test.clone());
    let report = engine::check_body(id, &Body::new(move || run(&test)), &Request::default())?;
    match &report.verdict {
        Verdict::Bounded { limit, .. } if limit.starts_with(CANNOT) => {
            Err(CheckError::new(&limit[CANNOT.len()..]))
        }
        _ => Ok(report),
    }
}

/// The final states of a report of [`check`], in herd's order.
pub fn states(test: &Test, report: &Report) -> Vec<State> {
    let seen = report.outcomes.iter().filter_map(|(outcome, seen)| {
        let values: Vec<Value> = serde_json::from_str(outcome).ok()?;
        Some((values, seen.count))
    });
    let ordered: BTreeMap<Vec<Value>, u64> = seen.collect();
    ordered.iter().map(|(values, count)| State::new(test, values, *count)).collect()
}

/// Runs the test once; the values that are shown, or nothing if the filter rejects the final state.
fn outcome<M: Memory>(test: &Arc<Test>) -> String {
    let state = execute::<M>(test).unwrap_or_else(|why| cannot_run(&why));
    let counts = test.filter.as_ref().is_none_or(|filter| filter.holds(&|seen| state.value(seen)));
    let values: Vec<Value> = test.shown.iter().map(|seen| state.value(seen)).collect();
    if counts {
        serde_json::to_string(&values).expect("numbers are plain data")
    } else {
        String::new()
    }
}

/// Ends the search.
fn cannot_run(why: &str) -> ! {
    probe::halt(Stop::Bound(format!("{CANNOT}{why}")));
}

/// How a location is accessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Access {
    Atomic,
    Plain,
}

/// Which of the two a location takes, from its first access on.
struct Only {
    name: String,
    access: OnceLock<Access>,
}

impl Only {
    fn be(&self, access: Access) {
        if *self.access.get_or_init(|| access) != access {
            cannot_run(&format!("`{}` is accessed both atomically and non-atomically", self.name));
        }
    }
}

macro_rules! memory {
    ($name:ident, $rt:ident, $doc:literal) => {
        #[doc = $doc]
        struct $name {
            only: Only,
            atomic: $rt::sync::atomic::AtomicI64,
            plain: $rt::cell::UnsafeCell<Value>,
        }

        impl $name {
            fn atomic(&self) -> &$rt::sync::atomic::AtomicI64 {
                self.only.be(Access::Atomic);
                &self.atomic
            }
        }

        impl Memory for $name {
            fn new(location: &ast::Location) -> Self {
                $name {
                    only: Only { name: location.name.clone(), access: OnceLock::new() },
                    atomic: $rt::sync::atomic::AtomicI64::new(location.initial),
                    plain: $rt::cell::UnsafeCell::new(location.initial),
                }
            }

            fn load(&self, order: Ordering) -> Value {
                self.atomic().load(order)
            }

            fn store(&self, value: Value, order: Ordering) {
                self.atomic().store(value, order);
            }

            fn fetch(&self, change: Change, operand: Value, order: Ordering) -> Value {
                let atomic = self.atomic();
                match change {
                    Change::Swap => atomic.swap(operand, order),
                    Change::Add => atomic.fetch_add(operand, order),
                    Change::Sub => atomic.fetch_sub(operand, order),
                    Change::And => atomic.fetch_and(operand, order),
                    Change::Or => atomic.fetch_or(operand, order),
                    Change::Xor => atomic.fetch_xor(operand, order),
                }
            }

            fn compare_exchange(
                &self,
                old: Value,
                new: Value,
                (success, failure): (Ordering, Ordering),
                weak: bool,
            ) -> Result<Value, Value> {
                if weak {
                    self.atomic().compare_exchange_weak(old, new, success, failure)
                } else {
                    self.atomic().compare_exchange(old, new, success, failure)
                }
            }

            fn plain_load(&self) -> Value {
                self.only.be(Access::Plain);
                // SAFETY: the cell lives as long as `self`; the threads of an execution are coroutines of one thread,
                // and none runs between here and the end of the read.
                self.plain.with(|value| unsafe { *value })
            }

            fn plain_store(&self, value: Value) {
                self.only.be(Access::Plain);
                // SAFETY: as for the read.
                self.plain.with_mut(|place| unsafe { *place = value });
            }

            fn finally(&self) -> Value {
                match self.only.access.get() {
                    Some(Access::Plain) => self.plain_load(),
                    Some(Access::Atomic) | None => self.atomic.load(Ordering::Relaxed),
                }
            }

            fn fence(order: Ordering) {
                // A relaxed fence, which C has and Rust has not, does nothing.
                if order != Ordering::Relaxed {
                    $rt::sync::atomic::fence(order);
                }
            }

            fn spawn<T: Send + 'static>(
                body: impl FnOnce() -> T + Send + 'static,
            ) -> impl FnOnce() -> T {
                let handle = $rt::thread::spawn(body);
                || handle.join().expect("a panic on a thread ends the execution")
            }
        }
    };
}

memory!(OnLoom, casebook_engine_loom, "A location of loom.");
memory!(OnShuttle, casebook_engine_shuttle, "A location of shuttle.");

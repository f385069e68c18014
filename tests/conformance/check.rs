//! A program that is made at run time is checked as a case is: by its engine, execution by execution.

use std::cell::RefCell;
use std::rc::Rc;

use casebook::case::Case;
use casebook::engine::{self, Request};
use casebook::expect::holds;
use casebook::verdict::{CheckError, EngineId, Report};

thread_local! {
    /// The body under check: a case's `run` is a plain function and captures nothing.
    static BODY: RefCell<Option<Rc<dyn Fn() -> String>>> = const { RefCell::new(None) };
}

/// Checks `body` by `engine`. All threads of an execution are coroutines of this thread.
pub fn check(
    engine: EngineId,
    body: impl Fn() -> String + 'static,
    request: &Request,
) -> Result<Report, CheckError> {
    BODY.set(Some(Rc::new(body)));
    let case = Case { name: "generated", doc: &[], expect: || holds().into(), run };
    engine::check(engine, &case, request)
}

fn run() -> String {
    let body = BODY.with_borrow(|body| body.clone().expect("`check` has set it"));
    body()
}

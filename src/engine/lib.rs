//! What an engine is: it checks a case in its own way and says what that established.
//!
//! Each engine is a crate below this folder. It has the facade that cases are written against
//! (`facade/` and `models/`, written once and compiled over each exploring engine's own types in its
//! `raw.rs`), and a `check.rs` that drives the engine and reads its failures. It registers itself with
//! [`register!`]; whoever links it in can ask it by its [`EngineId`].
//!
//! What the exploring engines share is here: the [`probe`], which watches an execution from inside the
//! facade, [`fresh`], its statics and thread-locals, [`explore`], which keeps what an exploration has seen, and
//! [`search`](mod@search), what a long one is asked.

pub mod explore;
pub mod fresh;
pub mod probe;
pub mod search;

use std::sync::Arc;

use casebook_core::case::Case;
use casebook_core::expect::Expectation;
use casebook_core::ordering::Override;
use casebook_core::verdict::{CheckError, EngineId, Model, Report, Verdict};
use search::{Search, Searched};
use serde::{Deserialize, Serialize};

#[doc(hidden)]
pub use inventory;

/// What to do with a case.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Run only the execution that this token names, and report its steps.
    pub replay: Option<String>,
    /// Run some operations with other orderings than the case gives them.
    pub overrides: Vec<Override>,
    /// Report every ordering that the case gives.
    pub uses: bool,
    /// Take an outcome that the case does not allow for a failure.
    pub claims: bool,
    /// Which executions there are: for rc11, and no other engine has a choice.
    #[serde(default)]
    pub model: Model,
}

impl Request {
    /// A plain check under `model`.
    pub fn under(model: Model) -> Self {
        Request { model, ..Request::default() }
    }
}

/// What an engine runs again and again.
#[derive(Clone)]
pub struct Body {
    run: Arc<dyn Fn() -> String + Send + Sync>,
    /// What a failing outcome is told by, if any is.
    claims: Option<Expectation>,
    /// How often real threads are to run it at least.
    rounds: u64,
}

impl Body {
    /// Runs `run`, which renders its outcome.
    pub fn new(run: impl Fn() -> String + Send + Sync + 'static) -> Self {
        Body { run: Arc::new(run), claims: None, rounds: 0 }
    }

    /// The body of a case, for what `request` asks.
    fn of(case: &Case, request: &Request) -> Self {
        let expectation = (case.expect)();
        let rounds = expectation.rounds();
        Body { rounds, claims: request.claims.then_some(expectation), ..Body::new(case.run) }
    }

    /// How often real threads are to run it at least.
    pub fn rounds(&self) -> u64 {
        self.rounds
    }

    /// Runs it once and renders its outcome.
    ///
    /// # Panics
    /// As the case does, and where its outcome is not allowed.
    pub fn run(&self) -> String {
        fresh::begin();
        let outcome = (self.run)();
        if self.claims.as_ref().is_some_and(|claims| !claims.allows(&outcome)) {
            panic!("the outcome {outcome} is seen, which the case does not allow");
        }
        outcome
    }
}

/// A way to check cases. Nothing outside its crate needs to know more.
pub trait Engine: Sync {
    /// Which engine it is.
    fn id(&self) -> EngineId;

    /// Runs the body as `request` asks.
    ///
    /// # Errors
    /// A fault of the engine or of the request; a failure of the case is a [`Report`].
    fn check(&self, body: &Body, request: &Request) -> Result<Report, CheckError>;

    /// Searches the executions of the body under `model` to the end, or a part of them.
    ///
    /// # Errors
    /// As [`Engine::check`], a unit that is none of the body, or that the engine has no such search.
    fn search(&self, body: &Body, model: Model, search: &Search) -> Result<Searched, CheckError> {
        let _ = (body, model, search);
        Err(CheckError::new(format!("{} has no search that ends in a proof", self.id())))
    }
}

/// An engine that is linked into this program.
pub struct Registered(pub &'static dyn Engine);

inventory::collect!(Registered);

/// Registers an engine: `register!(Loom)`, once in its crate.
#[macro_export]
macro_rules! register {
    ($engine:expr) => {
        $crate::inventory::submit! { $crate::Registered(&$engine) }
    };
}

/// Checks `case` by `id` in this process. The worker calls it; everybody else asks the pool.
///
/// # Errors
/// As [`check_body`].
pub fn check(id: EngineId, case: &Case, request: &Request) -> Result<Report, CheckError> {
    if let Some(reason) = (case.expect)().forbids_running(id) {
        return Ok(Verdict::Inexpressible { reason }.into());
    }
    check_body(id, &Body::of(case, request), request)
}

/// Checks any body by `id` in this process.
///
/// # Errors
/// As [`Engine::check`], or that the engine is not linked in.
pub fn check_body(id: EngineId, body: &Body, request: &Request) -> Result<Report, CheckError> {
    let engine = registered(id)?;
    probe::install_hook();
    probe::set_overrides(&request.overrides);
    let ask = |request: &Request| {
        fresh::learning(|| {
            if request.uses {
                probe::collect_uses();
            }
            let report = engine.check(body, request);
            let uses = probe::collected_uses();
            Ok(Report { uses, ..report? })
        })
    };
    fresh::forget();
    let report = ask(request);
    if report.is_err() && request.replay.is_some() && fresh::is_any_known() {
        // The execution may have statics that only others have come to.
        ask(&Request { replay: None, uses: false, ..request.clone() })?;
        return ask(request);
    }
    report
}

/// Searches a case by `id` in this process.
///
/// # Errors
/// As [`Engine::search`], or that the engine is not linked in.
pub fn search(
    id: EngineId,
    case: &Case,
    model: Model,
    search: &Search,
) -> Result<Searched, CheckError> {
    let engine = registered(id)?;
    probe::install_hook();
    probe::set_overrides(&[]);
    fresh::forget();
    fresh::learning(|| engine.search(&Body::of(case, &Request::under(model)), model, search))
}

fn registered(id: EngineId) -> Result<&'static dyn Engine, CheckError> {
    let engine = inventory::iter::<Registered>.into_iter().find(|Registered(e)| e.id() == id);
    let none = || CheckError::new(format!("this program has no engine {id}"));
    engine.map(|Registered(engine)| *engine).ok_or_else(none)
}

//! The engines: each checks a case in its own way and says what that established.

mod explore;
mod loom;
mod native;
mod on_loom;
mod on_native;
mod on_rc11;
mod on_shuttle;
mod rc11;
mod shuttle;

use serde::{Deserialize, Serialize};

use crate::case::Case;
use crate::expect::Expectation;
use crate::probe::{self, Override};
use crate::verdict::{CheckError, EngineId, Model, Report};

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
    run: fn() -> String,
    /// What a failing outcome is told by, if any is.
    claims: Option<Expectation>,
    /// How often real threads are to run it at least.
    rounds: u64,
}

impl Body {
    /// Runs the case once and renders its outcome.
    ///
    /// # Panics
    /// As the case does, and where its outcome is not allowed.
    pub fn run(&self) -> String {
        let outcome = (self.run)();
        if self.claims.as_ref().is_some_and(|claims| !claims.allows(&outcome)) {
            panic!("the outcome {outcome} is seen, which the case does not allow");
        }
        outcome
    }
}

/// A way to check cases. Nothing outside its file needs to know more.
pub trait Engine {
    /// Runs the body as `request` asks.
    ///
    /// # Errors
    /// A fault of the engine or of the request; a failure of the case is a [`Report`].
    fn check(&self, body: &Body, request: &Request) -> Result<Report, CheckError>;
}

/// The engine of that name.
pub fn engine(id: EngineId) -> &'static dyn Engine {
    match id {
        EngineId::Loom => &loom::Loom,
        EngineId::Shuttle => &shuttle::Shuttle,
        EngineId::Rc11 => &rc11::Rc11,
        EngineId::Native => &native::Native,
    }
}

/// Checks `case` by `id` in this process. The worker calls it; everybody else asks the pool.
///
/// # Errors
/// As [`Engine::check`].
pub fn check(id: EngineId, case: &Case, request: &Request) -> Result<Report, CheckError> {
    if let Some(reason) = (case.expect)().forbids_running(id) {
        return Ok(crate::verdict::Verdict::Inexpressible { reason }.into());
    }
    probe::install_hook();
    probe::set_overrides(&request.overrides);
    if request.uses {
        probe::collect_uses();
    }
    let claims = request.claims.then(|| (case.expect)());
    let body = Body { run: case.run, claims, rounds: (case.expect)().rounds() };
    let report = engine(id).check(&body, request);
    let uses = probe::collected_uses();
    Ok(Report { uses, ..report? })
}

//! Every case under every engine is a test, by the letter of C++20 as well, and so are the orderings of
//! every file: `cargo test message_passing`, `cargo test loom::`, `cargo test rc11.c20::`,
//! `cargo test justified::`.

use std::process::ExitCode;
use std::sync::Arc;

use casebook::cache::Cache;
use casebook::case::{self, Entry};
use casebook::engine::Request;
use casebook::justify::{self, stated};
use casebook::pool::Pool;
use casebook::report;
use casebook::run::{self, Checked};
use casebook::verdict::{EngineId, Model};
use libtest_mimic::{Arguments, Failed, Trial};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let corpus: &'static [Entry] = case::corpus().leak();
    let pool = Arc::new(Pool::new(env!("CARGO_BIN_EXE_casebook"), &["worker"]));
    let by_letter = (EngineId::Rc11, Model::C20);
    let checkers = EngineId::ALL.into_iter().map(|engine| (engine, Model::Rc11));
    let trials = checkers.chain([by_letter]).flat_map(|(engine, model)| {
        let pool = &pool;
        let compiled = corpus.iter().filter(move |entry| entry.engines.contains(&engine));
        compiled.map(move |entry| trial(pool.clone(), engine, model, entry))
    });
    let files = justify::files(corpus);
    let orderings = files.into_iter().map(|cases| orderings(pool.clone(), cases));
    libtest_mimic::run(&arguments, trials.chain(orderings).collect()).exit_code()
}

fn trial(pool: Arc<Pool>, engine: EngineId, model: Model, entry: &'static Entry) -> Trial {
    let (family, id) = (entry.shape.family(), entry.id.replace('/', "::"));
    Trial::test(format!("{}::{family}::{id}", model.of(engine)), move || {
        let checked = run::check(&pool, engine, entry, &Request::under(model));
        if !checked.as_declared() {
            return Err(complaint(&checked));
        }
        let found = serde_json::to_string(&checked.result).expect("it is plain data");
        match FOREIGN.into_iter().find(|place| found.contains(place)) {
            None => Ok(()),
            Some(place) => Err(format!("a step stands in {place}, which is nobody's case").into()),
        }
    })
}

/// Where no step of a case stands: in the standard library, in the facade, in an engine.
const FOREIGN: [&str; 5] = ["/rustc/", "/library/", "src/engine/", "src/linear/", "src/rc11/"];

/// Every ordering of a file is tight, or slack for a reason that the file gives.
fn orderings(pool: Arc<Pool>, cases: Vec<&'static Entry>) -> Trial {
    let shape = cases[0].shape;
    Trial::test(format!("justified::{}::{}", shape.family(), shape.stem()), move || {
        let found = justify::justify(&pool, EngineId::Rc11, Model::Rc11, &cases);
        // tests/suite/justify.rs need not find it again.
        let cache = Cache::new(concat!(env!("CARGO_TARGET_TMPDIR"), "/justified"));
        justify::keep(&cache, EngineId::Rc11, Model::Rc11, shape, &found)?;
        let known = |id: &str| {
            let entry = cases.iter().find(|entry| entry.id == id);
            let exceptions = entry.map(|entry| (entry.case.expect)().exceptions());
            exceptions.is_some_and(|all| all.iter().any(|(engine, _)| *engine == EngineId::Rc11))
        };
        let open = found.answers.iter().filter(|a| !a.open.is_empty() && !known(&a.id));
        let open = open.map(|answer| format!("{} is not answered: {}", answer.id, answer.open));
        let complaints: Vec<String> = open.chain(stated::complaints(&found, &cases)).collect();
        if complaints.is_empty() { Ok(()) } else { Err(complaints.join("\n").into()) }
    })
}

fn complaint(checked: &Checked) -> Failed {
    let mut text = checked.complaints.join("\n");
    if let Some(failure) = checked.result.as_ref().ok().and_then(|r| r.verdict.failure()) {
        let (id, engine) = (&checked.id, checked.engine);
        text += &format!("\n{}", report::failure(failure));
        if !failure.replay.is_empty() {
            text += &format!("again: casebook replay {id} {engine} {}", failure.replay);
        }
    }
    text.into()
}

//! Every case under every engine is a test: `cargo test message_passing`, `cargo test loom::`.

use std::process::ExitCode;
use std::sync::Arc;

use casebook::case::{self, Entry};
use casebook::engine::Request;
use casebook::pool::Pool;
use casebook::report;
use casebook::run::{self, Checked};
use casebook::verdict::EngineId;
use libtest_mimic::{Arguments, Failed, Trial};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let corpus: &'static [Entry] = case::corpus().leak();
    let pool = Arc::new(Pool::new(env!("CARGO_BIN_EXE_casebook"), &["worker"]));
    let trials = EngineId::ALL.into_iter().flat_map(|engine| {
        let pool = &pool;
        let compiled = corpus.iter().filter(move |entry| entry.engines.contains(&engine));
        compiled.map(move |entry| trial(pool.clone(), engine, entry))
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

fn trial(pool: Arc<Pool>, engine: EngineId, entry: &'static Entry) -> Trial {
    let (family, id) = (entry.shape.family(), entry.id.replace('/', "::"));
    Trial::test(format!("{engine}::{family}::{id}"), move || {
        let checked = run::check(&pool, engine, entry, &Request::default());
        if checked.as_declared() { Ok(()) } else { Err(complaint(&checked)) }
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

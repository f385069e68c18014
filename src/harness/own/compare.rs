//! The same tests under the crate's own loom, beside what rc11 says of them.
//!
//! Nothing of loom's is changed, so all that is known is how the test's process ends, and what loom logs. loom says
//! nothing where its own bounds stop a search; they are taken off, and a test that does not end in time is killed.

use std::collections::BTreeMap;
use std::fmt;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::build::Library;
use super::process::Ended;
use super::run::{One, Tested};
use super::selection::Selection;
use crate::cli::Refusal;
use crate::run;

/// What loom says of a test.
#[derive(Clone, Debug, Serialize)]
pub struct Compared {
    pub verdict: Verdict,
    /// How many executions its models had, where loom tells.
    pub executions: Option<u64>,
    pub millis: u64,
    pub why: String,
}

/// A verdict of loom's, by the words that it has in the corpus.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Its search came to its end, and that is all: it is known to skip executions.
    Explored,
    /// An execution fails, as the test may expect.
    Refuted,
    /// It did not end in time, or at one of loom's bounds.
    Bounded,
    /// The process died, and no test has failed.
    #[serde(rename = "no_verdict")]
    Unknown,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Verdict::Explored => "explored",
            Verdict::Refuted => "refuted",
            Verdict::Bounded => "bounded",
            Verdict::Unknown => "no verdict",
        })
    }
}

/// The engines that may stand beside rc11: loom is the only one.
pub fn engine(name: &str) -> Result<(), String> {
    match name {
        "loom" => Ok(()),
        "shuttle" => {
            Err("shuttle has types of its own, which tests for loom do not use; only loom \
                          can run them, too"
                .to_string())
        }
        _ => Err("only loom can stand beside rc11".to_string()),
    }
}

/// Compiles the crate once more, with the loom that it asks for, and puts its answers with the others.
pub fn beside(selection: &Selection, results: &mut [Tested]) -> Result<(), Refusal> {
    let built = selection.build(Library::Loom)?;
    let wanted = |one: &One<'_>| results.iter().any(|tested| tested.test == one.title);
    let tests: Vec<One<'_>> = selection.tests(&built)?.into_iter().filter(wanted).collect();
    let (mut found, mut refusal) = (BTreeMap::new(), None);
    let work = |one: &One<'_>| (one.title.clone(), ask(one, selection.limit()));
    run::on_all_cores(&tests, work, |(title, compared)| {
        match compared {
            Ok(compared) => _ = found.insert(title, compared),
            Err(error) => refusal = Some(error),
        }
        refusal.is_none()
    });
    for tested in results {
        tested.loom = found.remove(&tested.test);
    }
    refusal.map_or(Ok(()), Err)
}

fn ask(one: &One<'_>, limit: Duration) -> Result<Compared, Refusal> {
    let mut command = one.command();
    // It tells how many executions there were.
    command.env("LOOM_LOG", "loom::model=info");
    for bound in ["LOOM_MAX_DURATION", "LOOM_MAX_PERMUTATIONS", "LOOM_MAX_PREEMPTIONS"] {
        command.env_remove(bound);
    }
    let start = Instant::now();
    let ended = one.process(&mut command, limit)?;
    Ok(compared(&ended, start.elapsed(), limit))
}

/// What the end of a test's process means.
fn compared(ended: &Ended, elapsed: Duration, limit: Duration) -> Compared {
    let output = &ended.output;
    let completed = output.split("Completed in ").skip(1);
    let counts = completed.filter_map(|text| text.split(' ').next()?.parse::<u64>().ok());
    let counts: Vec<u64> = counts.collect();
    let panic = output.lines().skip_while(|line| !line.contains(" panicked at ")).nth(1);
    let panic = panic.unwrap_or_default().trim().to_string();
    let success = ended.status.map(|status| (status.success(), status.code().is_some(), status));
    let (verdict, why) = match success {
        None => (Verdict::Bounded, format!("no end after {limit:?}")),
        Some(_) if panic.contains("exceeded maximum number of branches") => {
            (Verdict::Bounded, "stopped at its bound of branches".to_string())
        }
        Some((true, ..)) if output.contains("- should panic ... ok") => {
            (Verdict::Refuted, "as the test expects".to_string())
        }
        Some((true, ..)) => (Verdict::Explored, String::new()),
        Some((false, true, _)) => (Verdict::Refuted, panic),
        Some((false, false, status)) => (Verdict::Unknown, status.to_string()),
    };
    let executions =
        (!counts.is_empty() && verdict == Verdict::Explored).then(|| counts.iter().sum());
    Compared { verdict, executions, millis: elapsed.as_millis() as u64, why }
}

impl Compared {
    /// The verdict and the number, as a table has them.
    pub fn words(&self) -> String {
        let Compared { verdict, executions, .. } = self;
        executions.map_or(verdict.to_string(), |executions| format!("{verdict} {executions}"))
    }
}

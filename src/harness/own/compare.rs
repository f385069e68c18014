//! The same tests under the crate's own loom, beside what rc11 says of them.
//!
//! Nothing of loom's is changed, so all that is known is how the test's process ends, and what loom logs. loom says
//! nothing where its own bounds stop a search; they are taken off, and a test that does not end in time is killed.

use std::collections::BTreeMap;
use std::fmt;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::build::Built;
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

/// Runs the same tests as they are compiled with the loom that the crate asks for, and puts its answers with the others.
pub fn beside(
    selection: &Selection,
    built: &Built<'_>,
    results: &mut [Tested],
) -> Result<(), Refusal> {
    let wanted = |one: &One<'_>| results.iter().any(|tested| tested.test == one.title);
    let tests: Vec<One<'_>> = selection.tests(built)?.into_iter().filter(wanted).collect();
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
    Ok(compared(&ended, &one.name, start.elapsed(), limit))
}

/// What libtest says of a test that is to panic, and does not.
const UNMET: &str = "note: test did not panic as expected";

/// What the end of a test's process means.
fn compared(ended: &Ended, name: &str, elapsed: Duration, limit: Duration) -> Compared {
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
        Some((true, ..)) if output.contains(&format!("test {name} - should panic ... ok")) => {
            (Verdict::Refuted, "as the test expects".to_string())
        }
        Some((true, ..)) => (Verdict::Explored, String::new()),
        Some((false, true, _)) if output.lines().any(|line| line.starts_with(UNMET)) => {
            (Verdict::Explored, "no execution fails as the test expects".to_string())
        }
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

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::process::ExitStatusExt;
    use std::process::ExitStatus;

    fn verdict(code: i32, output: &str) -> (Verdict, String) {
        let ended =
            Ended { status: Some(ExitStatus::from_raw(code << 8)), output: output.to_string() };
        let Compared { verdict, why, .. } =
            compared(&ended, "a::b", Duration::ZERO, Duration::ZERO);
        (verdict, why)
    }

    #[test]
    fn a_test_that_expects_a_failure_is_told_by_what_loom_finds() {
        let found =
            "thread 'a::b' panicked at src/lib.rs:1:1:\nno\ntest a::b - should panic ... ok\n";
        assert_eq!(verdict(0, found), (Verdict::Refuted, "as the test expects".to_string()));
        let none = "test a::b - should panic ... FAILED\n\nfailures:\n\n---- a::b stdout ----\n\
                    note: test did not panic as expected at src/lib.rs:3:4\n";
        let why = "no execution fails as the test expects".to_string();
        assert_eq!(verdict(101, none), (Verdict::Explored, why));
        let another = "thread 'a::b' panicked at src/lib.rs:1:1:\nno\ntest a::b - should panic ... FAILED\n\
                    note: panic did not contain expected string\n";
        assert_eq!(verdict(101, another), (Verdict::Refuted, "no".to_string()));
        // What a test prints is no word of libtest's about it.
        let prints = "test other - should panic ... ok\ntest a::b ... ok\n";
        assert_eq!(verdict(0, prints).0, Verdict::Explored);
    }
}

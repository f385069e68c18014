//! Explores every execution of a closure.

use std::path::PathBuf;
use std::sync::PoisonError;
use std::time::Duration;

use rc11::{Checker, FailureKind, Verdict};

use crate::replay::{self, Replay};
use crate::world::{self, Learnt};
use crate::{orderings, told};

/// How to explore, with loom's fields. Those that bound a search bound this one, and it says so.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Builder {
    /// Not looked at: there may be any number.
    pub max_threads: usize,
    /// Not looked at: an execution may have 10,000 operations in a thread.
    pub max_branches: usize,
    /// Executions after which the search is cut off.
    pub max_permutations: Option<usize>,
    /// Time after which the search is cut off; a quarter of it is kept for random walks through what is too large.
    pub max_duration: Option<Duration>,
    /// Not looked at: executions are graphs, and no thread preempts another one in them.
    pub preemption_bound: Option<usize>,
    /// Not looked at: a token replays an execution.
    pub checkpoint_file: Option<PathBuf>,
    /// Not looked at.
    pub checkpoint_interval: usize,
    /// Not looked at: everything is explored.
    pub expect_explicit_explore: bool,
    /// Not looked at: places are always known.
    pub location: bool,
    /// Not looked at: a failure is told with its steps.
    pub log: bool,
}

impl Default for Builder {
    fn default() -> Self {
        Builder::new()
    }
}

impl Builder {
    /// As loom's environment variables say.
    pub fn new() -> Builder {
        let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
        Builder {
            max_threads: crate::MAX_THREADS,
            max_branches: 1_000,
            max_permutations: number("LOOM_MAX_PERMUTATIONS").map(|n: u64| n as usize),
            max_duration: number("LOOM_MAX_DURATION").map(Duration::from_secs),
            preemption_bound: None,
            checkpoint_file: None,
            checkpoint_interval: 20_000,
            expect_explicit_explore: false,
            location: false,
            log: false,
        }
    }

    /// Sets the file for checkpoints, which is not looked at.
    pub fn checkpoint_file(&mut self, file: &str) -> &mut Self {
        self.checkpoint_file = Some(file.into());
        self
    }

    /// Explores every execution of `f`.
    ///
    /// # Panics
    /// If one fails, with the failure's own message first; if the engine cannot explore it.
    #[track_caller]
    pub fn check<F>(&self, f: F)
    where
        F: Fn() + Sync + Send + 'static,
    {
        let mut checker = orderings::ask(Checker::new().spurious(0));
        if let Some(executions) = self.max_permutations {
            checker = checker.max_executions(executions as u64);
        }
        if let Some(time) = self.max_duration {
            // Where three quarters are not enough for all executions, the last one is for random ones.
            let walk = if self.max_permutations.is_none() { time / 4 } else { Duration::ZERO };
            checker = checker.time_limit(time - walk).walk(walk);
        }
        let replay = Replay::asked();
        let learnt = Learnt::default();
        let report = loop {
            let known = learnt.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let body = || {
                world::begin(&known, &learnt);
                f();
                world::drop_locals();
                world::end();
            };
            let found = match &replay {
                None => Ok(checker.check(body)),
                Some(replay) => replay.run(&checker, &known, body),
            };
            // What was met too late is known now, and was a failure of no program, nor of a token.
            if *learnt.lock().unwrap_or_else(PoisonError::into_inner) != known {
                continue;
            }
            match found {
                Ok(mut report) => {
                    if let Verdict::Failed(failure) = &mut report.verdict {
                        failure.replay = replay::token(&failure.replay, &known);
                    }
                    break report;
                }
                Err(why) => return Replay::leave_out(why),
            }
        };
        world::forget();
        told::tell(&report);
        match &report.verdict {
            Verdict::Proved => {}
            Verdict::Bounded(limit) => eprintln!("bounded, and no proof: {limit}\n{report}"),
            Verdict::Failed(failure) => {
                panic!("{}{}\n\n{report}", prefix(failure.kind), failure.message)
            }
            Verdict::Error(error) => panic!("the engine cannot explore this: {error}"),
        }
    }
}

/// What loom begins its message with, for tests that expect it.
fn prefix(kind: FailureKind) -> &'static str {
    match kind {
        FailureKind::DataRace => "Causality violation: Concurrent accesses: ",
        FailureKind::Deadlock => "deadlock; ",
        _ => "",
    }
}

/// Explores every execution of `f`, as loom's environment variables say.
///
/// # Panics
/// As [`Builder::check`].
#[track_caller]
pub fn model<F>(f: F)
where
    F: Fn() + Sync + Send + 'static,
{
    Builder::new().check(f);
}

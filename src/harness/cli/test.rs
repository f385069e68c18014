//! `casebook test`: the loom tests that a crate has, unedited, under rc11.
//!
//! The crate is compiled in a *shadow*: a folder below its target folder with links to all that it has and a
//! lock file of its own, in which our library stands in loom's place. Nothing of the crate is changed. Each
//! test runs in a process of its own, and its models tell what they found in a file.

mod build;
mod junit;
mod orderings;
mod process;
mod show;

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use casebook_core::ordering::Use;
use clap::Args;
use serde::{Deserialize, Serialize, Serializer};

use super::{End, Refusal};
use crate::run;

#[derive(Args)]
pub struct Test {
    /// Only tests whose name contains this
    #[arg(default_value = "")]
    filter: String,
    /// Seconds for each model. Where three quarters of them do not suffice for its search, the last quarter goes to
    /// random walks, which say how large the search is: it is bounded then, and no proof. A test that takes ten
    /// times as long is killed
    #[arg(long, default_value_t = 60)]
    limit: u64,
    /// The cfg under which the crate has its loom tests; found in its sources if not said
    #[arg(long)]
    cfg: Option<String>,
    /// Say for each memory ordering that the tests use whether they need it: it is made weaker, one at a time
    #[arg(long)]
    justify: bool,
    /// One JSON object a test, on one line; with --justify, one an ordering
    #[arg(long)]
    json: bool,
    /// Write the verdicts to this file, too, as JUnit's XML
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Arguments for `cargo test`, such as `--all-features` or `--test NAME`
    #[arg(last = true)]
    cargo: Vec<String>,
}

/// What one model found.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Model {
    verdict: Found,
    complete: u64,
    blocked: u64,
    millis: u64,
    why: String,
    token: String,
    /// The orderings that it uses, where somebody asked for them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    orderings: Vec<Use>,
}

/// How the search of a model ended, the worst last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Found {
    Proved,
    Bounded,
    Failed,
    Error,
}

/// What became of one test.
#[derive(Debug, Serialize)]
struct Tested {
    test: String,
    verdict: Verdict,
    models: Vec<Model>,
    /// What it printed, where it failed.
    #[serde(skip_serializing_if = "String::is_empty")]
    output: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    replay: Option<String>,
}

/// A test is killed after so many times the limit of a model: it may have several, but not so many.
const LONGEST: u32 = 10;

/// A verdict on a test.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Verdict {
    /// Every model is proved.
    Proved,
    /// A search was cut off; what the models visited passed, and so did the test.
    Bounded,
    /// A search was cut off, and the test fails: it may look at what was seen, and that was not all.
    BoundedAndFails,
    /// A model fails, and the test asks for that.
    FailedAsExpected,
    /// A model fails.
    Failed,
    /// The engine cannot explore a model.
    Error,
    /// It passes, and is none of loom's.
    NoModel,
    /// Its process ended so, whatever its models found.
    Ended(String),
}

impl Verdict {
    fn of(worst: Option<Found>, status: Option<ExitStatus>) -> Verdict {
        let Some(status) = status else { return Verdict::Ended("killed: too long".to_string()) };
        match (worst, status.success()) {
            (Some(Found::Error), _) => Verdict::Error,
            (Some(Found::Failed), true) => Verdict::FailedAsExpected,
            (Some(Found::Failed), false) => Verdict::Failed,
            (Some(Found::Bounded), true) => Verdict::Bounded,
            (Some(Found::Bounded), false) => Verdict::BoundedAndFails,
            (Some(Found::Proved), true) => Verdict::Proved,
            (None, true) => Verdict::NoModel,
            (Some(Found::Proved) | None, false) => Verdict::Ended(status.to_string()),
        }
    }

    /// Whether it is as it should be.
    fn passes(&self) -> bool {
        matches!(self, Verdict::Proved | Verdict::Bounded | Verdict::FailedAsExpected)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Verdict::Proved => "proved",
            Verdict::Bounded => "bounded",
            Verdict::BoundedAndFails => "bounded, fails",
            Verdict::FailedAsExpected => "failed as expected",
            Verdict::Failed => "failed",
            Verdict::Error => "error",
            Verdict::NoModel => "no model",
            Verdict::Ended(how) => how,
        })
    }
}

impl Serialize for Verdict {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Tested {
    /// What is wrong, in a line.
    fn why(&self) -> String {
        let worst = self.models.iter().max_by_key(|model| model.verdict);
        let why = worst.and_then(|model| model.why.lines().next()).map(str::to_string);
        why.unwrap_or_else(|| self.verdict.to_string())
    }
}

/// A test of a compiled program.
struct One<'a> {
    program: &'a build::Program,
    name: String,
    /// Where its models tell what they found.
    folder: &'a Path,
}

impl Test {
    pub fn run(self) -> Result<End, Refusal> {
        let start = Instant::now();
        let built = build::build(self.cfg.as_deref(), &self.cargo)?;
        let mut tests = Vec::new();
        for program in &built.programs {
            let names = program.tests()?.into_iter().filter(|name| name.contains(&self.filter));
            tests.extend(names.map(|name| One { program, name, folder: &built.folder }));
        }
        if tests.is_empty() {
            return Err(format!("no test contains `{}` under `--cfg {}`", self.filter, built.cfg));
        }
        let progress = super::progress(tests.len() as u64);
        let (mut results, mut refusal) = (Vec::new(), None);
        let limit = Duration::from_secs(self.limit);
        let work = |test: &One<'_>| test.run(limit, self.justify.then_some(""));
        run::on_all_cores(&tests, work, |tested| {
            progress.inc(1);
            match tested {
                Ok(Tested { verdict: Verdict::NoModel, .. }) => {}
                Ok(tested) => {
                    progress.set_message(tested.test.clone());
                    if self.json && !self.justify {
                        refusal = print_json(&tested).err();
                    }
                    results.push(tested);
                }
                Err(error) => refusal = Some(error),
            }
            refusal.is_none()
        });
        progress.finish_and_clear();
        if let Some(refusal) = refusal {
            return Err(refusal);
        }
        if results.is_empty() {
            return Err(format!("no test under `--cfg {}` runs a model of loom's", built.cfg));
        }
        results.sort_by(|a, b| a.test.cmp(&b.test));
        if let Some(path) = &self.junit {
            std::fs::write(path, junit::file(&results, start.elapsed()))
                .map_err(|e| format!("{} cannot be written: {e}", path.display()))?;
        }
        let passes = results.iter().all(|tested| tested.verdict.passes());
        if self.justify && passes {
            self.justify(&tests, &results, limit)?;
        } else if !self.json {
            super::print(&show::table(&results, super::width().0, start.elapsed()))?;
        }
        Ok(if passes { End::Done } else { End::NotAsDeclared })
    }

    /// Asks what the tests need of the orderings that they use.
    fn justify(
        &self,
        tests: &[One<'_>],
        before: &[Tested],
        limit: Duration,
    ) -> Result<(), Refusal> {
        let mut refusal = None;
        let found = orderings::justify(tests, before, limit, |justified| {
            if self.json {
                refusal = print_json(justified).err();
            }
            refusal.is_none()
        })?;
        match refusal {
            Some(refusal) => Err(refusal),
            None if self.json => Ok(()),
            None => super::print(&orderings::table(&found, super::width().0)),
        }
    }
}

fn print_json(value: &impl Serialize) -> Result<(), Refusal> {
    let line = serde_json::to_string(value).expect("it is plain data");
    super::print(&format!("{line}\n"))
}

impl One<'_> {
    /// Runs it in a process of its own; `orderings` is what its models hear of orderings, if they are to tell theirs.
    fn run(&self, limit: Duration, orderings: Option<&str>) -> Result<Tested, Refusal> {
        static RUNS: AtomicUsize = AtomicUsize::new(0);
        // Relaxed: it only numbers the files.
        let number = RUNS.fetch_add(1, Ordering::Relaxed);
        let report = self.folder.join(format!("report-{number}.jsonl"));
        let _ = std::fs::remove_file(&report);
        let program = &self.program.file;
        let mut command = Command::new(program);
        command.args(["--exact", &self.name, "--nocapture"]).current_dir(&self.program.folder);
        command.env("CASEBOOK_REPORT", &report).env("RUST_BACKTRACE", "0");
        command.env("LOOM_MAX_DURATION", limit.as_secs().to_string());
        if let Some(orderings) = orderings {
            command.env("CASEBOOK_ORDERINGS", orderings);
        }
        let ended = process::run(&mut command, limit * LONGEST);
        let ended = ended.map_err(|e| format!("{} cannot be run: {e}", program.display()))?;
        let lines = std::fs::read_to_string(&report).unwrap_or_default();
        let _ = std::fs::remove_file(&report);
        let models: Result<Vec<Model>, _> = lines.lines().map(serde_json::from_str).collect();
        let models = models.map_err(|e| format!("what {} tells makes no sense: {e}", self.name))?;
        let verdict = Verdict::of(models.iter().map(|model| model.verdict).max(), ended.status);
        let replay = models.iter().find(|model| model.verdict == Found::Failed).map(|model| {
            let (folder, token) = (self.program.folder.display(), &model.token);
            let program = program.display();
            format!("cd {folder} && CASEBOOK_REPLAY='{token}' {program} --exact {}", self.name)
        });
        let passed = ended.status.is_some_and(|status| status.success());
        let output = if passed { String::new() } else { ended.output };
        Ok(Tested { test: self.name.clone(), verdict, models, output, replay })
    }
}

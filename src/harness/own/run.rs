//! A test of the crate: one run of it, in a process of its own, and what became of it.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use casebook_core::ordering::Use;
use serde::{Deserialize, Serialize, Serializer};

use super::compare::Compared;
use super::process::{self, Ended};
use super::{build, graph};
use crate::cli::Refusal;

/// What one model found.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Model {
    pub verdict: Found,
    pub complete: u64,
    pub blocked: u64,
    pub millis: u64,
    pub why: String,
    /// How load buffering could go beyond a proof; empty where it could not.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub exposed: String,
    pub token: String,
    /// The orderings that it uses, where somebody asked for them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub orderings: Vec<Use>,
    /// The execution that fails.
    #[serde(default, skip_serializing)]
    pub graph: Option<graph::Told>,
}

/// How the search of a model ended, the worst last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Found {
    Proved,
    /// Every execution in which no wait times out was visited; with time-outs the search was cut off.
    Untimed,
    Bounded,
    Failed,
    Error,
}

/// What became of one test.
#[derive(Debug, Serialize)]
pub struct Tested {
    /// The title of the test, which no other has.
    pub test: String,
    pub verdict: Verdict,
    pub models: Vec<Model>,
    /// What it printed, where it failed.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub output: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replay: Option<String>,
    /// Where the picture of the failing execution is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub graph: Option<PathBuf>,
    /// What the crate's own loom says, where it is asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loom: Option<Compared>,
}

/// A test is killed after so many times the limit of a model: it may have several, but not so many.
const LONGEST: u32 = 10;

/// A verdict on a test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every model is proved.
    Proved,
    /// Every model is proved for all executions in which no wait times out; with time-outs a search was cut off.
    Untimed,
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
    /// It took too long, and was killed.
    Killed,
    /// Its process ended so, whatever its models found.
    Ended(String),
}

impl Verdict {
    pub(super) fn of(worst: Option<Found>, status: Option<ExitStatus>) -> Verdict {
        let Some(status) = status else { return Verdict::Killed };
        match (worst, status.success()) {
            (Some(Found::Error), _) => Verdict::Error,
            (Some(Found::Failed), true) => Verdict::FailedAsExpected,
            (Some(Found::Failed), false) => Verdict::Failed,
            (Some(Found::Untimed), true) => Verdict::Untimed,
            (Some(Found::Bounded), true) => Verdict::Bounded,
            (Some(Found::Untimed | Found::Bounded), false) => Verdict::BoundedAndFails,
            (Some(Found::Proved), true) => Verdict::Proved,
            (None, true) => Verdict::NoModel,
            (Some(Found::Proved) | None, false) => Verdict::Ended(status.to_string()),
        }
    }

    /// Whether it is as it should be.
    pub fn passes(&self) -> bool {
        use Verdict::{Bounded, FailedAsExpected, Proved, Untimed};
        matches!(self, Proved | Untimed | Bounded | FailedAsExpected)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Verdict::Proved => "proved",
            Verdict::Untimed => "proved untimed",
            Verdict::Bounded => "bounded",
            Verdict::BoundedAndFails => "bounded, fails",
            Verdict::FailedAsExpected => "failed as expected",
            Verdict::Failed => "failed",
            Verdict::Error => "error",
            Verdict::NoModel => "no model",
            Verdict::Killed => "killed: too long",
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
    /// Draws the execution with which it fails, if it does, into `folder`; what was drawn of it before goes.
    pub fn draw(&mut self, folder: &Path, sources: &Path) -> Result<(), Refusal> {
        let _ = std::fs::remove_file(graph::path(folder, &self.test));
        let told = self.models.iter().find_map(|model| model.graph.as_ref());
        if let Some(told) = told.filter(|_| !self.verdict.passes()) {
            self.graph = graph::draw(told, &self.test, folder, sources)
                .map_err(|e| format!("{} cannot be written to: {e}", folder.display()))?;
        }
        Ok(())
    }

    /// The orderings that its models used, where somebody asked for them.
    pub fn orderings(&self) -> impl Iterator<Item = &Use> {
        self.models.iter().flat_map(|model| &model.orderings)
    }

    /// What is wrong, in a line.
    pub fn why(&self) -> String {
        let ended = self.models.iter().filter(|_| self.verdict != Verdict::Killed);
        let worst = ended.max_by_key(|model| model.verdict);
        let why = worst.and_then(|model| model.why.lines().next()).map(str::to_string);
        why.unwrap_or_else(|| self.verdict.to_string())
    }
}

/// A word as shells read it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/_-.:".contains(c);
    match word.chars().all(plain) {
        true => word.to_string(),
        false => format!("'{}'", word.replace('\'', "'\\''")),
    }
}

/// A test of a compiled program.
pub struct One<'a> {
    pub program: &'a build::Program,
    pub name: String,
    /// What it is called here: by its name, after that of its program where another one has a test of this name.
    pub title: String,
    /// Where its models tell what they found.
    pub folder: &'a Path,
}

impl One<'_> {
    /// What runs it.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.program.file);
        command.args(["--exact", &self.name, "--nocapture"]).current_dir(&self.program.folder);
        command.env("RUST_BACKTRACE", "0");
        // With one thread, as on one core, libtest runs the test on the main thread, and breaks the line that says how it ends.
        command.env("RUST_TEST_THREADS", "2");
        command
    }

    /// Its process to the end, or as long as it may take.
    pub fn process(&self, command: &mut Command, limit: Duration) -> Result<Ended, Refusal> {
        let program = self.program.file.display();
        process::run(command, limit).map_err(|e| format!("{program} cannot be run: {e}"))
    }

    /// Runs it in a process of its own; `orderings` is what its models hear of orderings, if they are to tell theirs.
    pub fn run(&self, limit: Duration, orderings: Option<&str>) -> Result<Tested, Refusal> {
        static RUNS: AtomicUsize = AtomicUsize::new(0);
        // Relaxed: it only numbers the files.
        let number = RUNS.fetch_add(1, Ordering::Relaxed);
        // Others may run at the same time, in the same folder.
        let of = std::process::id();
        let report = self.folder.join(format!("report-{of}-{number}.jsonl"));
        let _ = std::fs::remove_file(&report);
        let mut command = self.command();
        command.env("CASEBOOK_REPORT", &report);
        command.env("LOOM_MAX_DURATION", limit.as_secs().to_string());
        if let Some(orderings) = orderings {
            command.env("CASEBOOK_ORDERINGS", orderings);
        }
        let ended = self.process(&mut command, limit * LONGEST)?;
        let lines = std::fs::read_to_string(&report).unwrap_or_default();
        let _ = std::fs::remove_file(&report);
        let models: Result<Vec<Model>, _> = lines.lines().map(serde_json::from_str).collect();
        let models = models.map_err(|e| format!("what {} tells makes no sense: {e}", self.name))?;
        let verdict = Verdict::of(models.iter().map(|model| model.verdict).max(), ended.status);
        let replay = models.iter().find(|model| model.verdict == Found::Failed).map(|model| {
            let folder = quoted(&self.program.folder.to_string_lossy());
            let program = quoted(&self.program.file.to_string_lossy());
            let (token, name) = (quoted(&model.token), quoted(&self.name));
            let weaker = orderings.filter(|weaker| !weaker.is_empty()).map(quoted);
            let weaker = weaker.map_or(String::new(), |by| format!("CASEBOOK_ORDERINGS={by} "));
            format!("cd {folder} && {weaker}CASEBOOK_REPLAY={token} {program} --exact {name}")
        });
        let passed = ended.status.is_some_and(|status| status.success());
        let output = if passed { String::new() } else { ended.output };
        Ok(Tested {
            test: self.title.clone(),
            verdict,
            models,
            output,
            replay,
            graph: None,
            loom: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_killed_test_says_that_and_not_what_a_model_of_it_was_bounded_by() {
        let model = Model {
            verdict: Found::Bounded,
            complete: 1,
            blocked: 0,
            millis: 1,
            why: "stopped at 1 s".to_string(),
            exposed: String::new(),
            token: String::new(),
            orderings: Vec::new(),
            graph: None,
        };
        let tested = |verdict| Tested {
            test: String::new(),
            verdict,
            models: vec![model.clone()],
            output: String::new(),
            replay: None,
            graph: None,
            loom: None,
        };
        assert_eq!(tested(Verdict::Killed).why(), "killed: too long");
        assert_eq!(tested(Verdict::Bounded).why(), "stopped at 1 s");
    }
}

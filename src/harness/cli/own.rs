//! `casebook test`: the loom tests that a crate has, unedited, under rc11.
//!
//! The crate is compiled in a *shadow*: a folder below its target folder with links to all that it has and a
//! lock file of its own, in which our library stands in loom's place. Nothing of the crate is changed. Each
//! test runs in a process of its own, and its models tell what they found in a file.

mod build;
mod show;

use std::io::{self, Read};
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use clap::Args;
use serde::{Deserialize, Serialize};

use super::{End, Refusal};
use crate::run;

#[derive(Args)]
pub struct Own {
    /// Only tests whose name contains this
    #[arg(default_value = "")]
    filter: String,
    /// Seconds after which the search of a model is cut off: it is bounded then, and no proof. A test that takes
    /// ten times as long is killed
    #[arg(long, default_value_t = 60)]
    limit: u64,
    /// The cfg under which the crate has its loom tests; found in its sources if not said
    #[arg(long)]
    cfg: Option<String>,
    /// One JSON object a test, on one line
    #[arg(long)]
    json: bool,
    /// Arguments for `cargo test`, such as `--all-features` or `--test NAME`
    #[arg(last = true)]
    cargo: Vec<String>,
}

/// What one model found.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Model {
    verdict: String,
    complete: u64,
    blocked: u64,
    millis: u64,
    why: String,
    token: String,
}

/// What became of one test.
#[derive(Debug, Serialize)]
struct Tested {
    test: String,
    /// `proved`, `bounded`, `failed`, `error`, or how its process ended.
    verdict: String,
    models: Vec<Model>,
    /// What it printed, where it failed.
    #[serde(skip_serializing_if = "String::is_empty")]
    output: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    replay: Option<String>,
}

/// A test is killed after so many times the limit of a model: it may have several, but not so many.
const LONGEST: u32 = 10;

/// How a process ended.
struct Ended {
    /// None if it was killed.
    status: Option<ExitStatus>,
    output: String,
}

/// Runs a process to its end, or kills it after `limit`.
fn ended(command: &mut Command, limit: Duration) -> io::Result<Ended> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    let (sender, closed) = mpsc::channel();
    let read = |stream: Option<Box<dyn Read + Send>>| {
        let (sender, mut stream) = (sender.clone(), stream.expect("it is piped"));
        thread::spawn(move || {
            let mut bytes = Vec::new();
            // What can be read is shown; that the rest cannot be is no finding about the test.
            let _ = stream.read_to_end(&mut bytes);
            let _ = sender.send(());
            bytes
        })
    };
    let out = read(child.stdout.take().map(|stream| Box::new(stream) as _));
    let err = read(child.stderr.take().map(|stream| Box::new(stream) as _));
    let deadline = Instant::now() + limit;
    let left = || deadline.saturating_duration_since(Instant::now());
    let in_time = (0..2).all(|_| closed.recv_timeout(left()).is_ok());
    if !in_time {
        child.kill()?;
    }
    let status = child.wait()?;
    let bytes = [out, err].map(|reader| reader.join().unwrap_or_default()).concat();
    let output = String::from_utf8_lossy(&bytes).into_owned();
    Ok(Ended { status: in_time.then_some(status), output })
}

/// The verdict on a test that expects its model to fail.
const EXPECTED: &str = "failed as expected";

impl Tested {
    /// Whether it is as it should be.
    fn passes(&self) -> bool {
        ["proved", "bounded", EXPECTED].contains(&&self.verdict[..])
    }
}

/// A test of a compiled program.
struct Test<'a> {
    program: &'a build::Program,
    name: String,
}

impl Own {
    pub fn run(self) -> Result<End, Refusal> {
        let start = Instant::now();
        let built = build::build(self.cfg.as_deref(), &self.cargo)?;
        let mut tests = Vec::new();
        for program in &built.programs {
            let names = program.tests()?.into_iter().filter(|name| name.contains(&self.filter));
            tests.extend(names.map(|name| Test { program, name }));
        }
        if tests.is_empty() {
            return Err(format!("no test contains `{}` under `--cfg {}`", self.filter, built.cfg));
        }
        let progress = super::progress(tests.len() as u64);
        let (mut results, mut refusal) = (Vec::new(), None);
        let (count, limit) = (AtomicUsize::new(0), Duration::from_secs(self.limit));
        let work = |test: &Test<'_>| {
            // Relaxed: it only numbers the files.
            let number = count.fetch_add(1, Ordering::Relaxed);
            test.run(limit, built.folder.join(format!("report-{number}.jsonl")))
        };
        run::on_all_cores(&tests, work, |tested| {
            progress.inc(1);
            match tested {
                // A test without a model is none of loom's.
                Ok(tested) if tested.models.is_empty() && tested.verdict == "passed" => {}
                Ok(tested) => {
                    progress.set_message(tested.test.clone());
                    if self.json {
                        let line = serde_json::to_string(&tested).expect("it is plain data");
                        refusal = super::print(&format!("{line}\n")).err();
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
        if !self.json {
            super::print(&show::table(&results, super::width().0, start.elapsed()))?;
        }
        Ok(if results.iter().all(Tested::passes) { End::Done } else { End::NotAsDeclared })
    }
}

impl Test<'_> {
    /// Runs it in a process of its own.
    fn run(&self, limit: Duration, report: PathBuf) -> Result<Tested, Refusal> {
        let _ = std::fs::remove_file(&report);
        let program = &self.program.file;
        let mut command = Command::new(program);
        command.args(["--exact", &self.name, "--nocapture"]).current_dir(&self.program.folder);
        command.env("CASEBOOK_REPORT", &report).env("RUST_BACKTRACE", "0");
        command.env("LOOM_MAX_DURATION", limit.as_secs().to_string());
        let ended = ended(&mut command, limit * LONGEST);
        let ended = ended.map_err(|e| format!("{} cannot be run: {e}", program.display()))?;
        let lines = std::fs::read_to_string(&report).unwrap_or_default();
        let _ = std::fs::remove_file(&report);
        let models: Vec<Model> =
            lines.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        let worst = ["error", "failed", "bounded"];
        let worst = worst.iter().find(|word| models.iter().any(|model| model.verdict == **word));
        let passed = ended.status.is_some_and(|status| status.success());
        let verdict = match (worst, passed, models.is_empty()) {
            // A test may expect that its model fails.
            (Some(&"failed"), true, _) => EXPECTED.to_string(),
            // It looks at what its model has seen, and that was not all.
            (Some(&"bounded"), false, _) => "bounded, fails".to_string(),
            (Some(word), _, _) => word.to_string(),
            (None, true, true) => "passed".to_string(),
            (None, true, false) => "proved".to_string(),
            (None, false, _) => {
                ended.status.map_or("killed: too long".into(), |status| status.to_string())
            }
        };
        let replay = models.iter().find(|model| model.verdict == "failed").map(|model| {
            let (folder, token) = (self.program.folder.display(), &model.token);
            let program = program.display();
            format!("cd {folder} && CASEBOOK_REPLAY='{token}' {program} --exact {}", self.name)
        });
        let output = if passed { String::new() } else { ended.output };
        Ok(Tested { test: self.name.clone(), verdict, models, output, replay })
    }
}

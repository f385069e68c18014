//! Both ends of the pipe between the pool and a worker: JSON lines, one job and one answer.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use wait_timeout::ChildExt;

use crate::system;
use casebook_core::case;
use casebook_core::verdict::{CheckError, EngineId, Report};
use casebook_engine::{self as engine, Request};

#[derive(Serialize, Deserialize)]
struct Job {
    engine: EngineId,
    subject: Subject,
    request: Request,
}

/// What is to be checked.
#[derive(Serialize, Deserialize)]
pub(super) enum Subject {
    /// The case with this id.
    Case(String),
    /// The litmus test with this text.
    Litmus(String),
    /// A litmus file, for which other workers may be asked.
    File(crate::litmus::Job),
}

impl Job {
    /// The answer as JSON: what is asked for, or a [`CheckError`].
    fn answer(&self) -> String {
        let answer = match &self.subject {
            Subject::File(job) => match crate::cli::pool() {
                Ok(pool) => {
                    serde_json::to_string(&Ok::<_, CheckError>(job.asked.answer(&job.file, &pool)))
                }
                Err(why) => serde_json::to_string(&Err::<(), _>(CheckError::new(why))),
            },
            Subject::Case(_) | Subject::Litmus(_) => serde_json::to_string(&self.check()),
        };
        answer.expect("an answer is plain data")
    }

    fn check(&self) -> Result<Report, CheckError> {
        let engine = self.engine;
        match &self.subject {
            Subject::File(_) => unreachable!("a file is answered, and not checked"),
            Subject::Case(id) => match case::find(engine, id) {
                Some(case) => engine::check(engine, case, &self.request),
                None => Err(CheckError::new(format!("{engine} has no case {id}"))),
            },
            Subject::Litmus(text) => match casebook_litmus::parse(text, "the test") {
                Ok(test) => super::litmus::check(engine, &test),
                Err(error) => Err(CheckError::new(error.to_string())),
            },
        }
    }
}

/// Starts every answer, so that what a case prints is not taken for one.
const MARK: char = '\u{1e}';

/// How long a worker whose output has ended is waited for, before it is killed.
const DYING: Duration = Duration::from_secs(2);

/// How much of a line is read at once, and how many bytes are kept of it if no answer begins there.
const PIECE: u64 = 64 << 10;
const LONGEST_NOISE: usize = 4 << 10;

/// How many lines of a worker's output are kept for an error.
const LAST_LINES: usize = 12;

/// The most memory a worker may map. A case that eats more fails alone.
const MOST_MEMORY: u64 = 8 << 30;

/// Serves jobs from standard input until it ends. The whole of a worker process.
pub fn serve() -> ! {
    system::limit_memory(MOST_MEMORY);
    let (jobs, next) = mpsc::channel::<Job>();
    thread::spawn(move || {
        for line in std::io::stdin().lines().map_while(Result::ok) {
            let Ok(job) = serde_json::from_str(&line) else { break };
            if jobs.send(job).is_err() {
                break;
            }
        }
        // The pool is gone: nobody wants the answer of a check that still runs.
        std::process::exit(0);
    });
    for job in next {
        let answer = job.answer();
        let mut out = std::io::stdout().lock();
        if writeln!(out, "{MARK}{answer}").and_then(|()| out.flush()).is_err() {
            break;
        }
    }
    std::process::exit(0);
}

/// A worker as the pool sees it.
pub(super) struct Worker {
    child: Child,
    jobs: ChildStdin,
    answers: Receiver<String>,
    last_lines: LastLines,
    alive: bool,
}

type LastLines = Arc<Mutex<VecDeque<String>>>;

impl Worker {
    pub(super) fn start(program: &Path, arguments: &[String]) -> Result<Worker, CheckError> {
        let mut command = Command::new(program);
        command.args(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // Ctrl-C is for the pool, which then tells what is known so far.
        system::own_group(&mut command);
        let mut child = command.spawn().map_err(|error| {
            CheckError::new(format!("the worker {} does not start: {error}", program.display()))
        })?;

        let last_lines = LastLines::default();
        let (answer, answers) = mpsc::channel();
        let stdout = BufReader::new(child.stdout.take().expect("it is piped"));
        let stderr = BufReader::new(child.stderr.take().expect("it is piped"));
        let noise = last_lines.clone();
        thread::spawn(move || {
            // An answer may stand behind half a line of the case's own.
            each_line(stdout, |line| match line.rsplit_once(MARK) {
                Some((_, line)) => answer.send(line.to_string()).is_ok(),
                None => keep(&noise, line),
            });
        });
        let noise = last_lines.clone();
        thread::spawn(move || each_line(stderr, |line| keep(&noise, line)));
        let jobs = child.stdin.take().expect("it is piped");
        Ok(Worker { child, jobs, answers, last_lines, alive: true })
    }

    /// Asks, and waits for the answer, at most for `limit`, if there is one.
    pub(super) fn ask<T: DeserializeOwned>(
        &mut self,
        engine: EngineId,
        subject: Subject,
        request: &Request,
        limit: Option<Duration>,
    ) -> Result<T, CheckError> {
        let job = Job { engine, subject, request: request.clone() };
        let job = serde_json::to_string(&job).expect("a job is plain data");
        self.last_lines.lock().unwrap_or_else(PoisonError::into_inner).clear();
        // If the worker is gone, so is its answer; the reason is found below.
        let _ = writeln!(self.jobs, "{job}").and_then(|()| self.jobs.flush());
        let answer = match limit {
            Some(limit) => self.answers.recv_timeout(limit),
            None => self.answers.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        match answer {
            Ok(answer) => serde_json::from_str(&answer).unwrap_or_else(|error| {
                self.end();
                Err(CheckError::new(format!("the worker's answer makes no sense: {error}")))
            }),
            Err(RecvTimeoutError::Timeout) => {
                self.end();
                let seconds = limit.unwrap_or_default().as_secs_f32();
                Err(self.error(format!("the check ran longer than {seconds} s and was killed")))
            }
            Err(RecvTimeoutError::Disconnected) => {
                let how = self.end().map_or("for an unknown reason".into(), system::describe);
                Err(self.error(format!("the worker died {how}")))
            }
        }
    }

    pub(super) fn is_alive(&self) -> bool {
        self.alive
    }

    fn end(&mut self) -> Option<ExitStatus> {
        self.alive = false;
        // A worker whose output has ended is most likely dying by itself, and then its own status tells why; or it has closed its output.
        let has_ended = self.answers.try_recv() == Err(mpsc::TryRecvError::Disconnected);
        let patience = if has_ended { DYING } else { Duration::ZERO };
        match self.child.wait_timeout(patience) {
            Ok(Some(status)) => Some(status),
            _ => {
                let _ = self.child.kill();
                self.child.wait().ok()
            }
        }
    }

    fn error(&self, what: String) -> CheckError {
        let lines = self.last_lines.lock().unwrap_or_else(PoisonError::into_inner);
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        CheckError::new(match lines.join("\n") {
            lines if lines.is_empty() => what,
            lines => format!("{what}; its last words were:\n{lines}"),
        })
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // It may be dead already, which is as well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Keeps a line for an error; there may be more.
fn keep(last_lines: &LastLines, line: &str) -> bool {
    let mut lines = last_lines.lock().unwrap_or_else(PoisonError::into_inner);
    if lines.len() == LAST_LINES {
        lines.pop_front();
    }
    lines.push_back(line.to_string());
    true
}

/// Calls `each` with every line, whatever bytes are in it, until it says that this is enough. Of a line without an answer the beginning
/// is enough.
fn each_line(mut output: impl BufRead, mut each: impl FnMut(&str) -> bool) {
    let mut line = Vec::new();
    while let Ok(1..) = output.by_ref().take(PIECE).read_until(b'\n', &mut line) {
        let is_whole = line.ends_with(b"\n");
        if is_whole {
            if !each(String::from_utf8_lossy(&line).trim_end_matches(['\n', '\r'])) {
                return;
            }
            line.clear();
        } else if !line.contains(&(MARK as u8)) {
            line.truncate(LONGEST_NOISE);
        }
    }
    // The last one may have no end.
    if !line.is_empty() {
        each(&String::from_utf8_lossy(&line));
    }
}

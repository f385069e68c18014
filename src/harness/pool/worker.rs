//! Both ends of the pipe between the pool and a worker: JSON lines, one job and one answer.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use wait_timeout::ChildExt;

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
}

impl Job {
    fn check(&self) -> Result<Report, CheckError> {
        let engine = self.engine;
        match &self.subject {
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
    // A limit that the system refuses is no reason not to work.
    let _ = rlimit::setrlimit(rlimit::Resource::AS, MOST_MEMORY, MOST_MEMORY);
    let _ = rlimit::setrlimit(rlimit::Resource::CORE, 0, 0);
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
        let answer = serde_json::to_string(&job.check()).expect("a report is plain data");
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
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
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

    pub(super) fn check(
        &mut self,
        engine: EngineId,
        subject: Subject,
        request: &Request,
        limit: Duration,
    ) -> Result<Report, CheckError> {
        let job = Job { engine, subject, request: request.clone() };
        let job = serde_json::to_string(&job).expect("a job is plain data");
        self.last_lines.lock().unwrap_or_else(PoisonError::into_inner).clear();
        // If the worker is gone, so is its answer; the reason is found below.
        let _ = writeln!(self.jobs, "{job}").and_then(|()| self.jobs.flush());
        match self.answers.recv_timeout(limit) {
            Ok(answer) => serde_json::from_str(&answer).unwrap_or_else(|error| {
                self.end();
                Err(CheckError::new(format!("the worker's answer makes no sense: {error}")))
            }),
            Err(RecvTimeoutError::Timeout) => {
                self.end();
                let seconds = limit.as_secs_f32();
                Err(self.error(format!("the check ran longer than {seconds} s and was killed")))
            }
            Err(RecvTimeoutError::Disconnected) => {
                let how = self.end().map_or("for an unknown reason".into(), describe);
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

#[cfg(unix)]
fn describe(status: ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt;
    match status.signal() {
        Some(6) => "of SIGABRT (it aborted)".into(),
        Some(9) => "of SIGKILL (it was killed, perhaps for want of memory)".into(),
        Some(11) => "of SIGSEGV (a stack overflow or a wild access)".into(),
        Some(signal) => format!("of signal {signal}"),
        None => format!("with {status}"),
    }
}

#[cfg(not(unix))]
fn describe(status: ExitStatus) -> String {
    format!("with {status}")
}

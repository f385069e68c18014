//! The command line: one file per command, and the exit codes they share.

mod audit;
pub mod book;
mod bugs;
mod check;
mod cite;
mod file;
mod justify;
mod ledger;
mod list;
mod litmus;
mod new;
mod prove;
mod replay;
mod show;

use std::io::IsTerminal;
use std::process::{ExitCode, ExitStatus};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::cache::Cache;
use crate::pool::{self, Pool};
use crate::run;

pub use crate::report::width;
use casebook_core::case::Entry;
use casebook_core::verdict::{EngineId, Model};
use clap::{Parser, Subcommand};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A corpus of concurrent Rust programs, each with verdicts that say exactly what was proved.
///
/// Without a command, checks the whole corpus under every engine and prints one table.
#[derive(Parser)]
#[command(version, after_help = EXIT_CODES)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

const EXIT_CODES: &str = "\
Exit codes:
  0    every verdict is as declared (for the other commands: done)
  1    some verdict is not as declared, or a check gave none;
       litmus: some engine gave no answer to some file, the other answers are printed;
       audit: some finding is open, or some file cannot be audited; the others are;
       book: it is written, and says so;
       prove: the search, or a unit of it, was cut off, or a merge gives no verdict, and says why
  2    the request cannot be understood: an unknown id, engine, token, filter, path or pattern;
       or what was found cannot be written, as where a disk is full;
       book: nothing is written, what was there stays
  130  interrupted, by Ctrl-C or SIGTERM; what was known is printed";

#[derive(Subcommand)]
enum Command {
    /// Check cases and print one table
    Check(check::Check),
    /// List the cases
    List(list::List),
    /// Show a case: prose, source, expectation, and its verdicts now
    Show(show::Show),
    /// Show what articles claim about concurrency, each with a verdict and the cases that show it
    Ledger(ledger::Ledger),
    /// Say for each memory ordering whether it is needed, and what breaks without it
    Justify(justify::Justify),
    /// Print what to paste into code, a page or a paper to cite a case
    Cite(cite::Cite),
    /// Read any crate's sources: memory orderings without a reason, wrong citations, patterns that the corpus refutes
    Audit(audit::Audit),
    /// Write the corpus and its verdicts, kept or given now, as a book of static pages
    Book(book::Book),
    /// Check the published bugs: what each engine finds, and which bugs have no case
    Bugs(bugs::Bugs),
    /// Run one execution of a case again, from the token that a verdict gave
    Replay(replay::Replay),
    /// Search a case to the end under rc11: in one process, or in parts on many machines
    Prove(prove::Prove),
    /// Answer litmus tests: herd's C format in, herd's answers out
    Litmus(litmus::Litmus),
    /// Begin a case: write its file from the template, and its line in the registry
    New(new::New),
    /// Serve checks to the pool that started this process
    #[command(hide = true)]
    Worker,
}

/// How a command ends.
pub enum End {
    /// All is as declared.
    Done,
    /// Something is not as declared, or not answered.
    NotAsDeclared,
    /// The user stopped it.
    Interrupted,
    /// It was not carried out, and why has been told.
    Refused,
}

/// A request that cannot be understood or carried out, in one sentence.
pub type Refusal = String;

/// Parses the command line and runs the command.
pub fn main() -> ExitCode {
    let command =
        Arguments::parse().command.unwrap_or_else(|| Command::Check(check::Check::everything()));
    exit_code(match command {
        Command::Check(check) => check.run(),
        Command::List(list) => list.run(),
        Command::Show(show) => show.run(),
        Command::Ledger(ledger) => ledger.run(),
        Command::Cite(cite) => cite.run(),
        Command::Justify(justify) => justify.run(),
        Command::Audit(audit) => audit.run(),
        Command::Book(book) => book.run(),
        Command::Bugs(bugs) => bugs.run(),
        Command::Replay(replay) => replay.run(),
        Command::Prove(prove) => prove.run(),
        Command::Litmus(litmus) => litmus.run(),
        Command::New(new) => new.run(),
        Command::Worker => pool::serve(),
    })
}

/// The exit code of a command; a refusal is told on standard error.
pub fn exit_code(result: Result<End, Refusal>) -> ExitCode {
    match result {
        Ok(End::Done) => ExitCode::SUCCESS,
        Ok(End::NotAsDeclared) => ExitCode::from(1),
        Ok(End::Interrupted) => ExitCode::from(130),
        Ok(End::Refused) => ExitCode::from(2),
        Err(refusal) => {
            eprintln!("casebook: {refusal}");
            ExitCode::from(2)
        }
    }
}

/// How a command ends that another program of Casebook's has carried out.
fn end(status: ExitStatus, who: &str) -> Result<End, Refusal> {
    match status.code() {
        Some(0) => Ok(End::Done),
        Some(1) => Ok(End::NotAsDeclared),
        Some(2) => Ok(End::Refused),
        Some(130) => Ok(End::Interrupted),
        _ => Err(format!("{who} ended with {status}")),
    }
}

/// A pool whose workers are this program.
///
/// # Errors
/// It cannot find itself.
pub fn pool() -> Result<Pool, Refusal> {
    let program = std::env::current_exe()
        .map_err(|error| format!("this program cannot find itself to start workers: {error}"))?;
    Ok(Pool::new(program, &["worker"]))
}

/// What was found before, in the build folder of the checkout.
pub fn cache() -> Cache {
    Cache::new(crate::checkout().join("target/casebook"))
}

/// The case with this id, or the nearest ids.
fn find<'a>(corpus: &'a [Entry], id: &str) -> Result<&'a Entry, Refusal> {
    let id = without_family(id);
    corpus.iter().find(|entry| entry.id == id).ok_or_else(|| match run::nearest(id) {
        near if near.is_empty() => format!("there is no case `{id}`; see `casebook list`"),
        near => format!("there is no case `{id}`; did you mean {}?", near.join(" or ")),
    })
}

/// Why a filter selects nothing.
pub fn no_case(filter: &str) -> Refusal {
    match run::nearest(filter) {
        near if near.is_empty() => format!("no case contains `{filter}`; see `casebook list`"),
        near => format!("no case contains `{filter}`; did you mean {}?", near.join(" or ")),
    }
}

/// `litmus/message_passing/relaxed` names the same case as `message_passing/relaxed`.
fn without_family(id: &str) -> &str {
    match id.split_once('/') {
        Some((_, rest)) if rest.contains('/') => rest,
        _ => id,
    }
}

fn engine(name: &str) -> Result<EngineId, String> {
    name.parse()
}

fn model(name: &str) -> Result<Model, String> {
    name.parse()
}

/// Refuses to ask an engine for a model that it has not.
fn has_model(engine: EngineId, model: Model) -> Result<(), Refusal> {
    if engine.is_exact() || model == Model::default() {
        return Ok(());
    }
    Err(format!("{engine} cannot check by {model}; only {} can", EngineId::EXACT))
}

/// Prints to standard output; a reader that has gone (`| head`) is no error.
///
/// # Errors
/// It cannot be written.
pub fn print(text: &str) -> Result<(), Refusal> {
    use std::io::{ErrorKind, Write};
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(format!("standard output cannot be written: {error}"))
        }
        _ => Ok(()),
    }
}

/// How often progress is told where no terminal shows it.
pub const TOLD_EVERY: Duration = Duration::from_secs(10);

/// A bar on standard error; where that is no terminal, a line now and then.
pub struct Progress {
    /// The bar.
    pub bar: ProgressBar,
    told: Mutex<Instant>,
}

impl Progress {
    /// One more is done: this one.
    pub fn step(&self, what: String) {
        self.bar.inc(1);
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if self.bar.is_hidden() && told.elapsed() >= TOLD_EVERY {
            *told = Instant::now();
            let (done, all) = (self.bar.position(), self.bar.length().unwrap_or_default());
            eprintln!("casebook: {done} of {all}, {what} the last");
        }
        self.bar.set_message(what);
    }
}

/// Progress towards so many steps.
pub fn progress(length: u64) -> Progress {
    let target = match std::io::stderr().is_terminal() {
        true => ProgressDrawTarget::stderr(),
        false => ProgressDrawTarget::hidden(),
    };
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len}  {elapsed}  {wide_msg}");
    let bar = ProgressBar::with_draw_target(Some(length), target)
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    Progress { bar, told: Mutex::new(Instant::now()) }
}

/// Becomes true when the user interrupts.
///
/// # Errors
/// The system has no such signal.
pub fn interruption() -> Result<Arc<AtomicBool>, Refusal> {
    let flag = Arc::new(AtomicBool::new(false));
    let handler = flag.clone();
    // SeqCst: rare, and the plainest thing to read.
    ctrlc::set_handler(move || {
        // A second Ctrl-C does not wait for the checks under way.
        if handler.swap(true, Ordering::SeqCst) {
            std::process::exit(130);
        }
    })
    .map_err(|error| format!("Ctrl-C cannot be handled: {error}"))?;
    Ok(flag)
}

//! `cargo casebook`: what Casebook does for a crate of your own, through the tests that it has for loom.
//!
//! The crate is compiled in a *shadow*: a folder below its target folder with links to all that it has and a
//! lock file of its own, in which our library stands in loom's place. Nothing of the crate is changed. Each
//! test runs in a process of its own, and its models tell what they found in a file.

mod build;
pub(crate) mod calls;
mod compare;
mod graph;
mod init;
mod junit;
mod justify;
mod orderings;
mod patch;
mod process;
mod run;
mod selection;
mod shadow;
mod show;
pub(crate) mod source;
mod test;

use std::env;
use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use serde::Serialize;

use crate::cli::{self, End, Refusal};

/// Checks a crate of your own: its loom tests, in every execution that the memory model allows.
#[derive(Parser)]
#[command(version, name = "cargo casebook", after_help = EXIT_CODES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  every test is as it should be (for init: what was missing is written)
  1  some test or model of the crate is not as it should be
  2  the request cannot be understood or carried out; a sentence says why";

#[derive(Subcommand)]
enum Command {
    /// Write what a crate needs for its first loom test, and say what to change in its sources
    Init(init::Init),
    /// Run the loom tests of the crate in this folder under rc11, with nothing of it changed
    Test(test::Test),
    /// Say for each memory ordering of the crate in this folder whether its loom tests need it
    Justify(justify::Justify),
}

/// Parses the command line and runs the command.
pub fn main() -> ExitCode {
    let Arguments { command } = Arguments::parse_from(words(env::args_os()));
    cli::exit_code(process::end_with_us().and_then(|()| match command {
        Command::Init(init) => init.run(),
        Command::Test(test) => test.run(),
        Command::Justify(justify) => justify.run(),
    }))
}

/// The words of the command line. `cargo casebook WORDS` runs `cargo-casebook casebook WORDS`.
fn words(given: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut words: Vec<OsString> = given.collect();
    if words.get(1) == Some(&"casebook".into()) {
        words.remove(1);
    }
    words
}

fn print_json(value: &impl Serialize) -> Result<(), Refusal> {
    let line = serde_json::to_string(value).expect("it is plain data");
    cli::print(&format!("{line}\n"))
}

/// How a command ends whose tests all pass, or not.
fn end(passes: bool) -> Result<End, Refusal> {
    Ok(if passes { End::Done } else { End::NotAsDeclared })
}

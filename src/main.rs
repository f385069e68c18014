//! The `casebook` command: check the corpus, look at a case, replay a failure, begin a case.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main()
}

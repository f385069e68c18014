//! The `casebook` command: check the corpus, look at a case, replay a failure, begin a case.

use std::process::ExitCode;

fn main() -> ExitCode {
    casebook::cli::main()
}

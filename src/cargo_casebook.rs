//! `cargo casebook`: the `casebook` command as cargo finds it.

use std::process::ExitCode;

fn main() -> ExitCode {
    casebook::cli::main()
}

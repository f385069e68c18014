//! `cargo casebook`: what Casebook does for a crate of your own.

use std::process::ExitCode;

fn main() -> ExitCode {
    casebook_harness::own::main()
}

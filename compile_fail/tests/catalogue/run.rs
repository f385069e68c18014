//! Gives folders of the corpus to trybuild: violations must be refused in the recorded words, the rest must compile.

use std::{env, fmt::Write as _, fs, path::Path};

use crate::catalogue::{self, Kind};

/// Checks every file of the folders. Panics with trybuild's report when one of them surprises.
pub fn check(suite: &str, folders: &[&str]) {
    let (violations, others): (Vec<_>, Vec<_>) = folders
        .iter()
        .flat_map(|folder| catalogue::files(folder))
        .filter(|file| file.kind != Kind::Words)
        .partition(|file| file.kind == Kind::Violation);
    refuse(&violations);
    accept(suite, &others);
}

/// trybuild builds violations in one cargo run, as long as nothing that must compile is among them.
fn refuse(violations: &[catalogue::File]) {
    let cases = trybuild::TestCases::new();
    for violation in violations {
        cases.compile_fail(&violation.path);
    }
}

/// What must compile is one program with a module per file, since a program each would cost a link each.
/// The modules are compiled and never run: some holes would be undefined behaviour.
fn accept(suite: &str, files: &[catalogue::File]) {
    let package = env::current_dir().expect("cargo runs tests in their package");
    let mut program = format!(
        "//! Every file of `{suite}` that must compile.\n#![deny(warnings)]\n\nfn main() {{}}\n"
    );
    for (index, file) in files.iter().enumerate() {
        let path = package.join(&file.path);
        write!(program, "\n#[path = {path:?}]\nmod twin_{index};\n")
            .expect("a string takes any text");
    }
    let main = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{suite}_twins.rs"));
    fs::write(&main, program).expect("the target folder is writable");
    trybuild::TestCases::new().pass(main);
}

//! `cargo casebook`: what it does for a crate of somebody's own, tried on small ones that are written here.

mod beside;
mod init;
mod justify;
mod programs;
mod published;
mod shadow;
mod test;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const MANIFEST: &str = "[package]
name = \"somebodys\"
version = \"0.1.0\"
edition = \"2021\"

[lib]
name = \"somebodys\"

[target.'cfg(loom)'.dependencies]
loom = \"0.7\"

[lints.rust]
unexpected_cfgs = { level = \"allow\", check-cfg = [\"cfg(loom)\"] }

[workspace]
";

/// A crate in a folder of its own, with these files in place of or beside an empty library.
fn package(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("own-{name}"));
    let _ = fs::remove_dir_all(&folder);
    for (file, text) in [&[("src/lib.rs", "")], files].concat() {
        let path = folder.join(file);
        fs::create_dir_all(path.parent().expect("it is in the folder"))
            .expect("the target folder is writable");
        // Packages of one name are one to cargo, which keeps what it compiles of all these in one place.
        let text = text
            .replace("[package]\nname = \"somebodys\"", &format!("[package]\nname = \"{name}\""));
        fs::write(path, text).expect("as above");
    }
    folder
}

/// A crate with these loom tests.
fn somebodys(name: &str, tests: &str) -> PathBuf {
    package(name, &[("Cargo.toml", MANIFEST), ("tests/all.rs", tests)])
}

/// `cargo casebook WORDS` in a folder.
fn plain(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-casebook"));
    command.arg("casebook").args(words).current_dir(folder);
    // The flags of whoever tests this are not those of the crate.
    command.env_remove("RUSTFLAGS");
    // What these crates depend on is compiled once for all.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("own-target");
    command.env("CARGO_TARGET_DIR", target);
    command
}

/// The same, which asks no registry.
fn command(folder: &Path, words: &[&str]) -> Command {
    let mut command = plain(folder, words);
    command.args(["--", "--offline"]);
    command
}

fn run(command: &mut Command) -> Output {
    command.output().expect("it starts")
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The objects that a command tells, one a line.
fn objects(output: &Output) -> Vec<serde_json::Value> {
    stdout(output).lines().map(|line| serde_json::from_str(line).expect("it is JSON")).collect()
}

/// The page about it shows what is printed: a block after a comment that names it. With `CASEBOOK_BLESS=1` it is
/// written anew.
fn assert_shown(what: &str, printed: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/book/own_crate.md");
    let mut page = fs::read_to_string(&path).expect("it is there");
    let mark = format!("<!-- shown: {what} -->\n```text\n");
    let from = page.find(&mark).expect("it shows that") + mark.len();
    let to = from + page[from..].find("```").expect("the block ends");
    let printed: String = printed.lines().map(|line| format!("{}\n", line.trim_end())).collect();
    if std::env::var_os("CASEBOOK_BLESS").is_some() {
        page.replace_range(from..to, &printed);
        fs::write(&path, page).expect("it can be written");
    } else {
        assert_eq!(&page[from..to], printed, "CASEBOOK_BLESS=1 cargo test --test suite own");
    }
}

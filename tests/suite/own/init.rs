//! `cargo casebook init` takes a crate from nothing to a first verdict, and overwrites nothing.

use std::fs;
use std::path::Path;

use super::{assert_shown, command, package, plain, run, stderr, stdout};

const CRATE: &str = "[package]
name = \"no-loom\"
version = \"0.1.0\"
edition = \"2021\"

[workspace]
";

const LIBRARY: &str = "//! A flag.
#![deny(unsafe_code)]

/// It is up or not.
pub mod flag;

pub use std::sync::atomic::Ordering;

#[cfg(test)]
mod tests {
    #[test]
    fn locked() {
        drop(std::sync::Mutex::new(()).lock());
    }
}
";

const FLAG: &str = "use core::mem;
use std::sync::atomic::{AtomicBool, Ordering};

#[derive(Default)]
pub struct Flag(AtomicBool);

impl Flag {
    pub fn raise(&self) {
        mem::forget(String::new());
        std::thread::yield_now();
        self.0.store(true, Ordering::Release);
    }
}
";

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("it is there")
}

#[test]
fn a_crate_without_loom_gets_its_first_verdict() {
    let files = [("Cargo.toml", CRATE), ("src/lib.rs", LIBRARY), ("src/flag.rs", FLAG)];
    let folder = package("init", &files);
    let output = run(&mut plain(&folder, &["init"]));
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{text}{}", stderr(&output));
    let lines: Vec<&str> = text.lines().filter(|line| line.starts_with("    src")).collect();
    let expected = [
        "    src/flag.rs:2: use std::sync::atomic::{AtomicBool, Ordering};",
        "    src/flag.rs:10: std::thread::yield_now();",
    ];
    assert_eq!(lines, expected, "{text}");
    for file in ["Cargo.toml", "src/lib.rs", "src/sync.rs", "tests/loom.rs"] {
        assert!(text.contains(&format!(" {file}: ")), "{text}");
    }

    assert_shown("init", &text);

    // Every byte is still there: something is put between two of them.
    for (file, before) in files {
        let now = read(&folder.join(file));
        let same = now.bytes().zip(before.bytes()).take_while(|(now, before)| now == before);
        let rest = &before.as_bytes()[same.count()..];
        assert!(now.as_bytes().ends_with(rest), "{file}: {now}");
    }
    // What it says is to be done can be done, and then the crate is its old self without loom.
    for line in ["std::sync::atomic::{AtomicBool", "std::thread::yield_now"] {
        let path = folder.join("src/flag.rs");
        let there = line.replacen("std", "crate::sync", 1).replace("sync::sync", "sync");
        fs::write(&path, read(&path).replace(line, &there)).expect("it can be written");
    }
    let checked = run(std::process::Command::new(env!("CARGO"))
        .args(["check", "--offline", "--quiet", "--tests"])
        .env("RUSTFLAGS", "--deny warnings")
        .current_dir(&folder));
    assert!(checked.status.success(), "{}", stderr(&checked));

    let output = run(command(&folder, &["test"]).args(["--test", "loom"]));
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{text}{}", stderr(&output));
    assert!(text.contains("nothing_is_lost   proved"), "{text}");
    assert!(!stderr(&output).contains("warning"), "{}", stderr(&output));

    let again = run(&mut plain(&folder, &["init"]));
    assert_eq!((again.status.code(), stdout(&again)), (Some(2), String::new()));
    assert!(stderr(&again).contains("asks for `cfg(loom)` already"), "{}", stderr(&again));
}

#[test]
fn nothing_is_overwritten_and_half_of_it_is_not_written() {
    let mine = "// mine\r\n";
    let library = "use std::sync;\npub struct Cell(pub std::cell::UnsafeCell<u8>);\n";
    let files = [("Cargo.toml", CRATE), ("src/lib.rs", library), ("tests/loom.rs", mine)];
    let folder = package("init-taken", &files);
    let output =
        run(&mut plain(folder.parent().expect("it is in one"), &["init", "own-init-taken"]));
    assert_eq!(output.status.code(), Some(2), "{}", stdout(&output));
    assert!(stderr(&output).contains("tests/loom.rs is there already"), "{}", stderr(&output));
    for (file, text) in files {
        assert_eq!(read(&folder.join(file)), text, "{file}");
    }

    // Where a new file cannot be written, none is, and no old one is touched.
    fs::remove_file(folder.join("tests/loom.rs")).expect("it is there");
    fs::remove_dir(folder.join("tests")).expect("it is empty");
    fs::write(folder.join("tests"), mine).expect("it can be written");
    let output = run(&mut plain(&folder, &["init"]));
    assert_eq!(output.status.code(), Some(2), "{}", stdout(&output));
    assert!(stderr(&output).contains("cannot be written"), "{}", stderr(&output));
    for (file, text) in &files[..2] {
        assert_eq!(read(&folder.join(file)), *text, "{file}");
    }
    assert!(!folder.join("src/loom_or_std.rs").exists(), "half of it is there");
    fs::remove_file(folder.join("tests")).expect("it is there");

    // A name that the root has is not taken a second time.
    let output = run(&mut plain(&folder, &["init"]));
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(read(&folder.join("src/lib.rs")).starts_with("mod loom_or_std;\n\nuse std::sync;\n"));
    let checked = run(std::process::Command::new(env!("CARGO"))
        .args(["check", "--offline", "--quiet"])
        .current_dir(&folder));
    assert!(checked.status.success(), "{}", stderr(&checked));
}

#[test]
fn what_is_no_crate_is_refused_in_a_sentence() {
    let refused = |folder: &Path, words: &str| {
        let output = run(&mut plain(folder, &["init"]));
        assert_eq!(output.status.code(), Some(2), "{}", stdout(&output));
        assert!(stderr(&output).contains(words), "{}", stderr(&output));
        assert_eq!(stderr(&output).lines().count(), 1, "{}", stderr(&output));
    };
    refused(&package("init-none", &[]), "Cargo.toml cannot be read");
    let workspace = [("Cargo.toml", "[workspace]\nmembers = []\n")];
    refused(&package("init-workspace", &workspace), "name the folder of one of its crates");
    let broken = [("Cargo.toml", CRATE), ("src/lib.rs", "fn (")];
    refused(&package("init-broken", &broken), "src/lib.rs cannot be read as Rust");
    let program =
        package("init-program", &[("Cargo.toml", CRATE), ("src/main.rs", "fn main() {}\n")]);
    fs::remove_file(program.join("src/lib.rs")).expect("it is there");
    refused(&program, "a test needs a library");
}

//! The command that writes a book: over a book only, and as a whole.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use super::site::{Folder, files};

fn write_book(dir: &Path, limit: &str) -> Output {
    let program = env!("CARGO_BIN_EXE_casebook-book");
    let script = format!("{limit} exec {program} \"$1\" --filter message_passing/relaxed");
    let arguments = ["-c", &script, "bash", &dir.to_string_lossy()];
    Command::new("bash").args(arguments).output().expect("bash starts")
}

#[test]
fn a_filter_that_selects_nothing_is_refused() {
    let folder = Folder::new("nothing");
    let dir = folder.path.join("book");
    let mut command = Command::new(env!("CARGO_BIN_EXE_casebook-book"));
    let output = command.arg(&dir).args(["--filter", "qqqqqqqq"]).output().expect("it starts");
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("no case contains"), "{}", stderr(&output));
    assert!(!dir.exists(), "nothing is written");
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn the_command_writes_a_book_over_a_book_only() {
    let folder = Folder::new("command");
    let dir = folder.path.join("book");
    for _ in 0..2 {
        let output = write_book(&dir, "");
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert!(dir.join("case/message_passing.html").is_file());
    }
    let left: BTreeSet<_> =
        fs::read_dir(&folder.path).expect("it is there").flatten().map(|e| e.path()).collect();
    assert_eq!(left, BTreeSet::from([dir.clone()]), "nothing else is left");

    fs::remove_file(dir.join("casebook.txt")).expect("a book has its mark");
    let before = files(&dir);
    let output = write_book(&dir, "");
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("is no book"), "{}", stderr(&output));
    assert!(files(&dir) == before, "what is no book stays");
    let output = write_book(&dir.join("index.html"), "");
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("is no folder for a book"), "{}", stderr(&output));
}

/// A disk that is full says so; a process that dies in the midst of writing says nothing. Either way
/// the book that was there is there. A limit on the size of files stands for both.
#[test]
fn a_book_that_cannot_be_finished_leaves_the_old_one() {
    let folder = Folder::new("unfinished");
    let dir = folder.path.join("book");
    assert_eq!(write_book(&dir, "").status.code(), Some(0));
    let before = files(&dir);

    let full = write_book(&dir, "trap '' XFSZ; ulimit -f 16;");
    assert_eq!(full.status.code(), Some(2), "{}", stderr(&full));
    assert!(stderr(&full).contains("cannot be written"), "{}", stderr(&full));
    assert!(files(&dir) == before, "the old book is changed");
    assert_eq!(fs::read_dir(&folder.path).expect("it is there").count(), 1, "something is left");

    let killed = write_book(&dir, "ulimit -c 0 -f 16;");
    assert_eq!(killed.status.code(), None, "{}", stderr(&killed));
    assert!(files(&dir) == before, "the old book is changed");
}

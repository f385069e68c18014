//! What stands in the way of a crate's tests is said, and what was found before is shown.

use super::{MANIFEST, command, package, run, somebodys, stderr, stdout};

const COUNTS: &str = "#![cfg(loom)]
use loom::sync::atomic::{AtomicUsize, Ordering::*};

#[test]
fn counts() {
    loom::model(|| _ = AtomicUsize::new(0).load(Relaxed));
}
";

/// A crate with a test program that is no libtest's.
fn with_main(name: &str, body: &str) -> std::path::PathBuf {
    let manifest = format!("{MANIFEST}\n[[test]]\nname = \"main\"\nharness = false\n");
    let main = format!("fn main() {{ {body} }}");
    let files = [("Cargo.toml", &manifest[..]), ("tests/all.rs", COUNTS), ("tests/main.rs", &main)];
    package(name, &files)
}

#[test]
fn a_program_that_lists_no_tests_is_named() {
    let folder = with_main("hangs", "loop { std::thread::park() }");
    let output = run(&mut command(&folder, &["test", "--limit", "1"]));
    let errors = stderr(&output);
    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert!(errors.contains("does not list its tests: no end after 1s"), "{errors}");

    let folder = with_main("refuses", "eprintln!(\"it knows no --list\"); std::process::exit(3)");
    let output = run(&mut command(&folder, &["test"]));
    let errors = stderr(&output);
    assert_eq!(output.status.code(), Some(2), "{errors}");
    for words in ["does not list its tests: exit status: 3", "it knows no --list", "--test NAME"] {
        assert!(errors.contains(words), "{errors}");
    }
    let output = run(command(&folder, &["test"]).args(["--test", "all"]));
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));

    // It is listed where it runs.
    let folder = with_main("reads", "assert!(std::path::Path::new(\"tests/main.rs\").exists())");
    let output = run(&mut command(&folder, &["test"]));
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
}

#[test]
fn a_limit_is_a_number_of_seconds_that_somebody_waits() {
    let folder = somebodys("limits", COUNTS);
    for limit in ["0", "31536001", "18446744073709551615"] {
        let output = run(&mut command(&folder, &["test", "--limit", limit]));
        let errors = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{errors}");
        assert!(errors.contains("is not in 1..=31536000"), "{errors}");
    }
}

#[test]
fn what_was_found_is_shown_before_what_went_wrong() {
    let folder = somebodys("shown", COUNTS);
    let output = run(&mut command(&folder, &["test", "--junit", "no/such/folder"]));
    let (text, errors) = (stdout(&output), stderr(&output));
    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert!(text.contains("1 proved") && errors.contains("cannot be written"), "{text}{errors}");

    // Under loom it does not compile: that is said before anything runs.
    let ours = COUNTS.replace("Relaxed)", "Relaxed) + *loom::Static::new(|| 0)");
    let folder = somebodys("ours", &ours);
    let output = run(&mut command(&folder, &["test", "--engine", "loom", "--json"]));
    let (text, errors) = (stdout(&output), stderr(&output));
    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert!(
        text.is_empty() && errors.contains("do not compile with the crate's own loom"),
        "{errors}"
    );
}

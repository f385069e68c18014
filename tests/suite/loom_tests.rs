//! `casebook test` runs the loom tests of somebody's crate, and changes nothing of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const MANIFEST: &str = "[package]
name = \"somebodys\"
version = \"0.1.0\"
edition = \"2021\"

[target.'cfg(loom)'.dependencies]
loom = \"0.7\"

[lints.rust]
unexpected_cfgs = { level = \"allow\", check-cfg = [\"cfg(loom)\"] }

[workspace]
";

const TESTS: &str = "#![cfg(loom)]
use loom::sync::atomic::{AtomicUsize, Ordering::*};
use loom::sync::Arc;
use loom::{cell::UnsafeCell, thread};

fn publish(store: loom::sync::atomic::Ordering) {
    loom::model(move || {
        let shared = Arc::new((UnsafeCell::new(0), AtomicUsize::new(0)));
        let other = shared.clone();
        thread::spawn(move || {
            other.0.with_mut(|place| unsafe { *place = 1 });
            other.1.store(1, store);
        });
        if shared.1.load(Acquire) == 1 {
            shared.0.with(|place| assert_eq!(unsafe { *place }, 1));
        }
    });
}

#[test]
fn released() {
    publish(Release);
}

#[test]
fn relaxed() {
    publish(Relaxed);
}

#[test]
fn wrong() {
    loom::model(|| panic!(\"it says \\\"so\\\"\\nand \\\\ so\"));
}

#[test]
#[should_panic(expected = \"Causality violation\")]
fn relaxed_as_expected() {
    publish(Relaxed);
}

#[cfg(all(loom, feature = \"other_loom\"))]
fn never() {}

#[test]
fn no_model() {}
";

/// A crate in a folder of its own.
fn somebodys(name: &str, tests: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("own-{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("src")).expect("the target folder is writable");
    fs::create_dir_all(folder.join("tests")).expect("as above");
    fs::write(folder.join("Cargo.toml"), MANIFEST).expect("as above");
    fs::write(folder.join("src/lib.rs"), "").expect("as above");
    fs::write(folder.join("tests/all.rs"), tests).expect("as above");
    folder
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_casebook"));
    command.arg("test").args(arguments).args(["--", "--offline"]).current_dir(folder);
    // The flags of whoever tests this are not those of the crate.
    command.env_remove("RUSTFLAGS");
    command
}

fn test(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments).output().expect("it starts")
}

#[test]
fn a_crate_is_tested_as_it_is() {
    let folder = somebodys("crate", TESTS);
    let before = fs::read_dir(&folder).expect("it is there").count();
    let output = test(&folder, &[]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{text}{errors}");
    let row = |name: &str| {
        let row = text.lines().find(|line| line.split_whitespace().next() == Some(name));
        row.map(|row| row.split_whitespace().skip(1).collect::<Vec<_>>().join(" "))
    };
    assert!(row("released").is_some_and(|row| row.starts_with("proved 4 0")), "{text}");
    assert!(row("relaxed").is_some_and(|row| row.contains("data race")), "{text}");
    assert!(row("relaxed_as_expected").is_some_and(|row| row.contains("expected")), "{text}");
    assert_eq!(row("no_model"), None, "{text}");
    assert!(text.contains("tests/all.rs:11:21"), "the steps are in the crate's own source: {text}");

    assert!(text.contains("4 tests in") && text.contains("2 not as they should be"), "{text}");

    let json = test(&folder, &["--json"]);
    let lines = String::from_utf8_lossy(&json.stdout).into_owned();
    let told: Vec<serde_json::Value> =
        lines.lines().map(|line| serde_json::from_str(line).expect("it is JSON")).collect();
    let of = |name: &str| told.iter().find(|tested| tested["test"] == name).expect("it is told");
    assert_eq!(of("released")["verdict"], "proved");
    assert_eq!(of("relaxed_as_expected")["verdict"], "failed as expected");
    let why = of("wrong")["models"][0]["why"].as_str().expect("it says why");
    assert!(why.contains("it says \"so\"\nand \\ so"), "{why}");

    // What bounds a search under loom bounds this one, and then nothing is proved.
    let junit = folder.join("target/junit.xml");
    let arguments = ["released", "--junit", junit.to_str().expect("it is UTF-8")];
    let bounded = command(&folder, &arguments).env("LOOM_MAX_PERMUTATIONS", "1").output();
    let bounded = bounded.expect("it starts");
    let table = String::from_utf8_lossy(&bounded.stdout).into_owned();
    assert_eq!(bounded.status.code(), Some(0), "{table}");
    assert!(table.contains("0 proved, 1 bounded") && table.contains("1 executions"), "{table}");

    let junit = fs::read_to_string(junit).expect("it is written");
    assert!(junit.contains("<testsuites tests=\"1\" failures=\"0\""), "{junit}");
    assert!(junit.contains("bounded: 1 executions, 0 more blocked; stopped at"), "{junit}");

    // The command that is shown runs that one execution, and it fails again.
    let again = text.lines().find_map(|line| line.trim().strip_prefix("again: "));
    let again = Command::new("bash").arg("-c").arg(again.expect("it can be replayed")).output();
    let again = again.expect("bash starts");
    let told = String::from_utf8_lossy(&again.stdout).into_owned();
    assert!(!again.status.success() && told.contains("Causality violation"), "{told}");

    let after: Vec<_> = fs::read_dir(&folder).expect("it is there").flatten().collect();
    assert_eq!(after.len(), before + 1, "only the target folder comes: {after:?}");
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).expect("it is there");
    assert_eq!(manifest, MANIFEST);
}

const ORDERINGS: &str = "#![cfg(loom)]
use loom::sync::atomic::{fence, AtomicUsize, Ordering::*};
use loom::sync::Arc;
use loom::{cell::UnsafeCell, thread};

#[test]
fn publish() {
    loom::model(|| {
        let shared = Arc::new((UnsafeCell::new(0), AtomicUsize::new(0), AtomicUsize::new(0)));
        let other = shared.clone();
        thread::spawn(move || {
            other.0.with_mut(|place| unsafe { *place = 1 });
            other.2.fetch_add(1, SeqCst);
            fence(Release);
            other.1.store(1, Relaxed);
        });
        if shared.1.load(SeqCst) == 1 {
            shared.0.with(|place| assert_eq!(unsafe { *place }, 1));
        }
    });
}
";

#[test]
fn orderings_are_justified_by_the_tests_that_use_them() {
    let folder = somebodys("orderings", ORDERINGS);
    let output = test(&folder, &["--justify", "--json"]);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{errors}");
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    let told: Vec<serde_json::Value> =
        lines.lines().map(|line| serde_json::from_str(line).expect("it is JSON")).collect();
    let of = |role: &str| told.iter().find(|told| told["role"] == role).expect("it is told");
    assert_eq!(told.len(), 3, "the Relaxed store is not asked about: {lines}");
    assert_eq!(of("update")["suffices"][0], "Relaxed", "{lines}");
    assert_eq!(of("load")["suffices"][0], "Acquire", "{lines}");
    assert_eq!(
        (&of("fence")["answer"], &of("fence")["with"]),
        (&"needed".into(), &"Absent".into())
    );
    assert!(of("fence")["why"].as_str().is_some_and(|why| why.contains("data race")), "{lines}");

    let table = test(&folder, &["--justify"]);
    let table = String::from_utf8_lossy(&table.stdout).into_owned();
    assert!(table.contains("tests/all.rs:14:13: Release"), "{table}");
    assert!(table.contains("3 orderings: 1 needed, 2 slack, 0 not decided"), "{table}");

    // Where a test fails as it is, it justifies nothing.
    let output = test(&somebodys("failing", TESTS), &["--justify"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stdout).contains("2 not as they should be"));
}

#[test]
fn a_crate_without_such_tests_is_told_so() {
    let folder = somebodys("none", "#[test]\nfn nothing() {}\n");
    let output = test(&folder, &[]);
    assert_eq!(output.status.code(), Some(2));
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(errors.contains("no source here asks for a cfg with `loom`"), "{errors}");
    let tests = "#[cfg(loom)]\n#[test]\nfn nothing() { let _ = loom::MAX_THREADS; }\n";
    let output = test(&somebodys("nothing", tests), &[]);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert!(errors.contains("no test under `--cfg loom` runs a model of loom's"), "{errors}");
}

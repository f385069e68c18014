//! `cargo casebook justify` says which orderings the tests need.

use super::test::TESTS;
use super::{MANIFEST, assert_shown, command, objects, package, run, somebodys, stderr, stdout};

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
    let output = run(&mut command(&folder, &["justify", "--json"]));
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let (told, lines) = (objects(&output), stdout(&output));
    let of = |role: &str| told.iter().find(|told| told["role"] == role).expect("it is told");
    assert_eq!(told.len(), 3, "the Relaxed store is not asked about: {lines}");
    let needed = of("fence")["replay"].as_str().expect("it can be shown again");
    let again = run(std::process::Command::new("bash").args(["-c", needed]));
    assert!(!again.status.success(), "{needed}");
    assert!(stdout(&again).contains("Causality violation"), "{needed}: {}", stdout(&again));
    assert_eq!(of("update")["suffices"][0], "Relaxed", "{lines}");
    assert_eq!(of("load")["suffices"][0], "Acquire", "{lines}");
    assert_eq!(
        (&of("fence")["answer"], &of("fence")["with"]),
        (&"needed".into(), &"Absent".into())
    );
    assert!(of("fence")["why"].as_str().is_some_and(|why| why.contains("data race")), "{lines}");

    let table = stdout(&run(&mut command(&folder, &["justify"])));
    assert!(table.contains("tests/all.rs:14: Release"), "{table}");
    assert!(
        table.contains("3 orderings: 1 needed, 2 slack, 0 not decided, 0 seen in no test"),
        "{table}"
    );

    // Where a test fails as it is, it justifies nothing.
    let output = run(&mut command(&somebodys("failing", TESTS), &["justify"]));
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).contains("2 not as they should be"));
}

/// The fence and the store are slack, each while the other is there.
const LIBRARY: &str = "//! `x.load(SeqCst)` in a comment is none.
#[cfg(loom)]
use loom::sync::atomic::{fence, AtomicUsize};
#[cfg(not(loom))]
use std::sync::atomic::{fence, AtomicUsize};
use std::sync::atomic::Ordering::{self, Acquire, Release, SeqCst};

#[derive(Default)]
pub struct Flag {
    pub flag: AtomicUsize,
    raised: AtomicUsize,
}

impl Flag {
    pub fn raise(&self) {
        self.raised.fetch_add(1, SeqCst);
        fence(Release);
        self.flag.store(1, Ordering::Release);
    }

    pub fn is_up(&self) -> bool {
        self.flag.load(Acquire) == 1
    }

    pub fn times(&self) -> usize {
        self
            .raised
            .load(SeqCst)
    }

    pub fn lower(&self) {
        self.flag.store(0, Ordering::Relaxed);
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    #[test]
    fn raised() {
        super::Flag::default().flag.load(super::SeqCst);
    }
}
";

const FLAG: &str = "#![cfg(loom)]
use loom::cell::UnsafeCell;
use loom::sync::Arc;
use somebodys::Flag;

#[test]
fn publish() {
    loom::model(|| {
        let shared = Arc::new((UnsafeCell::new(0), Flag::default()));
        let other = shared.clone();
        loom::thread::spawn(move || {
            other.0.with_mut(|place| unsafe { *place = 1 });
            other.1.raise();
        });
        if shared.1.is_up() {
            shared.0.with(|place| assert_eq!(unsafe { *place }, 1));
        }
        assert!(shared.1.times() < 2);
    });
}
";

#[test]
fn slack_orderings_are_a_patch_with_which_the_tests_pass() {
    let files = [("Cargo.toml", MANIFEST), ("src/lib.rs", LIBRARY), ("tests/all.rs", FLAG)];
    let folder = package("patch", &files);
    let output = run(&mut command(&folder, &["justify", "--json"]));
    let told = objects(&output);
    let unused: Vec<_> = told.iter().filter(|told| told["answer"] == "no_test").collect();
    let place = |told: &serde_json::Value| (told["site"]["line"].clone(), told["ordering"].clone());
    let unused: Vec<_> = unused.into_iter().map(place).collect();
    assert_eq!(unused, [(32.into(), "Relaxed".into())], "{}", stdout(&output));

    let table = stdout(&run(&mut command(&folder, &["justify"])));
    let table = table.split("\n\n").next().expect("a table comes first");
    assert_shown("justify", table);

    let output = run(&mut command(&folder, &["justify", "--diff"]));
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let (patch, errors) = (stdout(&output), stderr(&output));
    let changed = |sign: char| {
        let lines = patch.lines().filter(|line| line.starts_with(sign) && !line.contains("lib.rs"));
        lines.map(|line| line[1..].trim().to_string()).collect::<Vec<_>>()
    };
    // Without the fence, the store is needed; a name that the file has not is written out.
    assert_eq!(
        changed('-'),
        ["self.raised.fetch_add(1, SeqCst);", "fence(Release);", ".load(SeqCst)"]
    );
    let added = [
        "self.raised.fetch_add(1, core::sync::atomic::Ordering::Relaxed);",
        ".load(core::sync::atomic::Ordering::Relaxed)",
    ];
    assert_eq!(changed('+'), added, "{patch}");
    assert!(errors.contains("1 more slack by themselves, but not together with these"), "{errors}");

    std::fs::write(folder.join("slack.patch"), &patch).expect("it can be written");
    let applied = run(std::process::Command::new("git")
        .args(["apply", "slack.patch"])
        .env("GIT_CEILING_DIRECTORIES", folder.parent().expect("it is in one"))
        .current_dir(&folder));
    assert!(applied.status.success(), "{}\n{patch}", stderr(&applied));
    let output = run(&mut command(&folder, &["test"]));
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
    let output = run(&mut command(&folder, &["justify"]));
    assert!(stdout(&output).contains("2 needed, 0 slack"), "{}", stdout(&output));
}

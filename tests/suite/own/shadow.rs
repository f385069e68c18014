//! The shadow in which a crate is built: for one run at a time, wherever the target folder is, and whatever stands beside the crate.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;

use super::{MANIFEST, command, objects, package, plain, run, somebodys, stderr, stdout};

const COUNTS: &str = "#![cfg(loom)]
use loom::sync::atomic::{AtomicUsize, Ordering::*};

#[test]
fn counts() {
    loom::model(|| _ = AtomicUsize::new(0).load(Relaxed));
}

#[test]
fn wrong() {
    loom::model(|| panic!(\"it is wrong\"));
}
";

/// Each waits for the others, and says so.
#[test]
fn runs_in_one_crate_are_one_after_the_other() {
    let folder = somebodys("at_once", COUNTS);
    let one = || run(&mut command(&folder, &["test", "counts"]));
    let outputs: Vec<_> = thread::scope(|scope| {
        let all: Vec<_> = (0..4).map(|_| scope.spawn(one)).collect();
        all.into_iter().map(|one| one.join().expect("it runs")).collect()
    });
    for output in &outputs {
        assert_eq!(output.status.code(), Some(0), "{}", stderr(output));
    }
    let waits = |output: &&_| stderr(output).contains("waits for another run in this crate");
    assert!(outputs.iter().any(|output| waits(&output)), "none has waited");
}

/// Their pictures are not one another's, and a path may have a space and a quote.
#[test]
fn crates_that_share_a_target_folder_share_no_pictures() {
    let pictures: Vec<String> = ["one", "it's another"]
        .map(|name| {
            let folder = package(&format!("pictures/{name}"), &[]);
            fs::write(folder.join("Cargo.toml"), MANIFEST).expect("it can be written");
            fs::create_dir_all(folder.join("tests")).expect("as above");
            fs::write(folder.join("tests/all.rs"), COUNTS).expect("as above");
            let told = objects(&run(&mut command(&folder, &["test", "wrong", "--json"])));
            let again = told[0]["replay"].as_str().expect("it can be shown again");
            let again = run(Command::new("bash").arg("-c").arg(again));
            let text = stdout(&again) + &stderr(&again);
            assert!(!again.status.success() && text.contains("it is wrong"), "{text}");
            told[0]["graph"].as_str().expect("it is told where").to_string()
        })
        .into();
    assert_ne!(pictures[0], pictures[1]);
    assert!(pictures.iter().all(|picture| Path::new(picture).exists()), "{pictures:?}");
}

const STORES: &str = "#[cfg(loom)]
use loom::sync::atomic::{AtomicUsize, Ordering};
#[cfg(not(loom))]
use std::sync::atomic::{AtomicUsize, Ordering};

pub fn store(x: &AtomicUsize) {
    x.store(1, Ordering::Release);
}
";

/// What cargo keeps there is none of the crate's sources: neither its links into the crate, nor its own files.
#[test]
fn a_target_folder_of_any_name_has_no_sources_of_the_crate() {
    let tests = "#![cfg(loom)]\n#[test]\nfn stores() {\n    loom::model(|| {\n        let x = \
                 loom::sync::atomic::AtomicUsize::new(0);\n        inside::store(&x);\n    });\n}\n";
    let files = [("Cargo.toml", MANIFEST), ("src/lib.rs", STORES), ("tests/all.rs", tests)];
    let manifest = MANIFEST.replace("name = \"somebodys\"\n\n", "name = \"inside\"\n\n");
    let folder = package("inside", &[&files[1..], &[("Cargo.toml", &manifest)]].concat());
    let out = folder.join("out");
    fs::create_dir_all(out.join("own")).expect("it can be made");
    fs::create_dir_all(out.join("casebook")).expect("as above");
    // What is compiled there already need not be compiled again.
    let compiled = Path::new(env!("CARGO_TARGET_TMPDIR")).join("own-target/casebook/own");
    fs::create_dir_all(&compiled).expect("as above");
    std::os::unix::fs::symlink(compiled, out.join("casebook/own")).expect("as above");
    fs::write(out.join("own/made.rs"), "#[cfg(other_loom)]\nfn f() {}\n").expect("as above");
    for _ in 0..2 {
        let output = run(command(&folder, &["justify", "--json"]).env("CARGO_TARGET_DIR", &out));
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let told = objects(&output);
        assert_eq!(told.len(), 1, "{}", stdout(&output));
        assert_eq!(told[0]["answer"], "slack", "{}", stdout(&output));
    }
}

/// A sibling, and a sibling of that one.
#[test]
fn a_crate_may_depend_on_one_beside_it() {
    let dependency = |name: &str| format!("{name} = {{ path = \"../{name}\" }}\n");
    let manifest = |name: &str, on: &str| {
        format!(
            "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n[dependencies]\n{on}\n[workspace]\n"
        )
    };
    let root =
        MANIFEST.replace("[target.", &format!("[dependencies]\n{}\n[target.", dependency("near")));
    let uses = format!("use somebodys as _;\n{}", COUNTS.replace("#![cfg(loom)]\n", ""));
    let files = [
        ("main/Cargo.toml", &root[..]),
        ("main/src/lib.rs", "pub use near::number;\n"),
        ("main/tests/all.rs", &format!("#![cfg(loom)]\n{uses}")),
        ("near/Cargo.toml", &manifest("near", &dependency("far"))),
        ("near/src/lib.rs", "pub use far::number;\n"),
        ("far/Cargo.toml", &manifest("far", "")),
        ("far/src/lib.rs", "pub fn number() -> usize { 7 }\n"),
    ];
    let folder = package("beside", &files);
    let output = run(&mut command(&folder.join("main"), &["test", "counts"]));
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
}

/// Of two looms, the one of the tests is replaced; another one alone is named.
#[test]
fn the_loom_that_is_replaced_is_the_one_of_its_version() {
    let two = MANIFEST.replace(
        "loom = \"0.7\"",
        "loom = \"0.7\"\nold = { package = \"loom\", version = \"0.5\" }",
    );
    let folder = package("two_looms", &[("Cargo.toml", &two), ("tests/all.rs", COUNTS)]);
    let locked = run(Command::new(env!("CARGO")).arg("generate-lockfile").current_dir(&folder));
    assert!(locked.status.success(), "{}", stderr(&locked));
    let output = run(&mut plain(&folder, &["test", "counts"]));
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));

    let old = MANIFEST.replace("loom = \"0.7\"", "loom = \"0.5\"");
    let folder = package("old_loom", &[("Cargo.toml", &old), ("tests/all.rs", COUNTS)]);
    let output = run(&mut plain(&folder, &["test", "counts"]));
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("with a loom other than 0.7"), "{}", stderr(&output));
}

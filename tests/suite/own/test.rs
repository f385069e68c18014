//! `cargo casebook test` runs the loom tests of somebody's crate, and changes nothing of it.

use std::fs;
use std::process::Command;

use super::{MANIFEST, command, objects, package, run, somebodys, stderr, stdout};

pub const TESTS: &str = "#![cfg(loom)]
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

#[test]
fn buffered() {
    loom::model(|| {
        let both = Arc::new([0; 2].map(AtomicUsize::new));
        let other = both.clone();
        thread::spawn(move || {
            other[0].load(Relaxed);
            other[1].store(1, Relaxed);
        });
        both[1].load(Relaxed);
        both[0].store(1, Relaxed);
    });
}
";

#[test]
fn a_crate_is_tested_as_it_is() {
    let folder = somebodys("crate", TESTS);
    let before = fs::read_dir(&folder).expect("it is there").count();
    let manifest = || fs::read_to_string(folder.join("Cargo.toml")).expect("it is there");
    let mine = manifest();
    let output = run(&mut command(&folder, &["test"]));
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(1), "{text}{}", stderr(&output));
    // What is said of a test, with what stands below it.
    let row = |name: &str| {
        let mut lines =
            text.lines().skip_while(|line| line.split_whitespace().next() != Some(name));
        let row = lines.next()?;
        let below = lines.take_while(|line| line.starts_with("    "));
        let words = std::iter::once(row).chain(below).flat_map(str::split_whitespace);
        Some(words.skip(1).collect::<Vec<_>>().join(" "))
    };
    // The flag is seen or not; of two loads before two stores, all but both see nothing.
    assert!(row("released").is_some_and(|row| row.starts_with("proved 2 0")), "{text}");
    assert!(row("relaxed").is_some_and(|row| row.contains("data race")), "{text}");
    assert!(row("relaxed_as_expected").is_some_and(|row| row.contains("expected")), "{text}");
    assert_eq!(row("no_model"), None, "{text}");
    assert!(row("buffered").is_some_and(|row| row.starts_with("proved † 3 0")), "{text}");
    assert!(text.contains("tests/all.rs:11:21"), "the steps are in the crate's own source: {text}");

    let counts = "2 proved, 0 bounded, 1 failed as expected, 2 not as they should be.";
    assert!(text.contains("5 tests in") && text.contains(counts), "{text}");

    let told = objects(&run(&mut command(&folder, &["test", "--json"])));
    let of = |name: &str| told.iter().find(|tested| tested["test"] == name).expect("it is told");
    assert_eq!(of("released")["verdict"], "proved");
    assert!(of("released")["models"][0]["exposed"].is_null());
    let exposed = of("buffered")["models"][0]["exposed"].as_str().expect("it says where");
    assert!(exposed.contains("could be seen at tests/all.rs:"), "{exposed}");
    assert_eq!(of("relaxed_as_expected")["verdict"], "failed as expected");
    let why = of("wrong")["models"][0]["why"].as_str().expect("it says why");
    assert!(why.contains("it says \"so\"\nand \\ so"), "{why}");

    // A failure has a picture, with the names and places of the crate's own source.
    let path = of("relaxed")["graph"].as_str().expect("it is told where");
    assert!(text.contains(&format!("graph: {path}")), "{text}");
    assert!(path.contains("/graphs/own-crate-") && path.ends_with("/relaxed.svg"), "{path}");
    let picture = fs::read_to_string(path).expect("it is there");
    let parsed = roxmltree::Document::parse(&picture).expect("it is well-formed");
    let texts: String = parsed.descendants().filter_map(|node| node.text()).collect();
    for words in ["data race", "all.rs:11", "all.rs:15", "Relaxed", "Acquire"] {
        assert!(texts.contains(words), "no `{words}` in {texts}");
    }
    assert!(of("relaxed_as_expected")["graph"].is_null());
    assert!(of("released")["graph"].is_null());

    // What bounds a search under loom bounds this one, and then nothing is proved.
    let junit = folder.with_extension("junit");
    let arguments = ["test", "released", "--junit", junit.to_str().expect("it is UTF-8")];
    let bounded = run(command(&folder, &arguments).env("LOOM_MAX_PERMUTATIONS", "1"));
    let table = stdout(&bounded);
    assert_eq!(bounded.status.code(), Some(0), "{table}");
    assert!(table.contains("0 proved, 1 bounded") && table.contains("1 execution"), "{table}");

    let bounded = fs::read_to_string(&junit).expect("it is written");
    assert!(bounded.contains("<testsuites tests=\"1\" failures=\"0\""), "{bounded}");
    assert!(bounded.contains("bounded: 1 execution, 0 more blocked; stopped at"), "{bounded}");

    let graphs = folder.with_extension("graphs");
    let told = ["test", "wrong", "--graph", graphs.to_str().expect("it is UTF-8"), "--junit"];
    run(&mut command(&folder, &[&told[..], &arguments[3..]].concat()));
    let graph = graphs.join("wrong.svg");
    assert!(graph.exists(), "it is where it was asked for");
    let failed = fs::read_to_string(&junit).expect("it is written");
    assert!(failed.contains(&format!("graph: {}", graph.display())), "{failed}");

    // The command that is shown runs that one execution, and it fails again.
    let again = text.lines().find_map(|line| line.trim().strip_prefix("again: "));
    let again = run(Command::new("bash").arg("-c").arg(again.expect("it can be replayed")));
    let told = stdout(&again);
    assert!(!again.status.success() && told.contains("Causality violation"), "{told}");

    let after: Vec<_> = fs::read_dir(&folder).expect("it is there").flatten().collect();
    assert_eq!(after.len(), before, "nothing comes beside its files: {after:?}");
    assert_eq!(manifest(), mine);
}

#[test]
fn a_crate_without_such_tests_is_told_so() {
    let folder = somebodys("none", "#[test]\nfn nothing() {}\n");
    let output = run(&mut command(&folder, &["test"]));
    assert_eq!(output.status.code(), Some(2));
    let errors = stderr(&output);
    assert!(errors.contains("no source here asks for a cfg with `loom`"), "{errors}");
    assert!(errors.contains("`cargo casebook init`"), "{errors}");
    let tests = "#[cfg(loom)]\n#[test]\nfn nothing() { let _ = loom::MAX_THREADS; }\n";
    let output = run(&mut command(&somebodys("nothing", tests), &["test"]));
    let errors = stderr(&output);
    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert!(errors.contains("no test under `--cfg loom` runs a model of loom's"), "{errors}");
}

/// A member is tested in a shadow of the whole workspace, from any of its folders.
#[test]
fn the_lock_file_of_a_workspace_stays_as_it_is() {
    let workspace = "[workspace]\nmembers = [\"crates/*\"]\nresolver = \"2\"\n";
    let member = MANIFEST.replace("\n[workspace]\n", "");
    let tests = TESTS.split("#[test]\nfn relaxed()").next().expect("it begins somehow");
    let files = [
        ("Cargo.toml", workspace),
        ("crates/foo/Cargo.toml", &member),
        ("crates/foo/src/lib.rs", ""),
        ("crates/foo/tests/all.rs", tests),
    ];
    let folder = package("workspace", &files);
    let mut cargo = Command::new(env!("CARGO"));
    let locked = run(cargo.args(["generate-lockfile", "--offline"]).current_dir(&folder));
    assert!(locked.status.success(), "{}", stderr(&locked));
    let lock = || fs::read(folder.join("Cargo.lock"));
    let before = lock().expect("it is written");
    let output = run(&mut command(&folder.join("crates/foo"), &["test"]));
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(lock().expect("it is there") == before, "another lock file");
    // Where there is none, none comes; a folder below the member's own is one of its folders, too.
    fs::remove_file(folder.join("Cargo.lock")).expect("it is there");
    let output = run(&mut command(&folder.join("crates/foo/src"), &["test", "--cfg", "loom"]));
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(lock().is_err(), "a lock file came");
}

/// `a` counts with two additions, `b` with a load and a store, and neither has the other's verdict.
#[test]
fn tests_of_one_name_in_two_files_are_two() {
    let tests = |count: &str| {
        format!(
            "#![cfg(loom)]
use loom::sync::atomic::{{AtomicUsize, Ordering::*}};
#[test]
fn counts() {{
    loom::model(|| {{
        let count = loom::sync::Arc::new(AtomicUsize::new(0));
        let other = count.clone();
        let thread = loom::thread::spawn(move || {count});
        count.fetch_add(1, AcqRel);
        thread.join().unwrap();
        assert_eq!(count.load(Acquire), 2);
    }});
}}
"
        )
    };
    let (right, wrong) = (tests("other.fetch_add(1, AcqRel)"), tests("other.store(1, Relaxed)"));
    let both = [("Cargo.toml", MANIFEST), ("tests/a.rs", &right), ("tests/b.rs", &wrong)];
    let folder = package("same", &both);
    let words = ["test", "--engine", "loom", "--json"];
    let told = objects(&run(&mut command(&folder, &words)));
    let of = |tested: &serde_json::Value| {
        let words = [&tested["test"], &tested["verdict"], &tested["loom"]["verdict"]];
        words.map(|word| word.as_str().unwrap_or("none").to_string())
    };
    let told_of: Vec<_> = told.iter().map(of).collect();
    let expected = [["a: counts", "proved", "explored"], ["b: counts", "failed", "refuted"]];
    assert_eq!(told_of, expected);
    let picture = told[1]["graph"].as_str().expect("it is told where");
    assert!(picture.ends_with("/b.counts.svg"), "{picture}");

    // The orderings of both are asked about.
    let passing = tests("other.fetch_add(1, Relaxed)");
    fs::write(folder.join("tests/b.rs"), passing).expect("it can be written");
    let output = run(&mut command(&folder, &["justify", "--json"]));
    let told = objects(&output);
    let files: Vec<&str> = told.iter().filter_map(|told| told["site"]["file"].as_str()).collect();
    for file in ["tests/a.rs", "tests/b.rs"] {
        assert!(files.contains(&file), "{file}: {}", stdout(&output));
    }
}

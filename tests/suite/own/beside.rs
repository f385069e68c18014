//! `cargo casebook test --engine loom`: the crate's own loom answers beside.

use super::{command, objects, run, somebodys, stderr, stdout};

/// loom loses nothing in `counts`, alarms where it takes SeqCst for AcqRel, does not end in `large`, and misses in `old` a store older
/// than the last seven.
const BOTH: &str = "#![cfg(loom)]
use loom::sync::atomic::{AtomicUsize, Ordering::*};
use loom::sync::Arc;
use loom::thread;

#[test]
fn counts() {
    loom::model(|| {
        let count = Arc::new(AtomicUsize::new(0));
        let other = count.clone();
        thread::spawn(move || other.fetch_add(1, Relaxed));
        count.fetch_add(1, Relaxed);
    });
}

#[test]
fn store_buffering() {
    loom::model(|| {
        let both = Arc::new([AtomicUsize::new(0), AtomicUsize::new(0)]);
        let other = both.clone();
        let thread = thread::spawn(move || {
            other[0].store(1, SeqCst);
            other[1].load(SeqCst)
        });
        both[1].store(1, SeqCst);
        let seen = both[0].load(SeqCst);
        assert!(seen + thread.join().unwrap() > 0);
    });
}

#[test]
#[should_panic]
fn wrong() {
    loom::model(|| {
        println!(\"it prints\");
        panic!(\"it is wrong\")
    });
}

#[test]
#[should_panic]
fn old() {
    loom::model(|| {
        let both = Arc::new([AtomicUsize::new(0), AtomicUsize::new(0)]);
        let other = both.clone();
        thread::spawn(move || {
            (1..=9).for_each(|value| other[0].store(value, Relaxed));
            other[1].store(1, Relaxed);
        });
        assert!(both[1].load(Relaxed) == 0 || both[0].load(Relaxed) > 0);
    });
}

#[test]
fn large() {
    loom::model(|| {
        let all = Arc::new([0; 7].map(AtomicUsize::new));
        for _ in 0..3 {
            let all = all.clone();
            thread::spawn(move || all.iter().for_each(|one| _ = one.fetch_add(1, AcqRel)));
        }
        all.iter().for_each(|one| _ = one.fetch_add(1, AcqRel));
    });
}
";

#[test]
fn loom_stands_beside() {
    let folder = somebodys("both", BOTH);
    let words = ["test", "--engine", "loom", "--limit", "2", "--json"];
    // libtest says otherwise what a test is called, and how it ends, where it has one thread.
    let output = run(command(&folder, &words).env("RUST_TEST_THREADS", "1"));
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let told = objects(&output);
    let of = |name: &str| {
        let told = told.iter().find(|told| told["test"] == name).expect("it is told");
        let words = [&told["verdict"], &told["loom"]["verdict"]];
        words.map(|word| word.as_str().expect("it is a word"))
    };
    assert_eq!(of("counts"), ["proved", "explored"]);
    assert_eq!(of("store_buffering"), ["proved", "refuted"]);
    assert_eq!(of("wrong"), ["failed as expected", "refuted"]);
    assert_eq!(of("old"), ["failed as expected", "explored"]);
    assert_eq!(of("large"), ["bounded", "bounded"]);
    let counts = told.iter().find(|told| told["test"] == "counts").expect("as above");
    assert!(counts["loom"]["executions"].as_u64().is_some_and(|n| n >= 2), "{counts}");

    let table = stdout(&run(&mut command(&folder, &["test", "counts", "--engine", "loom"])));
    let row = table.lines().find(|line| line.contains("counts")).expect("it has a row");
    assert!(row.contains("proved") && row.contains("explored"), "{table}");

    let output = run(&mut command(&folder, &["test", "--engine", "shuttle"]));
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("shuttle has types of its own"), "{}", stderr(&output));
}

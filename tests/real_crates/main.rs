//! The real crates on real threads: what their users rely on, for a fixed number of rounds, each test the twin of a case.
//!
//! An engine explores a model of a channel or a lock; here the crate itself runs. That proves nothing, and so each test
//! holds a property that no schedule may break. What is lost here may also show as a test that does not end.

mod combined;
mod crossbeam_channels;
mod crossbeam_epoch;
mod crossbeam_queues;
mod parking_lot_locks;
mod rayon_pool;
mod std_shared;
mod std_threads;
mod tokio_net;
mod tokio_sync;
mod tokio_tasks;
mod web_server;

use std::collections::BTreeSet;
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::{fs, thread};

/// Runs `body` on `n` threads that start together, each with its number, and joins them.
fn on_threads<T: Send>(n: usize, body: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let start = Barrier::new(n);
    let body = |t| {
        start.wait();
        body(t)
    };
    thread::scope(|s| {
        let threads: Vec<_> = (0..n).map(|t| s.spawn(move || body(t))).collect();
        threads.into_iter().map(|thread| thread.join().expect("no thread fails")).collect()
    })
}

/// Nothing is lost and nothing comes twice: `found` is the numbers below `n`, in whatever order.
#[track_caller]
fn assert_each_once(found: impl IntoIterator<Item = usize>, n: usize) {
    let mut times = vec![0; n];
    for number in found {
        times[number] += 1;
    }
    let wrong = times.iter().enumerate().find(|(_, times)| **times != 1);
    assert_eq!(wrong, None, "a number and how often it came");
}

/// Producer `p` has sent the numbers from `p * each` on; those of it that came are in order.
#[track_caller]
fn assert_producer_order(received: &[usize], each: usize) {
    let mut last = vec![None; received.iter().max().map_or(0, |most| most / each + 1)];
    for &number in received {
        let last = &mut last[number / each];
        assert!(*last < Some(number), "{number} comes after {last:?}");
        *last = Some(number);
    }
}

/// Counts how often one like it is dropped.
struct Counted<'a>(&'a AtomicUsize);

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.fetch_add(1, Relaxed); // Relaxed: read after every thread is joined
    }
}

/// What is wrong with the twins that a file names.
fn complaints(text: &str, ids: &BTreeSet<&str>) -> Vec<String> {
    let mut found = Vec::new();
    let mut twins = 0;
    for (line, number) in text.lines().map(str::trim).zip(1..) {
        if line == "#[test]" && std::mem::take(&mut twins) == 0 {
            found.push(format!("line {number}: a test without a twin"));
        }
        let Some((before, twin)) = line.split_once("Twin of ") else { continue };
        let id = twin.strip_prefix('`').and_then(|id| id.strip_suffix("`."));
        match id.filter(|_| before == "/// ") {
            Some(id) if ids.contains(id) => twins += 1,
            Some(id) => found.push(format!("line {number}: there is no case {id}")),
            None => found.push(format!("line {number}: not in the form of a twin")),
        }
    }
    if twins > 0 {
        found.push("a twin without a test".to_string());
    }
    found
}

#[test]
fn every_test_has_twins_and_they_exist() {
    let root = env!("CARGO_MANIFEST_DIR");
    let ids = fs::read_to_string(format!("{root}/cases/ids.txt")).expect("the list is there");
    let ids: BTreeSet<&str> = ids.lines().collect();
    let folder = fs::read_dir(format!("{root}/tests/real_crates")).expect("the folder is there");
    for file in folder.map(|file| file.expect("it can be read").path()) {
        let stem = file.file_stem().expect("a file has a name").to_string_lossy().into_owned();
        if stem == "main" {
            continue;
        }
        assert!(
            include_str!("main.rs").contains(&format!("\nmod {stem};")),
            "{stem}: not compiled"
        );
        let text = fs::read_to_string(&file).expect("it is text");
        assert_eq!(complaints(&text, &ids), [""; 0], "{stem}");
    }
}

#[test]
fn every_complaint_about_twins_can_be_made() {
    let ids = BTreeSet::from(["lock_order/one_order"]);
    let cases = [
        ("/// Twin of `lock_order/one_order`.\n#[test]", None),
        ("/// Twin of `lock_order/no_order`.\n#[test]", Some("there is no case")),
        ("/// Twin of lock_order/one_order.\n#[test]", Some("not in the form")),
        ("// Twin of `lock_order/one_order`.\n#[test]", Some("not in the form")),
        ("#[test]", Some("without a twin")),
        ("/// Twin of `lock_order/one_order`.", Some("without a test")),
    ];
    for (text, expected) in cases {
        let found = complaints(text, &ids).join("\n");
        assert_eq!(expected.is_none(), found.is_empty(), "{text}: {found}");
        assert!(expected.is_none_or(|words| found.contains(words)), "{text}: {found}");
    }
}

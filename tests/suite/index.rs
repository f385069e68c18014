//! The index reads from a case file what stands there, and leaves nothing out.

use std::path::Path;

use casebook::case;
use casebook::index::{self, Facet, citations, primitives, works};

/// The values of a case, by id.
fn values(id: &str, facet: Facet) -> Vec<String> {
    let corpus = case::corpus();
    let entry = corpus.iter().find(|entry| entry.id == id).expect("the case exists");
    index::values(entry, facet)
}

#[test]
fn primitives_are_what_the_file_imports() {
    let expected: [(&str, &[&str]); 8] = [
        ("use super::rt::sync::Mutex;", &["Mutex"]),
        (
            "use super::rt::sync::{Arc, atomic::{AtomicU8, Ordering, fence}, mpsc::{self, Sender}};",
            &["Arc", "atomic integer", "channel (mpsc)", "fence"],
        ),
        ("use super::rt::crossbeam::channel::bounded;", &["channel (crossbeam)"]),
        (
            "use super::rt::parking_lot::{RwLock, RwLockUpgradableReadGuard};",
            &["RwLock (parking_lot)"],
        ),
        ("use super::rt::{hint, thread};\nthread::scope(|s| ());", &["thread::scope"]),
        ("use super::rt::thread;\nother.unpark();", &["park and unpark"]),
        ("use std::sync::Mutex;\nuse super::other::Barrier;", &[]),
        ("use super::other::lock;\nlock().await;", &["future"]),
    ];
    for (text, names) in expected {
        assert_eq!(primitives(&format!("\n{text}\n")), names, "{text}");
    }
}

#[test]
fn citations_are_advisories_issues_pull_requests_and_commits() {
    let expected: [(&str, &[&str]); 7] = [
        ("RUSTSEC-2019-0013 (spin, RwLock).", &["RUSTSEC-2019-0013"]),
        (
            "CVE-2018-25008, rust-lang/rust issue 51780 (x).",
            &["CVE-2018-25008", "rust issue 51780"],
        ),
        (
            "tokio issue 1768 and pull request 1788.",
            &["tokio issue 1768", "tokio pull request 1788"],
        ),
        (
            "lot issues 257 (poll), 294 (upgrade) and 323 (x).",
            &["lot issue 257", "lot issue 294", "lot issue 323"],
        ),
        (
            "spin commit 06c111e, and in commit 8c36d8c",
            &["spin commit 06c111e", "spin commit 8c36d8c"],
        ),
        ("tokio PR 3089 (before 0.3.3)", &["tokio pull request 3089"]),
        ("Courtois et al., CACM 14(10), 1971; an issue of care", &[]),
    ];
    for (text, names) in expected {
        let cited: Vec<String> = citations(text).iter().map(ToString::to_string).collect();
        assert_eq!(cited, names, "{text}");
    }
}

#[test]
fn works_are_books_papers_and_projects() {
    let expected: [(&str, &[&str]); 6] = [
        (
            "ISO C++20 [intro.races] p7–p10; Boehm and Adve, PLDI 2008, section 4.",
            &["Boehm and Adve, PLDI 2008", "ISO C++20"],
        ),
        ("Courtois et al., CACM 14(10), 1971, problem 2.", &["Courtois et al., CACM 14(10), 1971"]),
        ("tokio's docs, `select!`; tokio issue 1 (x; y)", &["tokio"]),
        ("`std::sync::Once` documentation; Rust std, `Arc`; std docs, `Rc`.", &["Rust std"]),
        (
            "crossbeam::channel, documentation; the Rust Reference, section A",
            &["Rust Reference", "crossbeam"],
        ),
        ("RUSTSEC-2025-0024, crossbeam pull requests 1 (a), 2", &["RustSec", "crossbeam"]),
    ];
    for (text, names) in expected {
        assert_eq!(works(text), names, "{text}");
    }
}

#[test]
fn a_case_is_refuted_by_the_engines_that_declare_no_reason() {
    let expected: [(&str, &[&str]); 5] = [
        ("message_passing/release_acquire", &[]),
        ("message_passing/relaxed", &["loom", "shuttle", "rc11"]),
        ("rayon_latch_sleep/acq_rel_swap", &["loom", "rc11", "native, by chance"]),
        ("weak_compare_exchange/weak_twice", &["native, by chance"]),
        ("store_buffering/relaxed", &[]),
    ];
    for (id, engines) in expected {
        assert_eq!(values(id, Facet::Engine), engines, "{id}");
    }
}

#[test]
fn a_class_is_that_of_its_case_and_not_of_its_file() {
    assert_eq!(values("rayon_latch_sleep/acq_rel_swap", Facet::Class), ["store buffering"]);
    assert!(values("rayon_latch_sleep/seq_cst_swap", Facet::Class).is_empty());
    let classes = index::groups(&[], Facet::Class);
    let of = |class: &&index::Group| class.name == "wrong Send, Sync or bound";
    let class = classes.iter().find(of).expect("it is a class");
    assert!(class.refused.contains(&"compile_fail/send/local_set.rs".to_string()));
}

/// What a case declares needs no list, and the family may tell more.
#[test]
fn a_failing_case_that_is_listed_nowhere_is_of_the_class_it_declares() {
    let expected: [(&str, &[&str]); 7] = [
        ("message_passing/relaxed", &["data race on publication"]),
        ("spin_semaphore/relaxed_take", &["mutual exclusion broken"]),
        ("condvar_wait/never_notified", &["a wait that nobody ends"]),
        ("dekker_lock/nobody_gives_way", &["livelock"]),
        ("z6_u/release_store", &["weak order across variables"]),
        ("torn_pair/two_words", &["check-then-act"]),
        ("store_buffering/relaxed", &[]),
    ];
    for (id, classes) in expected {
        assert_eq!(values(id, Facet::Class), classes, "{id}");
    }
}

/// What is wrong with the classes: a case that fails and has none, or has one and does not fail; one that is listed and would be known
/// without; what is listed and is not there.
fn class_complaints(corpus: &[case::Entry]) -> Vec<String> {
    let mut complaints = Vec::new();
    for entry in corpus {
        let id = &entry.id;
        let (classes, fails) =
            (index::classes_of(entry), (entry.case.expect)().failure().is_some());
        if fails && classes.is_empty() {
            complaints.push(format!("{id}: name its class in cases/classes.toml"));
        }
        if index::told(entry).is_some_and(|told| told.cases.contains(id) && classes.len() == 1) {
            complaints.push(format!("{id}: cases/classes.toml lists what it declares"));
        }
        if !fails && !classes.is_empty() {
            complaints.push(format!("{id} does not fail, and is of a class"));
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for shown in index::classes().iter().flat_map(index::Class::listed) {
        let is_there = match shown.ends_with(".rs") {
            true => root.join(shown).is_file(),
            false => corpus.iter().any(|entry| entry.id == *shown),
        };
        if !is_there {
            complaints.push(format!("cases/classes.toml lists {shown}, which is not there"));
        }
    }
    complaints
}

#[test]
fn just_the_failing_cases_have_a_class() {
    let complaints = class_complaints(&case::corpus());
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

/// A reader looks through them: they are about fifteen, each says what it is, and shows it.
#[test]
fn the_classes_are_few_and_say_what_they_are() {
    let (corpus, classes) = (case::corpus(), index::classes());
    assert!((12..=18).contains(&classes.len()), "{} classes", classes.len());
    for class in classes {
        let of = |entry: &case::Entry| index::values(entry, Facet::Class).contains(&class.name);
        let shows = corpus.iter().any(of);
        let refuses = class.listed().any(|shown| shown.ends_with(".rs"));
        assert!(shows || refuses, "nothing shows `{}`", class.name);
        assert!(
            class.what.ends_with('.') && class.what.len() > 20,
            "{}: {}",
            class.name,
            class.what
        );
    }
}

/// A case that stood in no group would not be found.
#[test]
fn every_case_has_a_family_a_primitive_and_a_source() {
    let corpus = case::corpus();
    for facet in [Facet::Family, Facet::Primitive, Facet::Source] {
        let lost = corpus.iter().filter(|entry| {
            let values = index::values(entry, facet);
            values.is_empty() || values.iter().any(String::is_empty)
        });
        let lost: Vec<&str> = lost.map(|entry| entry.id.as_str()).collect();
        assert!(lost.is_empty(), "no {facet}: {lost:?}");
    }
}

#[test]
fn a_group_holds_just_the_cases_that_have_its_value() {
    let corpus = case::corpus();
    for facet in Facet::ALL {
        let values: Vec<_> = corpus.iter().map(|entry| index::values(entry, facet)).collect();
        for group in index::groups(&corpus, facet) {
            assert!(group.entries.len() + group.refused.len() > 0, "{facet} {}", group.name);
            let having = corpus.iter().zip(&values);
            let having = having.filter(|(_, values)| values.contains(&group.name));
            let expected: Vec<&String> = having.map(|(entry, _)| &entry.id).collect();
            let held: Vec<&String> = group.entries.iter().map(|entry| &entry.id).collect();
            assert_eq!(held, expected, "{facet} {}", group.name);
        }
    }
}

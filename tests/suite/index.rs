//! The index reads from a case file what stands there, and leaves nothing out.

use std::collections::BTreeMap;
use std::fs;
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

/// Projects and undated works that a source may name; every other work says its year.
const KNOWN: [&str; 97] = [
    "LWG",
    "loom",
    "miri",
    "turso",
    "Boost.Atomic",
    "CVE",
    "CWE-367",
    "Go",
    "The Go Programming Language Specification",
    "ISO C++20",
    "McKenney, \"Is Parallel Programming Hard\"",
    "Rust Reference",
    "Rust std",
    "RustSec",
    "Rustonomicon",
    "The Rust Programming Language",
    "arc-swap",
    "async-lock",
    "basedrop",
    "bytes",
    "clippy",
    "crossbeam",
    "dashmap",
    "futures",
    "heapless",
    "left-right",
    "metrique",
    "once_cell",
    "oneshot",
    "parking_lot",
    "rayon",
    "rust",
    "sharded-slab",
    "spin",
    "spmc",
    "thingbuf",
    "tokio",
    "EventStore",
    "JCTools",
    "gopkg",
    "high-scale-lib",
    "jdk",
    "kotlinx.coroutines",
    "skipmap",
    "affinitypool",
    "asterinas",
    "concurrentqueue",
    "dora",
    "embassy",
    "endive",
    "flume",
    "hale",
    "iceoryx",
    "iceoryx2",
    "libcds",
    "llvm-project",
    "odp",
    "oneTBB",
    "relacy",
    "SBCL",
    "brpc",
    "bun",
    "ephpm",
    "lazy-static",
    "musl",
    "rust-atomics-and-locks",
    "rustfs",
    "silk",
    "tikv",
    "zio",
    "Linux",
    "SPSCQueue",
    "nitro",
    "sanitizers",
    "threadpool",
    "turborepo",
    "vanillapdf",
    "zuban",
    "bookkeeper",
    "folly",
    "herdtools7",
    "jcstress",
    "AsyncEx",
    "StarRocks",
    "concurrency-limits",
    "formplayer",
    "kanal",
    "kode-bridge",
    "lock_api",
    "toit",
    "truffleruby",
    "vs-threading",
    "wasmtime",
    "webrtc",
    "xaynet",
    "Erlang/OTP",
    "Java SE 21",
];

/// What is wrong with the name under which a work is grouped.
fn work_complaint(work: &str) -> Option<String> {
    let digits = |rest: &str| rest.chars().all(|c| c.is_ascii_digit());
    let is_rfc = |body: &str| {
        work.strip_prefix(body).and_then(|it| it.strip_prefix(" RFC ")).is_some_and(digits)
    };
    let is_year =
        |word: &str| word.len() == 4 && (word.starts_with("19") || word.starts_with("20"));
    let is_dated = work.split(|c: char| !c.is_ascii_digit()).any(is_year);
    let is_known = KNOWN.contains(&work) || is_rfc("Rust") || is_rfc("IETF");
    if work.split(". ").skip(1).any(|rest| rest.starts_with(char::is_alphabetic)) {
        return Some(format!("`{work}` has a remark in its name: put it in parentheses"));
    }
    (!is_known && !is_dated).then(|| format!("`{work}` is no known project, and has no year"))
}

/// A remark that stands outside of parentheses would be a work of its own.
#[test]
fn every_work_has_a_year_or_is_a_known_project() {
    let corpus = case::corpus();
    let works = index::groups(&corpus, Facet::Source);
    let found: Vec<String> = works.iter().filter_map(|group| work_complaint(&group.name)).collect();
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
    let refused = [
        ("AcqRel suffices", "no year"),
        ("RFC 2308", "no year"),
        ("Rust RFC scoped", "no year"),
        ("Treiber, IBM RJ 5118", "no year"),
        ("Magnusson, IPPS 1994. libvsync swaps", "in parentheses"),
    ];
    for (work, words) in refused {
        let complaint = work_complaint(work).unwrap_or_default();
        assert!(complaint.contains(words), "{work}: {complaint}");
    }
    let unused: Vec<&str> = KNOWN
        .into_iter()
        .filter(|known| !works.iter().any(|group| group.name.starts_with(known)))
        .collect();
    assert!(unused.is_empty(), "nothing names {unused:?} any more");
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

/// The prose of every case file, each as one line.
fn prose() -> BTreeMap<String, String> {
    let corpus = case::corpus();
    corpus.iter().map(|entry| (entry.shape.file(), entry.shape.prose().join(" "))).collect()
}

/// There are two bodies, and more, that number their requests for comments.
#[test]
fn every_request_for_comments_says_whose_it_is() {
    let tables =
        ["ledger.toml", "decisions.toml", "unmodelled.toml", "classes.toml"].map(|table| {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases").join(table);
            (table.to_string(), fs::read_to_string(path).expect("the table is there"))
        });
    let texts = prose().into_iter().chain(tables);
    let mut complaints = Vec::new();
    for (file, text) in texts {
        for (at, word) in text.match_indices("RFC ") {
            let number = text[at + word.len()..].starts_with(|c: char| c.is_ascii_digit());
            let whose = ["Rust ", "IETF ", "crossbeam-rs "];
            if number && !whose.into_iter().any(|whose| text[..at].ends_with(whose)) {
                let cited: String = text[at..].chars().take(8).collect();
                complaints.push(format!("{file}: whose is {cited}?"));
            }
        }
    }
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

/// The paragraphs of ISO C++20 that files cite, and what each is about, read from the standard's
/// last draft (N4861).
const CPP20: [(&str, &[(u32, &str)]); 10] = [
    (
        "intro.races",
        &[
            (4, "modification order"),
            (5, "release sequence"),
            (6, "synchronizes with"),
            (7, "carries a dependency"),
            (8, "dependency-ordered before"),
            (9, "inter-thread happens before"),
            (10, "happens before"),
            (11, "transitive"),
            (14, "what a load may read"),
            (15, "write-write coherence"),
            (16, "read-read coherence"),
            (17, "read-write coherence"),
            (18, "write-read coherence"),
            (21, "data race"),
        ],
    ),
    (
        "atomics.order",
        &[
            (2, "synchronizes with"),
            (3, "coherence-ordered before"),
            (4, "single total order"),
            (8, "out of thin air"),
            (9, "out of thin air"),
            (10, "reads the last value"),
            (11, "in a reasonable amount of time"),
        ],
    ),
    ("atomics.fences", &[(2, "fence to fence"), (3, "fence to access"), (4, "access to fence")]),
    (
        "atomics.types.operations",
        &[(23, "the two orderings of a compare-exchange"), (27, "spurious failure")],
    ),
    ("atomics.flag", &[]),
    ("atomics.wait", &[(4, "eligible to be unblocked")]),
    ("thread.sharedmutex.requirements", &[]),
    ("thread.sema.cnt", &[(10, "release happens before")]),
    ("thread.latch.class", &[]),
    ("thread.once.callonce", &[(3, "total order of executions")]),
];

/// What is wrong with what a text cites of the standard: a section or a paragraph that is not known,
/// or a remark behind it that belongs to another paragraph.
fn standard_complaints(text: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut group: Vec<(&str, u32)> = Vec::new();
    for part in text.split('[').skip(1) {
        let Some((section, rest)) = part.split_once(']') else { continue };
        let dotted =
            section.contains('.') && section.chars().all(|c| c.is_ascii_lowercase() || c == '.');
        if !dotted {
            continue;
        }
        let Some((_, paragraphs)) = CPP20.iter().find(|(known, _)| *known == section) else {
            complaints.push(format!("[{section}] is no section that is known here"));
            continue;
        };
        let end = rest.find(['(', ')', ';', '.', '[', '`']).unwrap_or(rest.len());
        let mut last = None;
        let words = rest[..end].split([' ', ',']).flat_map(|word| {
            word.split('–').enumerate().map(|(nth, part)| (nth, part.trim_start_matches('p')))
        });
        for (nth, number) in words.filter_map(|(nth, word)| Some((nth, word.parse::<u32>().ok()?)))
        {
            let range = if nth > 0 { last.unwrap_or(number) + 1..=number } else { number..=number };
            for paragraph in range {
                if !paragraphs.iter().any(|(known, _)| *known == paragraph) {
                    complaints
                        .push(format!("[{section}] p{paragraph} is about nothing of this kind"));
                }
                group.push((section, paragraph));
            }
            last = Some(number);
        }
        // A remark speaks of the paragraphs before it.
        if rest[end..].starts_with('[') {
            continue;
        }
        let cited = std::mem::take(&mut group);
        let Some(remark) = rest[end..].strip_prefix('(') else { continue };
        let remark = remark.split(')').next().unwrap_or("");
        let subjects = CPP20.iter().flat_map(|(section, known)| {
            known.iter().map(move |(paragraph, subject)| (*section, *paragraph, *subject))
        });
        let about: Vec<(&str, u32)> = subjects
            .filter(|(_, _, subject)| remark == *subject)
            .map(|(section, paragraph, _)| (section, paragraph))
            .collect();
        if !about.is_empty() && !about.iter().any(|paragraph| cited.contains(paragraph)) {
            complaints.push(format!("`{remark}` is {about:?}, and {cited:?} is cited for it"));
        }
    }
    complaints
}

#[test]
fn what_is_cited_of_the_standard_is_there() {
    let mut complaints = Vec::new();
    for (file, prose) in prose() {
        let found = standard_complaints(&prose);
        complaints.extend(found.into_iter().map(|it| format!("{file}: {it}")));
    }
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
    for wrong in [
        "ISO C++20 [intro.races] p9 (synchronizes with).",
        "ISO C++20 [intro.races] p7–p13; Boehm",
        "ISO C++20 [atomics.types.operations] p17–p22 (the two orderings of a compare-exchange)",
        "ISO C++20 [thread.semaphore] (release)",
    ] {
        assert!(!standard_complaints(wrong).is_empty(), "{wrong}");
    }
}

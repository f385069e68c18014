//! What cases cite is known: works by their year or their project, requests for comments by whose they are, the standard by paragraphs that are there.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use casebook::case;
use casebook::index::{self, Facet};

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

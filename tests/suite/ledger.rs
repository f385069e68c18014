//! The ledger is complete, cites only what exists, and refutes nothing without a failing witness.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use casebook::case::{self, Entry};
use casebook::expect::Expectation;
use casebook::ledger::{self, Claim, Verdict};

/// What the ledger must have a verdict on: an article, and words of the claim.
const ROWS: &[(&str, &str)] = &[
    ("green_threads", "green threads"),
    ("green_threads", "cooperatively"),
    ("green_threads", "work-stealing"),
    ("green_threads", "Data races"),
    ("green_threads", "Use-after-free"),
    ("green_threads", "Iterator invalidation"),
    ("green_threads", "lock order"),
    ("green_threads", "pass ownership"),
    ("green_threads", "subtle concurrency bugs"),
    ("conquering_complexity", "spawn a thread and join"),
    ("conquering_complexity", "`Arc<Mutex<_>>`"),
    ("conquering_complexity", "`std::sync::chan`"),
    ("conquering_complexity", "atomic counter goes into `thread::spawn`"),
    ("conquering_complexity", "alternating sequence"),
    ("conquering_complexity", "`AtomicUsize`"),
    ("conquering_complexity", "add them up"),
    ("conquering_complexity", "atomic flag"),
    ("conquering_complexity", "in async"),
    ("conquering_complexity", "thread pool"),
    ("conquering_complexity", "web server"),
    ("conquering_complexity", "back-pressure"),
    ("conquering_complexity", "propagate errors"),
    ("technique_by_technique", "moved into a thread"),
    ("technique_by_technique", "receives until the end"),
    ("technique_by_technique", "SeqCst"),
    ("technique_by_technique", "five readers and a writer"),
    ("technique_by_technique", "crossbeam's scope"),
    ("technique_by_technique", "reached without locking"),
    ("technique_by_technique", "`parking_lot` mutex"),
    ("technique_by_technique", "nearly 30 %"),
    ("technique_by_technique", "squares of `i32`"),
    ("technique_by_technique", "atomics for metrics"),
    ("technique_by_technique", "configuration in an `RwLock`"),
    ("concurrent_and_asynchronous", "blocks on one client"),
    ("concurrent_and_asynchronous", "tokio client"),
    ("concurrent_and_asynchronous", "Rayon squares"),
    ("concurrent_and_asynchronous", "one crossbeam channel"),
    ("concurrent_and_asynchronous", "combined"),
    ("concurrent_and_asynchronous", "`time.Sleep`"),
    ("concurrent_and_asynchronous", "`WaitGroup`"),
    ("general", "deadlocks at compile time"),
    ("general", "race conditions"),
    ("general", "cannot be wrong"),
    ("general", "lose updates"),
    ("general", "SeqCst fixes everything"),
    ("general", "Dekker"),
    ("general", "ARM only"),
    ("general", "read lock again"),
    ("general", "content thread-safe"),
    ("general", "strong_count"),
    ("general", "volatile"),
    ("general", "Poisoning"),
    ("general", "always runs its destructor"),
    ("general", "`let _ ="),
    ("general", "`if let`"),
    ("general", "merely cancels"),
    ("general", "makes progress"),
    ("general", "Tasks are green"),
    ("general", "in async code"),
    ("general", "free of races"),
    ("general", "zero-copy"),
    ("general", "notify_one"),
    ("general", "unpark"),
    ("general", "compare_exchange_weak"),
    ("general", "loom"),
    ("general", "shuttle"),
];

/// Everything that is wrong with a ledger.
fn complaints(claims: &[Claim]) -> Vec<String> {
    let mut found = Vec::new();
    for claim in claims {
        let name = format!("{}: {}", claim.article, claim.claim);
        if claim.cites.is_empty() {
            found.push(format!("{name} cites nothing"));
        }
        if claim.article.contains('.') || claim.article.contains(|c: char| c.is_ascii_digit()) {
            found.push(format!("{name}: `{}` is the name of a file", claim.article));
        }
        if !claim.title.contains(' ') {
            found.push(format!("{name}: `{}` is no title", claim.title));
        }
        if !one_sentence(&claim.why) {
            found.push(format!("{name}: `{}` is not one sentence", claim.why));
        }
        let cites = claim.cites.iter().filter(|cite| !exists(cite));
        found.extend(cites.map(|cite| format!("{name} cites {cite}, which does not exist")));
        // Figures of one machine refute nothing, but they can show that a claim of speed has a condition.
        let measured = claim.verdict == Verdict::NeedsCondition;
        let witness = |cite: &String| fails(cite) || measured && cite.starts_with("benches/");
        if claim.verdict != Verdict::Upheld && !claim.cites.iter().any(witness) {
            found.push(format!("{name} is {} and cites nothing that fails", claim.verdict));
        }
    }
    let named: BTreeSet<(&str, &str)> =
        claims.iter().map(|claim| (claim.article.as_str(), claim.claim.as_str())).collect();
    if named.len() != claims.len() {
        found.push("a claim stands twice".to_string());
    }
    let present = |(article, words): &(&str, &str)| {
        claims.iter().any(|it| it.article == *article && it.claim.contains(words))
    };
    let missing = ROWS.iter().filter(|row| !present(row));
    found.extend(missing.map(|(article, words)| format!("{article} has no claim of `{words}`")));
    found
}

fn one_sentence(text: &str) -> bool {
    text.ends_with('.') && !text.trim_end_matches('.').contains(". ")
}

/// Every case, and whether it is declared to fail.
static CASES: LazyLock<BTreeMap<String, bool>> = LazyLock::new(|| {
    let fails = |entry: &Entry| match (entry.case.expect)() {
        expectation @ Expectation::Property(_) => expectation.summary() != "holds",
        Expectation::Observation(_) => false,
    };
    case::corpus().into_iter().map(|entry| (entry.id.clone(), fails(&entry))).collect()
});

/// A file from the root, or the id of a case.
fn exists(cite: &str) -> bool {
    match cite.ends_with(".rs") {
        true => Path::new(env!("CARGO_MANIFEST_DIR")).join(cite).is_file(),
        false => CASES.contains_key(cite),
    }
}

/// A case that fails, or a file that the compiler or a lint refuses.
fn fails(cite: &str) -> bool {
    if cite.ends_with(".rs") {
        let name = cite.rsplit('/').next().expect("a path has a last part");
        return cite.starts_with("compile_fail/") && name.matches('.').count() == 1;
    }
    CASES.get(cite).is_some_and(|fails| *fails)
}

#[test]
fn the_ledger_is_sound_and_complete() {
    let found = complaints(&ledger::ledger());
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

/// Each complaint is made where there is cause: the ledger, damaged in one way, has just that one.
#[test]
fn every_complaint_can_be_made() {
    type Damage = fn(&mut Vec<Claim>);
    let damaged = |damage: Damage| {
        let mut claims = ledger::ledger();
        damage(&mut claims);
        complaints(&claims).join("\n")
    };
    let cases: [(Damage, &str); 10] = [
        (|claims| claims[4].cites.clear(), "cites nothing"),
        (|claims| claims[4].cites[0] = "lock_order/no_order".into(), "does not exist"),
        (|claims| claims[4].cites[0] = "compile_fail/none.rs".into(), "does not exist"),
        (|claims| claims[7].cites = vec!["lock_order/one_order".into()], "nothing that fails"),
        (|claims| measured(claims).verdict = Verdict::Refuted, "nothing that fails"),
        (|claims| claims[4].why = "Because. Of that.".into(), "not one sentence"),
        (|claims| claims[4].title = claims[4].article.clone(), "is no title"),
        (|claims| claims.push(of_file(&claims[4])), "is the name of a file"),
        (|claims| claims.push(claims[4].clone()), "stands twice"),
        (|claims| drop(claims.remove(4)), "green_threads has no claim of `Data races`"),
    ];
    for (damage, words) in cases {
        let found = damaged(damage);
        assert!(found.contains(words) && found.lines().count() == 1, "{words}: {found}");
    }
}

/// The claim as if its article were a file.
fn of_file(claim: &Claim) -> Claim {
    Claim { article: "004_d1b2.txt".into(), ..claim.clone() }
}

/// A claim that nothing but a benchmark speaks to.
fn measured(claims: &mut [Claim]) -> &mut Claim {
    let by_benchmark = |claim: &&mut Claim| claim.cites.iter().all(|it| it.starts_with("benches/"));
    claims.iter_mut().find(by_benchmark).expect("there is one")
}

/// A twin that compiles, an observation, a test and a benchmark are no failing witness.
#[test]
fn only_what_fails_is_a_failing_witness() {
    assert!(fails("lock_order/two_orders") && fails("compile_fail/sync/refcell_in_arc.rs"));
    assert!(!fails("lock_order/one_order") && !fails("compile_fail/sync/refcell_in_arc.ok.rs"));
    assert!(!fails("store_buffering/relaxed") && !fails("tests/real_crates/combined.rs"));
    assert!(!fails("benches/contention/main.rs"));
}

#[test]
fn a_verdict_outside_the_three_is_refused() {
    let line = |verdict: &str| {
        format!(
            "[[article]]\nname = \"a\"\ntitle = \"t\"\nclaims = [{{ claim = \"c\", verdict = \"{verdict}\", why = \"w\", cites = [] }}]"
        )
    };
    for verdict in ["upheld", "refuted", "needs a condition"] {
        assert!(ledger::parse(&line(verdict)).is_ok(), "{verdict}");
    }
    let refusal = ledger::parse(&line("plausible")).expect_err("it is no verdict");
    assert!(refusal.to_string().contains("needs a condition"), "{refusal}");
}

fn casebook(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_casebook"))
        .args(arguments)
        .output()
        .expect("the program starts");
    let text = |bytes| String::from_utf8(bytes).expect("it is UTF-8");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn the_command_prints_every_claim_in_a_hundred_columns() {
    let (code, text, _) = casebook(&["ledger"]);
    assert_eq!(code, Some(0));
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = words(&text);
    for claim in ledger::ledger() {
        let Claim { article, title, claim, verdict, why, cites } = claim;
        assert!(text.contains(&title), "{title}");
        assert!(article == "general" || !text.contains(&article), "{article} is not its title");
        let shown = words(&format!("{claim} {verdict}: {why} {}", cites.join(" ")));
        assert!(text.contains(&shown), "{shown}");
    }
}

#[test]
fn the_command_prints_json_with_six_fields() {
    let (code, text, _) = casebook(&["ledger", "--json"]);
    assert_eq!(code, Some(0));
    assert_eq!(text.lines().count(), ledger::ledger().len());
    for line in text.lines() {
        let object: serde_json::Value = serde_json::from_str(line).expect("every line is JSON");
        let fields: BTreeSet<&str> =
            object.as_object().expect("an object").keys().map(String::as_str).collect();
        assert_eq!(
            fields,
            BTreeSet::from(["article", "title", "claim", "verdict", "why", "cites"])
        );
    }
}

#[test]
fn the_command_filters_and_refuses_an_empty_answer() {
    let (code, text, _) = casebook(&["ledger", "LOCK_ORDER/two_orders", "--json"]);
    assert_eq!(code, Some(0));
    assert!(text.lines().count() > 1);
    assert!(text.lines().all(|line| line.contains("lock_order/two_orders")), "{text}");
    let (code, text, refusal) = casebook(&["ledger", "qqqqqqqq"]);
    assert_eq!((code, text.as_str()), (Some(2), ""));
    assert_eq!(refusal.lines().count(), 1, "{refusal}");
}

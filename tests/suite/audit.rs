//! `casebook audit` reads any sources, says what it found in each format, and has nothing open in this repository.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use casebook::audit::{self, Kind, Rule};
use casebook::case;
use casebook::expect::Expectation;
use serde_json::Value;

fn casebook(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_casebook"));
    command.arg("audit").args(arguments).output().expect("it starts")
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A folder of sources that is empty at first.
struct Sources(PathBuf);

impl Sources {
    fn new(name: &str) -> Sources {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("audit_{name}"));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder can be made");
        Sources(folder)
    }

    fn with(self, file: &str, text: impl AsRef<[u8]>) -> Sources {
        fs::write(self.0.join(file), text).expect("a file can be written");
        self
    }

    fn path(&self) -> &str {
        self.0.to_str().expect("it is UTF-8")
    }

    /// What the command prints of these sources, and its exit code.
    fn audit(&self, more: &[&str]) -> (String, i32) {
        let output = casebook(&[&[self.path()], more].concat());
        (stdout(&output), output.status.code().expect("it ends by itself"))
    }

    /// The rules that are found open.
    fn open(&self) -> Vec<String> {
        let found = audit::audit(&self.0, &case::corpus(), false).expect("it can be read");
        let open =
            found.open(Kind::Wrong).map(|of| format!("{} {}: {}", of.line, of.rule, of.says));
        open.collect()
    }
}

const LOST: &str = "fn add(n: &AtomicU32) {\n    n.store(n.load(SeqCst) + 1, SeqCst);\n}\n";

/// In the corpus and in the sources every ordering has its reason, and what is wrong on purpose is allowed with one.
#[test]
fn nothing_is_open_in_this_repository() {
    for folder in ["src", "cases"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let found = audit::audit(&path, &case::corpus(), false).expect("it can be read");
        assert_eq!(found.unread, []);
        assert!(found.orderings.len() > 50, "{folder}: {}", found.orderings.len());
        let open: Vec<String> = [Kind::Wrong, Kind::Unexplained]
            .into_iter()
            .flat_map(|kind| found.open(kind))
            .map(|of| {
                format!("{folder}/{}:{}: {}: {}: {}", of.file, of.line, of.rule, of.place, of.says)
            })
            .collect();
        assert!(open.is_empty(), "\n{}\n", open.join("\n"));
    }
}

/// What the compiler and its lints are shown is found where the audit has a rule for it, and nothing else.
#[test]
fn what_lints_are_shown_is_found() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("compile_fail");
    let found = audit::audit(&path, &case::corpus(), false).expect("it can be read");
    let open: Vec<String> =
        found.open(Kind::Wrong).map(|of| format!("{} {}", of.file, of.rule)).collect();
    let expected = [
        "lints/load_then_store.silent.rs load-then-store",
        "lints/lock_across_await.rs guard-across-await",
        "send/future_holds_guard.rs guard-across-await",
    ];
    assert_eq!(open, expected);
}

/// A rule that names a case which does not fail would refute nothing.
#[test]
fn the_cases_of_every_rule_show_what_fails() {
    let corpus = case::corpus();
    for rule in Rule::ALL {
        for id in rule.cases() {
            let entry = corpus.iter().find(|entry| entry.id == *id);
            let entry = entry.unwrap_or_else(|| panic!("{rule} names {id}, which does not exist"));
            let expected = (entry.case.expect)();
            // An outcome that is allowed, and that the case beside it forbids, is what an observation shows.
            let fails = match expected {
                Expectation::Property(_) => !expected.claims_to_hold(),
                Expectation::Observation(_) => expected.allows("(0, 0)"),
            };
            assert!(fails, "{rule} names {id}, which holds");
        }
    }
}

#[test]
fn a_finding_names_its_case_and_asks() {
    let sources = Sources::new("finding").with("lib.rs", LOST);
    let (text, code) = sources.audit(&[]);
    assert_eq!(code, 1, "{text}");
    for words in [
        "lib.rs:2:7: load-then-store: add: n.store",
        "casebook show lost_update/load_store_seq_cst",
        "ask: What keeps another thread from writing in between?",
        "wrong by the corpus: 1 finding open",
        "unexplained: 2 of 2 orderings",
        "no engine was asked",
    ] {
        assert!(text.contains(words), "no `{words}` in\n{text}");
    }
    let list = sources.audit(&["--list"]).0;
    assert!(list.contains("lib.rs:2:15: SeqCst, load of add: n.load: no reason"), "{list}");
}

#[test]
fn an_ordering_without_a_reason_counts_if_asked_for() {
    let sources = Sources::new("reasons").with(
        "lib.rs",
        "/// Relaxed: a number and no more.\nfn a(n: &A) { n.load(Relaxed); }\n\n\
         struct S {\n    hits: AtomicU32, // Relaxed: statistics\n}\n\
         fn b(s: &S) { s.hits.fetch_add(1, Relaxed); }\n\n\
         fn c(n: &A) {\n    // Release: pairs with the load in d\n    n.store(1, Release);\n    n.store(2, Release);\n\n    \
         // one more\n    n.store(3, Release);\n}\n",
    );
    let (text, code) = sources.audit(&[]);
    assert_eq!(code, 0, "it is advisory: {text}");
    assert!(text.contains("unexplained: 1 of 5 orderings"), "{text}");
    let (text, code) = sources.audit(&["--unexplained"]);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("lib.rs:15:7: no-reason: c: n.store"), "{text}");
}

#[test]
fn a_citation_is_held_against_the_corpus_and_the_code() {
    let cite = |comment: &str, operation: &str| {
        let text =
            format!("fn f(x: &A) {{\n    // ordering: casebook {comment}\n    {operation};\n}}\n");
        Sources::new("cites").with("lib.rs", text).open()
    };
    let store =
        "message_passing/release_acquire — publish: ready.store: Release: with Relaxed, data race";
    assert_eq!(cite(store, "x.store(1, Release)"), [""; 0]);
    assert_eq!(
        cite("message_passing/release_acquire — Whoever sees the flag.", "x.load(Acquire)"),
        [""; 0]
    );
    for (comment, operation, words) in [
        (
            "message_pasing/release_acquire — x",
            "x.store(1, Release)",
            "unknown-citation: there is no case",
        ),
        (
            "message_passing/relaxed — x",
            "x.store(1, Release)",
            "failing-citation: case `message_passing/relaxed` is declared to fail (data race)",
        ),
        (
            store,
            "x.store(1, Relaxed)",
            "other-citation: the comment says Release, and the operation has Relaxed",
        ),
        (
            store,
            "x.load(Acquire)",
            "other-citation: the comment says Release, and the operation has Acquire",
        ),
        (
            "message_passing/release_acquire — publish: flag.store: Release: with",
            "x.store(1, Release)",
            "has no place `publish: flag.store`",
        ),
        (
            "message_passing/seq_cst — publish: ready.store: SeqCst: with Release",
            "x.store(1, SeqCst)",
            "slack: it holds with Release, and not only with SeqCst",
        ),
        (
            "message_passing/release_acquire — publish: ready.load: Acquire: with Relaxed",
            "fence(Acquire)",
            "the comment is about `publish: ready.load`",
        ),
        (
            "lost_update/fetch_add_relaxed — x",
            "x.fetch_add(1, AcqRel)",
            "has no AcqRel, which the operation has",
        ),
    ] {
        let found = cite(comment, operation);
        assert!(
            matches!(&found[..], [one] if one.contains(words) && one.starts_with("2 ")),
            "{words}: {found:?}"
        );
    }
    // Of a statement with two operations it is about the one that fits.
    assert_eq!(cite(store, "x.store(y.load(Relaxed), Release)"), [""; 0]);
    let orphan =
        Sources::new("orphan").with("lib.rs", "// ordering: casebook no/such — x\nfn f() {}\n");
    assert_eq!(orphan.open().len(), 1);
}

#[test]
fn an_allow_has_a_reason() {
    let allow = |comment: &str| {
        let text = LOST.replace("    n.store", &format!("    // casebook: {comment}\n    n.store"));
        Sources::new("allow").with("lib.rs", text)
    };
    let allowed = allow("allow(load-then-store) one thread writes");
    assert_eq!(allowed.open(), [""; 0]);
    let (text, code) = allowed.audit(&[]);
    assert_eq!(code, 0);
    assert!(text.contains("settled: 1 allowed in the source"), "{text}");
    let bare = allow("allow(load-then-store)").open();
    assert!(bare[0].contains("2 allow: `load-then-store` is allowed without a reason"), "{bare:?}");
    assert!(bare[1].contains("load-then-store"), "it allows nothing: {bare:?}");
    let unknown = allow("allow(load-and-store) one thread writes").open();
    assert!(unknown[0].contains("there is no rule `load-and-store`"), "{unknown:?}");
    assert_eq!(allow("allow(relaxed-flag) another rule").open().len(), 1);
}

#[test]
fn a_baseline_knows_what_was_there() {
    let sources = Sources::new("baseline").with("lib.rs", LOST);
    let file = sources.0.join("known.baseline");
    let file = file.to_str().expect("it is UTF-8");
    assert_eq!(sources.audit(&["--write-baseline", file]).1, 0);
    let kept = fs::read_to_string(file).expect("it is written");
    assert!(kept.ends_with("load-then-store\tlib.rs\tadd: n.store\n"), "{kept}");
    let (text, code) = sources.audit(&["--baseline", file]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("1 known by the baseline"), "{text}");
    // Lines move; a second one in the same place is new.
    let moved = sources.with("lib.rs", format!("\n\n{LOST}"));
    assert_eq!(moved.audit(&["--baseline", file]).1, 0);
    let more =
        moved.with("lib.rs", LOST.replace("}\n", "    n.store(n.load(SeqCst) + 2, SeqCst);\n}\n"));
    let (text, code) = more.audit(&["--baseline", file]);
    assert!(code == 1 && text.contains("1 finding open"), "{text}");
    let gone = more.with("lib.rs", "fn f() {}\n");
    let (text, code) = gone.audit(&["--baseline", file]);
    assert!(code == 0 && text.contains("1 of the baseline there no more"), "{text}");
}

/// Exit code 2 and a sentence on standard error, and nothing else.
fn refused(arguments: &[&str], words: &str) {
    let output = casebook(arguments);
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!((output.status.code(), stdout(&output)), (Some(2), String::new()), "{error}");
    assert!(error.contains(words) && error.lines().count() == 1, "{error}");
}

#[test]
fn what_cannot_be_asked_is_refused() {
    refused(&["no/such/folder"], "no/such/folder cannot be audited: No such file");
    let empty = Sources::new("empty");
    refused(&[empty.path()], "no Rust file is below");
    let sources = Sources::new("refused").with("lib.rs", LOST);
    for (text, words) in [
        ("", "line 1 does not begin with `# casebook audit baseline 1`"),
        (
            "# casebook audit baseline 1\nload-then-store lib.rs",
            "line 2: is not a rule, a file and a place",
        ),
        ("# casebook audit baseline 1\n\nall\tlib.rs\tadd", "line 3: there is no rule `all`"),
    ] {
        fs::write(sources.0.join("bad"), text).expect("a file can be written");
        let file = sources.0.join("bad");
        refused(&[sources.path(), "--baseline", file.to_str().expect("UTF-8")], words);
    }
    refused(
        &[sources.path(), "--baseline", "no/such"],
        "the baseline no/such cannot be read: No such",
    );
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_is_audited() {
    let sources = Sources::new("unread")
        .with("bytes.rs", b"fn f() {} // \xff\n")
        .with("half.rs", "fn f() {\n    let x = ;\n}\n")
        .with("lib.rs", LOST.replace("SeqCst", "Relaxed"));
    let (text, code) = sources.audit(&[]);
    assert_eq!(code, 1, "{text}");
    for words in [
        "bytes.rs: not audited: it is no UTF-8 from byte 13 on",
        "half.rs: not audited: it is no Rust that can be parsed: line 2: ",
        "unexplained: 2 of 2 orderings",
        "1 file audited, 2 that cannot be read.",
    ] {
        assert!(text.contains(words), "no `{words}` in\n{text}");
    }
}

#[test]
fn tests_are_left_out_or_marked() {
    let text = format!("#[cfg(test)]\nmod tests {{\n{LOST}}}\n");
    let sources = Sources::new("of_tests").with("lib.rs", text);
    let (text, code) = sources.audit(&[]);
    assert!(code == 0 && text.contains("0 of 0 orderings"), "{text}");
    let (text, code) = sources.audit(&["--tests"]);
    assert!(
        code == 1 && text.contains("lib.rs:4:7: load-then-store (test): add: n.store"),
        "{text}"
    );
}

#[test]
fn macros_are_looked_into_where_they_are_plain() {
    let sources = Sources::new("macros").with(
        "lib.rs",
        "fn f(n: &A) { assert_eq!(n.load(Acquire), 1); own! { n => Acquire } }\n\
         cfg_rt! { fn g(n: &A) { n.load(SeqCst); } }\n",
    );
    let (text, _) = sources.audit(&[]);
    assert!(text.contains("2 of 2 orderings"), "{text}");
    assert!(
        text.contains("1 macro with an ordering in a language of its own passed over"),
        "{text}"
    );
}

#[test]
fn json_has_a_line_for_each_and_a_summary() {
    let sources = Sources::new("json").with("lib.rs", format!("// Acquire\n{LOST}"));
    let (text, code) = sources.audit(&["--format", "json"]);
    assert_eq!(code, 1);
    let lines: Vec<Value> =
        text.lines().map(|line| serde_json::from_str(line).expect("every line is JSON")).collect();
    let kinds: Vec<&str> = lines.iter().filter_map(|line| line["is"].as_str()).collect();
    assert_eq!(kinds, ["ordering", "ordering", "finding", "finding", "finding", "summary"]);
    assert_eq!(lines[0]["place"], "add: n.load");
    assert_eq!(lines[0]["ordering"], "SeqCst");
    assert_eq!(lines[5]["open"], 1);
    assert_eq!(lines[5]["unexplained"], 2);
}

/// The fields that SARIF 2.1.0 requires, and those that code hosts read.
#[test]
fn sarif_has_what_the_format_requires() {
    let sources = Sources::new("sarif")
        .with("lib.rs", LOST)
        .with(
            "odd name.rs",
            LOST.replace(
                "    n.store",
                "    // casebook: allow(load-then-store) alone\n    n.store",
            ),
        )
        .with("half.rs", "fn");
    let (text, code) = sources.audit(&["--format", "sarif"]);
    assert_eq!(code, 1);
    let log: Value = serde_json::from_str(&text).expect("it is JSON");
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    assert_eq!(run["tool"]["driver"]["name"], "casebook audit");
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    let rules = run["tool"]["driver"]["rules"].as_array().expect("there are rules");
    let results = run["results"].as_array().expect("there are results");
    assert_eq!(results.len(), 2, "no ordering without a reason, unless it is asked for");
    for result in results {
        let index = result["ruleIndex"].as_u64().expect("it has a rule") as usize;
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(
            result["message"]["text"].as_str().is_some_and(|text| text.contains("casebook show "))
        );
        let place = &result["locations"][0]["physicalLocation"];
        assert!(place["region"]["startLine"].as_u64() >= Some(1));
    }
    let uri =
        |nth: usize| &results[nth]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    assert_eq!((uri(0), uri(1)), (&"lib.rs".into(), &"odd%20name.rs".into()));
    assert_eq!(results[1]["suppressions"][0]["kind"], "inSource");
    assert_eq!(results[1]["suppressions"][0]["justification"], "alone");
    let all = sources.audit(&["--format", "sarif", "--unexplained"]).0;
    assert!(all.contains("\"no-reason\""), "{all}");
}

//! What RC11 allows and the letter of C++20 forbids is declared, judged and shown as such.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

use casebook::cache::Cache;
use casebook::case::{self, Entry};
use casebook::engine::Request;
use casebook::expect::{Expectation, fails, observes};
use casebook::justify;
use casebook::pool::Pool;
use casebook::run;
use casebook::verdict::{EngineId, Failure, Kind, Letter, Model, Report, Seen, Verdict};
use serde_json::Value;

const BEYOND: &str = "beyond the letter (LWG 3941)";

fn casebook(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_casebook")).args(arguments).output().expect("it starts")
}

fn stdout(arguments: &[&str]) -> String {
    let output = casebook(arguments);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {text}{errors}");
    text
}

fn refused(arguments: &[&str], words: &str) {
    let output = casebook(arguments);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    assert!(errors.contains(words), "{arguments:?}: {errors}");
}

fn pool() -> Pool {
    Pool::new(env!("CARGO_BIN_EXE_casebook"), &["worker"])
}

fn find<'a>(corpus: &'a [Entry], id: &str) -> &'a Entry {
    corpus.iter().find(|entry| entry.id == id).expect("the case is there")
}

fn refuted(model: Model, letter: Option<Letter>) -> Report {
    let (kind, message, replay) = (Kind::Assertion, String::new(), String::new());
    let failure = Failure { kind, message, trace: Vec::new(), graph: None, letter, replay };
    let verdict = Verdict::Refuted { executions: 1, failure: Box::new(failure) };
    Report { model: Some(model), ..verdict.into() }
}

fn seen(model: Model, outcomes: &[(&str, Letter)]) -> Report {
    let seen = |letter| Seen { count: 1, replay: None, letter: Some(letter) };
    let outcomes = outcomes.iter().map(|(value, letter)| (value.to_string(), seen(*letter)));
    let verdict = Verdict::Proved { executions: 1 };
    let outcomes: BTreeMap<String, Seen> = outcomes.collect();
    Report { model: Some(model), outcomes, ..verdict.into() }
}

#[track_caller]
fn judged(expectation: &Expectation, report: &Report, complaint: &str) {
    let judgement = expectation.judge(EngineId::Rc11, report);
    match complaint {
        "" => assert!(judgement.as_declared(), "{judgement:?}"),
        words => {
            assert!(judgement.complaints.iter().any(|c| c.contains(words)), "{judgement:?}");
        }
    }
}

#[test]
fn a_failure_beyond_the_letter_is_declared_both_ways() {
    use Letter::*;
    let plain: Expectation = fails(Kind::Assertion).into();
    let beyond: Expectation = fails(Kind::Assertion).beyond_letter().into();
    let of = |letter| refuted(Model::Rc11, Some(letter));
    judged(&plain, &of(Within), "");
    judged(&plain, &of(Beyond), "declare `.beyond_letter()`");
    judged(&plain, &of(Undecided), "make the case smaller");
    judged(&beyond, &of(Beyond), "");
    judged(&beyond, &of(Within), "take `.beyond_letter()` out");
    judged(&beyond, &of(Undecided), "make the case smaller");
    let proved = Report { model: Some(Model::C20), ..Verdict::Proved { executions: 1 }.into() };
    judged(&beyond, &proved, "");
    judged(&plain, &proved, "declared assertion, but rc11 says proved");
    judged(&beyond, &refuted(Model::C20, Some(Within)), "declared holds, but rc11 says assertion");
    judged(&plain, &refuted(Model::C20, Some(Within)), "");
    // Another engine does not say, and is judged as ever.
    let loom = Report { model: None, ..refuted(Model::Rc11, None) };
    for expectation in [&plain, &beyond] {
        assert!(expectation.judge(EngineId::Loom, &loom).as_declared(), "{expectation:?}");
    }
}

#[test]
fn an_outcome_beyond_the_letter_is_declared_both_ways() {
    use Letter::*;
    let plain: Expectation = observes().required([1, 2]).into();
    let beyond: Expectation = observes().required([1, 2]).beyond_letter([2]).into();
    let of = |letter| seen(Model::Rc11, &[("1", Within), ("2", letter)]);
    judged(&plain, &of(Within), "");
    judged(&plain, &of(Beyond), "declare `.beyond_letter([2])`");
    judged(&beyond, &of(Beyond), "");
    judged(&beyond, &of(Within), "2 is declared beyond the letter, but rc11 shows an execution");
    judged(&beyond, &seen(Model::C20, &[("1", Within)]), "");
    judged(&plain, &seen(Model::C20, &[("1", Within)]), "rc11 never sees 2");
    let both = seen(Model::C20, &[("1", Within), ("2", Within)]);
    judged(&beyond, &both, "rc11 sees it under the letter of C++20");
    judged(&plain, &both, "");
}

#[test]
fn what_was_written_before_there_were_two_models_still_reads() {
    for report in [
        refuted(Model::Rc11, Some(Letter::Beyond)),
        refuted(Model::C20, None),
        seen(Model::Rc11, &[("1", Letter::Beyond), ("2", Letter::Undecided)]),
    ] {
        let text = serde_json::to_string(&report).expect("it is plain data");
        assert_eq!(serde_json::from_str::<Report>(&text).expect("it reads"), report, "{text}");
    }
    let old = r#"{"verdict":"refuted","executions":1,"failure":{"kind":"Assertion","message":"",
        "trace":[],"replay":""},"outcomes":{"1":{"count":1,"replay":null}},"trace":[]}"#;
    let read: Report = serde_json::from_str(old).expect("it reads");
    assert_eq!((read.verdict.letter(), read.outcomes["1"].letter, read.model), (None, None, None));
    let request: Request = serde_json::from_str(
        r#"{"replay":null,"overrides":[],"uses":false,
        "claims":false}"#,
    )
    .expect("it reads");
    assert_eq!(request.model, Model::Rc11);
}

#[test]
fn the_table_marks_what_is_beyond_the_letter() {
    let table = stdout(&["check", "independent_reads/", "--engine", "rc11"]);
    let line = |name: &str| {
        let found = table.lines().find(|line| line.trim_start().starts_with(name));
        found.unwrap_or_else(|| panic!("no {name} in {table}")).to_string()
    };
    assert_eq!(line("one_store_release").matches('‡').count(), 2, "declared and found: {table}");
    assert!(!line("release_acquire").contains('‡'), "{table}");
    assert!(line("‡").contains(BEYOND), "{table}");
    assert!(line("proved").contains("rc11's model is RC11"), "{table}");
    let without = stdout(&["check", "message_passing/re", "--engine", "rc11"]);
    assert!(!without.contains('‡'), "{without}");
}

#[test]
fn by_the_letter_rc11_alone_is_asked_and_says_so() {
    let table = stdout(&["check", "independent_reads/", "--model", "c20"]);
    let proved = table.lines().find(|line| line.trim_start().starts_with("one_store_release"));
    assert!(proved.is_some_and(|l| l.contains("holds ‡") && l.contains("proved")), "{table}");
    for words in [
        "rc11.c20",
        "every execution that the letter of C++20 allows",
        "verdicts under the letter of C++20 in ",
        BEYOND,
    ] {
        assert!(table.contains(words), "no `{words}` in {table}");
    }
    assert!(!table.contains("shuttle"), "{table}");
    refused(&["check", "--model", "c20", "--engine", "loom"], "only rc11 can");
    refused(&["check", "--model", "c11"], "there are rc11 and c20");
    refused(&["justify", "peterson", "--model", "c20", "--engine", "loom"], "only rc11 can");
    refused(
        &["litmus", "tests/litmus/files/sb.litmus", "--model", "c20", "--engine", "loom"],
        "only",
    );
    refused(&["replay", "peterson/seq_cst", "loom", "1", "--model", "c20"], "only rc11 can");
}

#[test]
fn json_says_what_the_letter_says() {
    let of = |id: &str| -> Value {
        let line = stdout(&["check", id, "--engine", "rc11", "--json"]);
        serde_json::from_str(&line).expect("it is one object")
    };
    let beyond = of("independent_reads/one_store_release");
    assert_eq!(beyond["letter"], "beyond");
    assert_eq!(beyond["report"]["failure"]["letter"], "beyond");
    assert_eq!(beyond["report"]["model"], "rc11");
    assert_eq!(of("independent_reads/release_acquire")["letter"], "within");
    let outcomes = &of("store_forwarding/seq_cst_loads")["report"]["outcomes"];
    assert_eq!(outcomes["(0, 0)"]["letter"], "beyond");
    assert_eq!(outcomes["(1, 1)"]["letter"], "within");
}

#[test]
fn show_and_cite_say_it_in_words() {
    let shown = stdout(&["show", "independent_reads/one_store_release"]);
    assert!(shown.contains("declared: assertion ‡"), "{shown}");
    assert!(shown.contains("the letter of C++20 forbids this execution"), "{shown}");
    let shown = stdout(&["show", "store_forwarding/seq_cst_loads"]);
    assert!(shown.contains(&format!("(0, 0) {BEYOND}")), "{shown}");
    assert!(shown.lines().any(|line| line.trim_start().starts_with("on ")), "{shown}");

    let id = "independent_reads/one_store_release";
    let comment = stdout(&["cite", id, "--form", "comment"]);
    assert!(comment.contains(&format!("({BEYOND})")), "{comment}");
    let said = format!("rc11 under RC11: refuted, assertion, {BEYOND}");
    assert!(stdout(&["cite", id, "--form", "markdown"]).contains(&said));
    assert!(stdout(&["cite", id, "--form", "bibtex"]).contains(&said));
    let id = "independent_reads/release_acquire";
    assert!(!stdout(&["cite", id]).contains("letter"), "the letter allows it");
}

/// The token of an execution beyond the letter names none by the letter.
#[test]
fn an_execution_is_replayed_under_a_model_that_has_it() {
    let (pool, id) = (pool(), "independent_reads/one_store_release");
    let corpus = case::corpus();
    let checked = run::check(&pool, EngineId::Rc11, find(&corpus, id), &Request::default());
    let report = checked.result.expect("there is a verdict");
    let token = &report.verdict.failure().expect("it fails").replay;
    let again = stdout(&["replay", id, "rc11", token]);
    assert!(again.contains("the letter of C++20 forbids this execution"), "{again}");
    refused(&["replay", id, "rc11", token, "--model", "c20"], "the letter of C++20 forbids");
}

#[test]
fn an_ordering_may_be_needed_under_one_model_only() {
    let text = stdout(&["justify", "independent_reads/seq_cst"]).replace(['\n', ' '], "");
    assert!(text.contains("neededunderRC11;"), "{text}");
    assert!(text.contains("Release:assertion‡"), "{text}");
    let lines = stdout(&["justify", "independent_reads/seq_cst", "--json"]);
    let lines: Vec<Value> =
        lines.lines().map(|line| serde_json::from_str(line).expect("it is JSON")).collect();
    let of = |place: &str| lines.iter().find(|line| line["place"] == place).expect("it is there");
    let (store, load) = (of("agree: x.store"), of("agree: first.load"));
    assert_eq!((&store["verdict"], &store["weakest"]), (&"load_bearing".into(), &"SeqCst".into()));
    assert_eq!(store["slack_by_letter"], "Release");
    assert_eq!(store["failure"]["letter"], "beyond");
    assert_eq!(load["slack_by_letter"], "");
    let cited = stdout(&["cite", "independent_reads/seq_cst"]);
    for words in ["needed under RC11; slack", "with Release, assertion (slack"] {
        let words = format!("{words} by the letter: Release)");
        assert_eq!(cited.matches(&words).count(), 2, "two stores: {words}: {cited}");
    }

    let by_letter = stdout(&["justify", "independent_reads/seq_cst", "--model", "c20"]);
    assert!(by_letter.contains("under the letter of C++20, for this client"), "{by_letter}");
    assert!(by_letter.contains("slack: Relaxed"), "{by_letter}");
}

/// What is kept under one model is no answer under the other.
#[test]
fn the_models_are_kept_apart() {
    let folder = std::env::temp_dir().join(format!("casebook-letter-{}", std::process::id()));
    let (cache, pool) = (Cache::new(&folder), pool());
    let corpus = case::corpus();
    let entry = find(&corpus, "independent_reads/one_store_release");
    let kept = |model| run::kept(&cache, &pool, EngineId::Rc11, model, entry);
    assert_eq!(kept(Model::Rc11).word(), "refuted");
    assert_eq!(kept(Model::C20).word(), "proved");
    assert_eq!(kept(Model::Rc11).word(), "refuted");
    let cases = [find(&corpus, "independent_reads/seq_cst")];
    let justified = |model| justify::kept(&cache, &pool, EngineId::Rc11, model, &cases).0;
    assert_ne!(justified(Model::Rc11).answers, justified(Model::C20).answers);
    assert_eq!(justified(Model::C20).model, Model::C20);
    let _ = std::fs::remove_dir_all(folder);
}

/// Real threads may or may not see it; that they ran, how often and where is said.
#[test]
fn native_counts_and_names_the_processor() {
    let text = stdout(&["check", "store_forwarding/seq_cst_loads", "--engine", "native"]);
    let head = text.lines().find(|line| line.starts_with("store_forwarding/seq_cst_loads on "));
    let head = head.unwrap_or_else(|| panic!("no processor in {text}"));
    assert!(head.contains(std::env::consts::ARCH), "{head}");
    let rounds = head.rsplit_once(", ").and_then(|(_, n)| n.split(' ').next()?.parse().ok());
    assert!(rounds.is_some_and(|rounds: u64| rounds > 100), "{head}");
    assert!(text.contains("seen "), "{text}");
}

/// The README's paragraph is where a reader of the mark is sent.
#[test]
fn the_readme_says_which_model_is_which() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let text = std::fs::read_to_string(path).expect("it is there");
    for words in ["## Two models", "LWG issue 3941", "--model c20", "x86-64", "Miri"] {
        assert!(text.contains(words), "README.md does not say `{words}`");
    }
}

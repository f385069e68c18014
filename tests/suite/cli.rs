//! The command line does what its help says, and refuses in one sentence what it cannot do.

use std::path::Path;
use std::process::{Command, Output};

fn casebook(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_casebook")).args(arguments).output().expect("it starts")
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// What is on standard error, but for progress: on a busy machine there may be some.
fn complaints(output: &Output) -> String {
    let is_progress = |line: &&str| line.starts_with("casebook: ") && line.ends_with(" the last");
    stderr(output).lines().filter(|line| !is_progress(line)).collect()
}

/// Refused with exit code 2, one line on standard error that contains `words`, nothing else.
fn refused(arguments: &[&str], words: &str) {
    let output = casebook(arguments);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", stderr(&output));
    assert_eq!(stdout(&output), "", "{arguments:?}");
    assert!(stderr(&output).contains(words), "{arguments:?}: {}", stderr(&output));
    assert_eq!(stderr(&output).lines().count(), 1, "{arguments:?}: {}", stderr(&output));
}

#[test]
fn check_prints_one_table_and_exits_with_success() {
    let output = casebook(&["check", "message_passing/re"]);
    let table = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{table}");
    for words in ["case", "expected", "loom", "shuttle", "native", "time", "litmus/message_passing"]
    {
        assert!(table.contains(words), "no `{words}` in\n{table}");
    }
    assert!(table.contains("all as declared"), "{table}");
    let widest = table.lines().map(|line| line.chars().count()).max();
    assert!(widest <= Some(100), "{widest:?} columns");
    assert_eq!(stderr(&output), "", "progress is for a terminal");
}

#[test]
fn check_as_json_is_one_object_a_line() {
    let output = casebook(&["check", "message_passing/relaxed", "--json"]);
    assert_eq!(output.status.code(), Some(0));
    let mut lines = 0;
    for line in stdout(&output).lines() {
        let object: serde_json::Value = serde_json::from_str(line).expect("every line is JSON");
        for field in ["id", "engine", "expected", "verdict", "as_declared", "executions", "millis"]
        {
            assert!(!object[field].is_null(), "no `{field}` in {line}");
        }
        lines += 1;
    }
    assert!(lines >= 3, "one line for each engine, not {lines}");
}

/// `cargo casebook WORDS` starts `cargo-casebook casebook WORDS`; the path to it is as good.
#[test]
fn cargo_finds_the_command() {
    let program = env!("CARGO_BIN_EXE_cargo-casebook");
    for words in [&["casebook", "--help"][..], &["--help"]] {
        let output = Command::new(program).args(words).output().expect("it starts");
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        for command in ["init", "test", "justify"] {
            assert!(stdout(&output).contains(&format!("\n  {command} ")), "{}", stdout(&output));
        }
    }
}

#[test]
fn check_takes_one_engine() {
    let output = casebook(&["check", "message_passing", "--engine", "loom", "--json"]);
    assert!(stdout(&output).lines().all(|line| line.contains(r#""engine":"loom""#)));
    let output =
        casebook(&["check", "message_passing/relaxed_load", "--engine", "loom,rc11", "--json"]);
    for engine in ["loom", "rc11"] {
        let of_engine = format!(r#""engine":"{engine}""#);
        assert_eq!(stdout(&output).matches(&of_engine).count(), 1, "{}", stdout(&output));
    }
    assert_eq!(stdout(&output).lines().count(), 2);
}

#[test]
fn what_does_not_exist_is_refused() {
    refused(&["check", "mesage_passing"], "did you mean message_passing/");
    refused(&["show", "message_passing/relased"], "did you mean message_passing/relaxed");
    refused(&["show", "qqqqqqqq"], "see `casebook list`");
    refused(&["list", "qqqqqqqq"], "no case contains");
    refused(&["replay", "message_passing/relaxed", "loom", "qq"], "is no loom token");
    refused(&["replay", "message_passing/relaxed", "shuttle", "9x9"], "does not fit");
    refused(&["replay", "message_passing/relaxed", "rc11", "rc11.1"], "it is cut short");
    refused(&["replay", "message_passing/seq_cst", "native", "1"], "cannot be replayed");
    refused(&["new", "counters"], "FAMILY/NAME");
    refused(&["new", "qqq/example"], "no family `qqq`; there are");
    for name in ["Example", "async", "yield", "gen", "rt", "std", "loom"] {
        refused(&["new", &format!("counters/{name}")], "cannot be a module's name");
    }
    refused(&["new", "counters/lost_update"], "already");
}

/// Where several checkouts are, it is about the one that somebody stands in.
#[test]
fn what_is_written_goes_to_the_checkout_one_stands_in() {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("another_checkout");
    let _ = std::fs::remove_dir_all(&root);
    let registry = "cases/counters/mod.rs";
    for (file, text) in
        [("cases/ids.txt", ""), ("src/harness/lib.rs", ""), (registry, "pub mod first;\n")]
    {
        let path = root.join(file);
        std::fs::create_dir_all(path.parent().expect("it is in a folder")).expect("it is writable");
        std::fs::write(path, text).expect("it is writable");
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_casebook"));
    command.current_dir(root.join("cases")).args(["new", "counters/second"]);
    let output = command.output().expect("it starts");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(root.join("cases/counters/second.rs").is_file());
    let text = std::fs::read_to_string(root.join(registry)).expect("it is there");
    assert_eq!(text, "pub mod first;\npub mod second;\n");
}

/// No command counts one of something as several.
#[test]
fn one_of_something_is_no_plural() {
    const FEW: [&str; 4] = ["is", "was", "as", "s"];
    for arguments in [
        &["check", "message_passing/release_acquire", "--engine", "loom"][..],
        &["check", "store_buffering/seq_cst", "--engine", "rc11"],
        &["show", "store_buffering/relaxed"],
        &["justify", "message_passing/release_acquire"],
        &["cite", "message_passing/seq_cst"],
        &["cite", "store_buffering/seq_cst"],
        &["prove", "message_passing/relaxed"],
        &["litmus", "tests/litmus/files/sb.litmus", "--engine", "rc11,loom,shuttle"],
        &["check", "message_passing/relaxed", "--engine", "shuttle"],
    ] {
        let output = casebook(arguments);
        let text = stdout(&output) + &stderr(&output);
        let words: Vec<&str> = text.split_whitespace().collect();
        for pair in words.windows(2).filter(|pair| pair[0] == "1") {
            let word = pair[1].trim_end_matches(|c: char| !c.is_alphanumeric());
            let is_plural = word.ends_with('s') && !FEW.contains(&word);
            assert!(!is_plural || word == "ms", "{arguments:?}: `1 {word}` in\n{text}");
        }
    }
}

#[test]
fn an_unknown_engine_is_refused_by_name() {
    let output = casebook(&["check", "--engine", "miri"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("there are loom, shuttle"), "{}", stderr(&output));
}

#[test]
fn a_failure_is_shown_and_replayed() {
    let shown = stdout(&casebook(&["show", "message_passing/relaxed"]));
    assert!(shown.contains("data race"), "{shown}");
    assert!(shown.contains("cases/litmus/message_passing.rs:"), "{shown}");
    let again = shown.lines().filter_map(|line| line.trim().strip_prefix("again: casebook "));
    let mut replayed = 0;
    for command in again {
        let output = casebook(&command.split(' ').collect::<Vec<_>>());
        assert_eq!(output.status.code(), Some(0), "{command}: {}", stderr(&output));
        assert!(stdout(&output).starts_with("data race"), "{}", stdout(&output));
        replayed += 1;
    }
    assert!(replayed >= 2, "every exploring engine's failure can be replayed:\n{shown}");
}

/// The picture of a client has its operations in frames, and what the checker chose is no event of it.
#[test]
fn a_failing_client_is_drawn() {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("relaxed_tail.svg");
    let path = file.to_str().expect("it is text");
    let output = casebook(&["show", "michael_scott/relaxed_tail", "--graph", path]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let picture = std::fs::read_to_string(&file).expect("it is drawn");
    assert_eq!(picture.matches("class=\"operation\"").count(), 3, "{picture}");
    for words in ["<title>not linearizable: ", "call Put(2)", "Take → None"] {
        assert!(picture.contains(words), "no {words} in {picture}");
    }
    assert!(!picture.contains("choose"), "{picture}");
}

/// Which client of an object an execution is of, its token says.
#[test]
fn a_failing_client_is_replayed() {
    let shown = stdout(&casebook(&["show", "michael_scott/split_link"]));
    assert!(shown.contains("not linearizable: Put(1) → None"), "{shown}");
    let again = shown.lines().filter_map(|line| line.trim().strip_prefix("again: casebook "));
    let again: Vec<Vec<&str>> = again.map(|command| command.split(' ').collect()).collect();
    assert_eq!(again.len(), 2, "by shuttle and by rc11:\n{shown}");
    for command in &again {
        let replayed = stdout(&casebook(command));
        let said = replayed.lines().next().unwrap_or_default();
        assert!(said.starts_with("not linearizable: ") && shown.contains(said), "{replayed}");
    }
    let of_shuttle = again.iter().find(|command| command[2] == "shuttle").expect("it is there");
    let (input, schedule) = of_shuttle[3].split_once('-').expect("the input comes first");
    assert!(input.starts_with('i'), "{input}");
    refused(&["replay", "michael_scott/split_link", "shuttle", schedule], "does not fit");
    refused(&["replay", "michael_scott/split_link", "shuttle", "ix-0x1"], "is no shuttle token");
}

#[test]
fn list_names_every_case() {
    let corpus = casebook::case::corpus();
    let listed = stdout(&casebook(&["list", "--json"]));
    assert_eq!(listed.lines().count(), corpus.len());
    let ids = stdout(&casebook(&["list", "--ids"]));
    assert_eq!(ids.lines().count(), corpus.len());
}

#[test]
fn list_as_json_has_the_facets() {
    let line = stdout(&casebook(&["list", "rayon_latch_sleep/acq_rel_swap", "--json"]));
    let object: serde_json::Value = serde_json::from_str(&line).expect("it is one object");
    assert_eq!(object["family"], "bugs");
    assert_eq!(object["classes"], serde_json::json!(["store buffering"]));
    assert_eq!(object["primitives"], serde_json::json!(["AtomicBool", "thread::scope"]));
    let refuted_by = serde_json::json!(["loom", "rc11", "native, by chance"]);
    assert_eq!(object["refuted_by"], refuted_by);
    assert_eq!(object["sources"], serde_json::json!(["rayon"]));
}

#[test]
fn list_groups_by_each_facet() {
    let by = |facet: &str| stdout(&casebook(&["list", "--by", facet]));
    assert_eq!(by("family"), stdout(&casebook(&["list"])));
    let expected = [
        ("class", "store buffering", "rayon_latch_sleep/acq_rel_swap"),
        ("class", "wrong Send", "compile_fail/send/local_set.rs"),
        ("primitive", "Condvar", "condvar_wait/"),
        ("engine", "rc11", "once_cell_weak_exchange/weak"),
        ("engine", "no engine", "message_passing/release_acquire"),
        ("source", "rayon", "rayon_latch_sleep/seq_cst_swap"),
    ];
    for (facet, group, member) in expected {
        let text = by(facet);
        let groups = text.split("\n\n");
        let mut found = groups.filter(|lines| {
            let mut lines = lines.lines();
            lines.next().is_some_and(|name| name.starts_with(group))
                && lines.any(|line| line.trim_start().starts_with(member))
        });
        assert!(found.next().is_some(), "no {member} under {group} by {facet}");
    }
    let filtered = stdout(&casebook(&["list", "rayon_latch_sleep", "--by", "class"]));
    let words =
        ["store buffering", "  rayon_latch_sleep/acq", "no class", "  rayon_latch_sleep/seq"];
    assert_eq!(filtered.lines().filter(|line| !line.is_empty()).count(), words.len(), "{filtered}");
    assert!(words.iter().all(|words| filtered.contains(words)), "{filtered}");
}

#[test]
fn a_facet_that_does_not_exist_is_refused_by_name() {
    let output = casebook(&["list", "--by", "clas"]);
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(2), ""));
    for words in ["possible values: family, class, primitive, engine, source", "'class'"] {
        assert!(stderr(&output).contains(words), "{}", stderr(&output));
    }
}

#[test]
fn bugs_prints_what_each_engine_finds_and_what_has_no_case() {
    let output = casebook(&["bugs"]);
    let table = stdout(&output);
    assert_eq!((output.status.code(), complaints(&output).as_str()), (Some(0), ""), "{table}");
    let widest = table.lines().map(|line| line.chars().count()).max();
    assert!(widest <= Some(100), "{widest:?} columns");
    let corpus = casebook::case::corpus();
    let (published, words) = (casebook::index::published(&corpus), table.split_whitespace());
    let joined = words.collect::<Vec<_>>().join(" ");
    for bug in &published {
        assert!(joined.contains(&bug.bug), "{}", bug.bug);
        for entry in &bug.cases {
            let name = format!("  {} ", entry.case.name);
            assert!(table.lines().any(|line| line.starts_with(&name)), "{}", entry.id);
        }
    }
    for bug in casebook::index::unmodelled() {
        let shown = format!("{}: {}. {}", bug.source, bug.name, bug.reason);
        assert!(joined.contains(&shown), "{shown}");
    }
    for words in ["found in ", "missed (", "not run (", ") SequentiallyConsistent: "] {
        assert!(table.contains(words), "no `{words}` in\n{table}");
    }
    let all = format!("{0} of {0} are found by an engine", published.len());
    assert!(table.contains(&all), "{table}");
}

#[test]
fn bugs_as_json_is_one_object_a_line() {
    let output = casebook(&["bugs", "--json"]);
    assert_eq!(output.status.code(), Some(0));
    let corpus = casebook::case::corpus();
    let cases: usize = casebook::index::published(&corpus).iter().map(|bug| bug.cases.len()).sum();
    let unmodelled = casebook::index::unmodelled().len();
    assert_eq!(stdout(&output).lines().count(), 4 * cases + unmodelled);
    for line in stdout(&output).lines() {
        let object: serde_json::Value = serde_json::from_str(line).expect("every line is JSON");
        let fields = match object["bug"].is_null() {
            true => &["name", "source", "reason"][..],
            false => &["id", "engine", "finding", "executions", "reasons", "as_declared", "millis"],
        };
        assert!(fields.iter().all(|field| !object[field].is_null()), "{line}");
    }
}

#[test]
fn help_documents_the_exit_codes() {
    let help = stdout(&casebook(&["--help"]));
    assert!(help.contains("Exit codes:"), "{help}");
}

/// A reader that stops reading is no error.
#[test]
fn a_closed_pipe_is_no_error() {
    let program = env!("CARGO_BIN_EXE_casebook");
    let script = format!("set -o pipefail; {program} list | head -n 1");
    let output = Command::new("bash").args(["-c", &script]).output().expect("bash starts");
    assert!(stderr(&output).is_empty(), "{}", stderr(&output));
}

/// A file outside of the corpus, compiled alone: every engine answers for it, and for no other.
#[test]
fn a_file_is_checked_alone() {
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("lost_update_alone.rs");
    let path = file.to_str().expect("a readable path");
    let case = |declared: &str| {
        format!(
            "//! Two increments by load and store lose one.\n\n\
             use super::rt::sync::atomic::{{AtomicU32, Ordering::*}};\nuse super::rt::thread;\n\n\
             cases! {{\n    /// One is lost.\n    lost: {declared} => count();\n}}\n\n\
             fn count() {{\n    let count = AtomicU32::new(0);\n    thread::scope(|s| {{\n        \
             for _ in 0..2 {{\n            s.spawn(|| count.store(count.load(Relaxed) + 1, Relaxed));\n        \
             }}\n    }});\n    assert_eq!(count.into_inner(), 2);\n}}\n"
        )
    };
    let check = |text: &str| {
        std::fs::write(&file, text).expect("the file can be written");
        casebook(&["check", path, "--json"])
    };
    let output = check(&case("fails(Assertion)"));
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
    let lines: Vec<serde_json::Value> =
        stdout(&output).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), 4, "{}", stdout(&output));
    assert!(lines.iter().all(|line| line["id"] == "lost_update_alone/lost"));
    // Its cases are in a table, though all are as declared.
    let table = stdout(&casebook(&["check", path]));
    assert!(table.lines().any(|line| line.trim_start().starts_with("lost ")), "{table}");

    assert_eq!(check(&case("holds()")).status.code(), Some(1));
    let output = check("cases! { none: holds() => missing(); }");
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("cannot find function `missing`"), "{}", stderr(&output));
    let of_std = case("holds()").replace("super::rt::thread", "std::thread");
    let output = check(&of_std);
    assert_eq!(output.status.code(), Some(2));
    let says = "lost_update_alone.rs:4 uses std::thread, which no engine sees";
    assert!(stderr(&output).contains(says), "{}", stderr(&output));
    refused(&["check", "/nowhere/to_be/found.rs"], "cannot be read");
}

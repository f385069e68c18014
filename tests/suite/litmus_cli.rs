//! `casebook litmus` answers as herd does, file by file, and shows where loom and shuttle differ.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

const FILES: &str = "tests/litmus/files";

fn litmus(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_casebook"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .arg("litmus")
        .args(arguments)
        .output()
        .expect("it starts")
}

fn file(name: &str) -> String {
    format!("{FILES}/{name}.litmus")
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The names of the tests answered, in order.
fn answered(output: &Output) -> Vec<String> {
    let text = stdout(output);
    let tests = text.lines().filter_map(|line| line.strip_prefix("Test "));
    tests.map(|line| line.split(' ').next().unwrap_or("").to_string()).collect()
}

fn objects(output: &Output) -> Vec<Value> {
    let text = stdout(output);
    text.lines().map(|line| serde_json::from_str(line).expect("every line is JSON")).collect()
}

/// Byte for byte, but for the line that tells the time.
#[test]
fn answers_are_spelt_as_herd_spells_them() {
    for name in ["sb", "mp+rel+acq", "iriw+acq", "racy"] {
        let output = litmus(&[&file(name)]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert_eq!(stderr(&output), "", "progress is for a terminal");
        let text = stdout(&output);
        let kept = text.split_inclusive('\n').filter(|line| !line.starts_with("Time "));
        let expected =
            Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("{FILES}/{name}.expected"));
        let expected = std::fs::read_to_string(expected).expect("it is there");
        assert_eq!(kept.collect::<String>(), expected, "{name}");
        assert_eq!(text.matches("\nTime ").count(), 1, "{name}");
    }
}

#[test]
fn a_bad_file_is_told_and_the_others_are_answered() {
    let output = litmus(&[&file("sb"), &file("broken"), "Cargo.toml", &file("racy")]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(answered(&output), ["SB", "racy"]);
    let errors = stderr(&output);
    let errors: Vec<&str> = errors.lines().collect();
    let outside = "`while` is outside the supported subset of herd's C litmus format";
    assert_eq!(errors[0], format!("{}:6:3: {outside}", file("broken")));
    assert!(errors[1].starts_with("Cargo.toml:1:1: expected `C`"), "{}", errors[1]);
    assert_eq!(errors.len(), 2, "{errors:?}");
}

#[test]
fn folders_and_patterns_name_many_files() {
    let all = [
        "both+ways",
        "IRIW+acq",
        "LB+data",
        "LB+value",
        "LB",
        "MP+rel+acq",
        "racy",
        "SB+rfis",
        "SB",
    ];
    let folder = litmus(&["tests/litmus"]);
    assert_eq!(answered(&folder), all, "sorted by file, without `broken`");
    assert_eq!(folder.status.code(), Some(1));
    let pattern = litmus(&[&file("[mrs]*"), &file("iriw*")]);
    assert_eq!(answered(&pattern), ["MP+rel+acq", "racy", "SB+rfis", "SB", "IRIW+acq"]);
    assert_eq!(pattern.status.code(), Some(0), "{}", stderr(&pattern));
}

#[test]
fn what_does_not_exist_is_refused() {
    let refused = |argument: &str, words: &str| {
        let output = litmus(&[&file("sb"), argument]);
        assert_eq!(output.status.code(), Some(2), "{argument}");
        assert_eq!(stdout(&output), "", "{argument}");
        assert_eq!(stderr(&output), format!("casebook: {words}\n"));
    };
    refused("nowhere.litmus", "there is no file or folder `nowhere.litmus`");
    refused("nowhere/*.litmus", "nothing matches `nowhere/*.litmus`");
    refused("src/harness/cli", "no `.litmus` file is below `src/harness/cli`");
    let native = litmus(&[&file("sb"), "--engine", "native"]);
    assert_eq!(native.status.code(), Some(2));
    assert!(stderr(&native).contains("native runs no litmus tests"), "{}", stderr(&native));
}

#[test]
fn json_is_one_object_a_file() {
    let output = litmus(&["--json", &file("racy"), &file("broken")]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(stderr(&output), "");
    let [racy, broken] = &objects(&output)[..] else { panic!("{}", stdout(&output)) };
    assert_eq!(racy["file"], file("racy"));
    assert_eq!(racy["test"], "racy");
    let answer = &racy["rc11"];
    assert_eq!(answer["kind"], "Forbidden");
    assert_eq!(answer["undefined"], true);
    assert_eq!((&answer["positive"], &answer["negative"]), (&json!(1), &json!(2)));
    assert_eq!(answer["states"][0], json!({ "values": [["1:r1", "0"]], "executions": 1 }));
    assert!(answer["seconds"].is_f64(), "{answer}");
    assert_eq!(broken["file"], file("broken"));
    assert_eq!((&broken["error"]["line"], &broken["error"]["column"]), (&json!(6), &json!(3)));
    assert!(broken["error"]["message"].as_str().expect("words").starts_with("`while`"));
}

/// herd's answer under the letter of C++20 lacks the state that RC11 has, and x86-64 shows.
#[test]
fn a_test_is_answered_by_the_letter() {
    let of = |model| stdout(&litmus(&[&file("sb+rfis"), "--model", model]));
    let (rc11, letter) = (of("rc11"), of("c20"));
    assert_eq!(stdout(&litmus(&[&file("sb+rfis")])).lines().nth(1), rc11.lines().nth(1));
    assert!(rc11.contains("States 4\n") && rc11.contains("Sometimes 1 3\n"), "{rc11}");
    assert!(letter.contains("States 3\n") && letter.contains("Never 0 3\n"), "{letter}");
    let json = &objects(&litmus(&[&file("sb+rfis"), "--json", "--model", "c20"]))[0];
    assert_eq!((&json["model"], &json["rc11"]["positive"]), (&json!("c20"), &json!(0)));
    let beside =
        stdout(&litmus(&[&file("sb+rfis"), "--model", "c20", "--engine", "rc11,loom,shuttle"]));
    for words in ["rc11.c20", "1 that the letter of C++20 does not allow", "the same states"] {
        assert!(beside.contains(words), "no `{words}` in {beside}");
    }
}

/// The weak state is the one that shuttle cannot see.
#[test]
fn engines_stand_side_by_side() {
    let output = litmus(&[&file("sb"), "--engine", "rc11,loom", "--engine", "shuttle"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = stdout(&output);
    let comparison = text.split_once("\n\n").expect("herd's answer ends with an empty line").1;
    let lines: Vec<&str> = comparison.lines().collect();
    assert_eq!(lines[0], "Engines SB       rc11     loom     shuttle");
    assert_eq!(lines[1], "0:r0=0; 1:r0=0;  seen     seen     -");
    assert_eq!(lines[2], "0:r0=0; 1:r0=1;  seen     seen     seen");
    assert!(lines[5].starts_with("loom explored ") && lines[5].ends_with(": the same states"));
    assert!(lines[6].ends_with("sequentially consistent executions: misses 1 of 4 states"));
    let json = &objects(&litmus(&[&file("sb"), "--json", "--engine", "rc11,loom,shuttle"]))[0];
    assert_eq!(json["loom"]["missed"], json!([]));
    assert_eq!(json["shuttle"]["missed"], json!([[["0:r0", "0"], ["1:r0", "0"]]]));
}

#[test]
fn without_rc11_nothing_is_counted_as_herd_does() {
    let text = stdout(&litmus(&[&file("sb"), "--engine", "shuttle"]));
    assert!(text.starts_with("Test SB Allowed\nEngines SB       shuttle\n"), "{text}");
    assert!(!text.contains("Positive:"), "{text}");
    assert!(text.contains("rc11 counts the executions of the memory model"), "{text}");
}

#[test]
fn a_race_has_no_states_to_compare() {
    let output = litmus(&[&file("racy"), "--engine", "rc11,loom,shuttle"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = stdout(&output);
    for engine in ["loom", "shuttle"] {
        let words = format!("\n{engine} reports a data race and stops there");
        assert!(text.contains(&words), "{text}");
    }
}

#[test]
fn what_an_engine_cannot_run_is_told() {
    let output = litmus(&[&file("both_ways"), "--engine", "rc11,loom,shuttle"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).starts_with("Test both+ways Allowed\n"), "rc11 answers it");
    for engine in ["loom", "shuttle"] {
        let why = "`x` is accessed both atomically and non-atomically";
        let words = format!("{}: {engine} cannot run this: {why}\n", file("both_ways"));
        assert!(stderr(&output).contains(&words), "{}", stderr(&output));
    }
}

/// Three states without load buffering, and a fourth with it; a test in which something depends on a read has no answer.
#[test]
fn load_buffering_is_explored_where_nothing_depends_on_a_read() {
    let states = |name: &str, model: &str| {
        let output = litmus(&[&file(name), "--model", model, "--json"]);
        let [object] = &objects(&output)[..] else { panic!("{}", stderr(&output)) };
        assert_eq!(object["model"], json!(model));
        let exposed = (!model.ends_with("-lb")).then_some(true);
        assert_eq!(object["rc11"]["exposed"], json!(exposed));
        object["rc11"]["states"].as_array().map(Vec::len)
    };
    for model in ["rc11", "c20"] {
        assert_eq!(states("lb", model), Some(3));
        assert_eq!(states("lb", &format!("{model}-lb")), Some(4));
    }
    for (name, thread) in [("lb+data", "P0"), ("lb+value", "P1")] {
        let refused = litmus(&[&file(name), "--model", "rc11-lb"]);
        assert_ne!(refused.status.code(), Some(0));
        let why = format!("what {thread} does depends on what it reads");
        assert!(stderr(&refused).contains(&why), "{}", stderr(&refused));
    }
    let unknown = litmus(&[&file("lb"), "--model", "rc12"]);
    assert!(stderr(&unknown).contains("rc11, c20, rc11-lb and c20-lb"), "{}", stderr(&unknown));
}

/// A file without end has no answer, and takes none from the others.
#[test]
fn a_file_that_comes_to_no_end_is_given_up() {
    let big = endless("no_end");
    let output = litmus(&["--time-limit", "1", &big, &file("sb")]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(answered(&output), ["SB"]);
    let why = stderr(&output);
    assert!(why.contains("rc11 cannot run this: the search was cut off at 1s"), "{why}");
}

/// A test of eight threads that comes to no end.
fn endless(name: &str) -> String {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.litmus"));
    let thread = |n| format!("P{n} (atomic_int* x) {{ {} }}\n", "atomic_store(x, 1); ".repeat(4));
    let threads: String = (0..8).map(thread).collect();
    std::fs::write(&path, format!("C NoEnd\n{{ x=0; }}\n{threads}exists (x=1)\n")).unwrap();
    path.to_str().expect("it is text").to_string()
}

/// A file whose process dies, here for want of a stack, is told as such, and the files around it are answered.
#[test]
fn a_file_that_takes_its_process_down_takes_no_other_answer() {
    let deep = Path::new(env!("CARGO_TARGET_TMPDIR")).join("deep.litmus");
    let (blocks, ends) = ("if (r0) { ".repeat(90), "}".repeat(90));
    let body = format!("int r0 = 0; {blocks} r0 = {}1; {ends}", "~".repeat(900));
    let text = format!("C Deep\n{{ x=0; }}\nP0 (atomic_int* x) {{ {body} }}\nexists (x=0)\n");
    std::fs::write(&deep, text).expect("the target folder is writable");
    let (program, deep) = (env!("CARGO_BIN_EXE_casebook"), deep.to_str().expect("it is text"));
    let script =
        format!("ulimit -c 0 -s 224; exec {program} litmus {} {deep} {}", file("sb"), file("racy"));
    let mut command = Command::new("bash");
    let output = command.current_dir(env!("CARGO_MANIFEST_DIR")).args(["-c", &script]).output();
    let output = output.expect("bash starts");
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert_eq!(answered(&output), ["SB", "racy"]);
    let told = stderr(&output);
    assert!(told.contains("deep.litmus: it has no answer: the worker died of SIG"), "{told}");
}

/// Either signal ends it with what is known, though a search has come to no end.
#[test]
fn a_signal_ends_it_with_what_is_known() {
    for signal in ["TERM", "INT"] {
        let (program, endless) = (env!("CARGO_BIN_EXE_casebook"), endless(signal));
        let mut command = Command::new(program);
        command.current_dir(env!("CARGO_MANIFEST_DIR")).args(["litmus", &file("sb"), &endless]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("it starts");
        let mut out = BufReader::new(child.stdout.take().expect("it is piped"));
        let mut line = String::new();
        // The first answer comes while the second file is searched.
        out.read_line(&mut line).expect("it is text");
        assert_eq!(line, "Test SB Allowed\n");
        let kill =
            Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).status();
        assert!(kill.is_ok_and(|status| status.success()));
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(130), "{}", stderr(&output));
        assert_eq!(stderr(&output), "casebook: interrupted; 1 of 2 files answered\n");
        let mut rest = String::new();
        out.read_to_string(&mut rest).expect("it is text");
        assert!(rest.contains("Observation SB Sometimes"), "{rest}");
    }
}

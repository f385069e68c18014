//! `casebook prove`: a search in parts has one verdict, and what is missing, doubled or from elsewhere keeps it from having one.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// A case with enough executions to split, and one that fails in some of them.
const HOLDS: &str = "independent_reads/fences";
const FAILS: &str = "message_passing/relaxed";

fn casebook(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_casebook")).args(arguments).output().expect("it starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Runs a command that ends with this code, and returns what it printed.
#[track_caller]
fn prove(arguments: &[&str], code: i32) -> [String; 2] {
    let output = casebook(&[&["prove"], arguments].concat());
    let printed = [text(&output.stdout), text(&output.stderr)];
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {printed:?}");
    printed
}

fn name(path: &Path) -> &str {
    path.to_str().expect("a readable path")
}

/// A folder of its own with a split of a case, and its units.
fn split(id: &str, test: &str) -> (PathBuf, Vec<PathBuf>) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("parts").join(test);
    let _ = fs::remove_dir_all(&folder);
    prove(&[id, "--split", "3", "--into", name(&folder)], 0);
    let units = (1..).map(|n| folder.join(format!("unit-{n:04}.unit")));
    let units = units.take_while(|unit| unit.exists()).collect();
    (folder, units)
}

fn search_all(id: &str, units: &[PathBuf]) {
    units.iter().for_each(|unit| _ = prove(&[id, "--unit", name(unit)], 0));
}

/// `proved, 15 executions`
fn counts(line: &str) -> String {
    let words: Vec<&str> = line.split(", ").collect();
    let verdict = words[0].rsplit(": ").next().unwrap_or("");
    format!("{verdict}, {}", words[1])
}

#[test]
fn parts_have_the_verdict_and_the_counts_of_the_whole() {
    let (folder, units) = split(HOLDS, "whole");
    assert_eq!(units.len(), 3);
    search_all(HOLDS, &units);
    let [merged, notes] = prove(&[HOLDS, "--merge", name(&folder)], 0);
    let [whole, _] = prove(&[HOLDS], 0);
    assert_eq!(counts(&merged), counts(&whole));
    assert!(merged.contains("in 3 units") && merged.contains("as declared, holds"), "{merged}");
    assert_eq!(notes, "");
}

#[test]
fn outcomes_of_parts_are_judged_together() {
    let id = "store_buffering/relaxed";
    let (folder, units) = split(id, "outcomes");
    search_all(id, &units);
    let [merged, _] = prove(&[id, "--merge", name(&folder)], 0);
    assert_eq!(counts(&merged), counts(&prove(&[id], 0)[0]));
}

#[test]
fn a_lost_unit_is_noticed() {
    let (folder, units) = split(HOLDS, "lost");
    search_all(HOLDS, &units[1..]);
    let [merged, why] = prove(&[HOLDS, "--merge", name(&folder)], 1);
    assert_eq!(merged, "");
    let again = format!("casebook prove {HOLDS} --unit {}", units[0].display());
    assert!(why.contains("has no result") && why.trim_end().ends_with(&again), "{why}");
    // Half a result is none.
    fs::write(units[0].with_extension("json"), "{\"origin\":").expect("it can be written");
    let [_, why] = prove(&[HOLDS, "--merge", name(&folder)], 1);
    assert!(why.contains("holds nothing that was found"), "{why}");
}

fn change(file: &Path, to: &Path, change: impl FnOnce(&mut Value)) {
    let text = fs::read_to_string(file).expect("it is there");
    let mut value = serde_json::from_str(&text).expect("it is JSON");
    change(&mut value);
    fs::write(to, value.to_string()).expect("it can be written");
}

#[test]
fn a_unit_that_is_repeated_is_one_and_may_not_differ() {
    let (folder, units) = split(HOLDS, "twice");
    search_all(HOLDS, &units);
    let [told, _] = prove(&[HOLDS, "--unit", name(&units[0])], 0);
    assert!(told.contains("as it was found before"), "{told}");

    let result = units[0].with_extension("json");
    let copy = folder.join("unit-0001.copy.json");
    fs::copy(&result, &copy).expect("it can be copied");
    let [_, notes] = prove(&[HOLDS, "--merge", name(&folder)], 0);
    assert!(notes.contains("has another result"), "{notes}");

    change(&result, &copy, |found| found["report"]["blocked"] = 7.into());
    let [_, why] = prove(&[HOLDS, "--merge", name(&folder)], 1);
    assert!(why.contains("are of the same unit and differ"), "{why}");

    fs::rename(&copy, &result).expect("it can be moved");
    let [told, _] = prove(&[HOLDS, "--unit", name(&units[0])], 0);
    assert!(told.contains("another result is there already"), "{told}");
    prove(&[HOLDS, "--merge", name(&folder)], 1);
}

#[test]
fn what_is_from_elsewhere_is_refused() {
    let (folder, units) = split(HOLDS, "elsewhere");
    search_all(HOLDS, &units);
    let result = units[0].with_extension("json");
    let merged = |changed: &str, why: &str| {
        let kept = fs::read(&result).expect("it is there");
        change(&result, &result, |found| found["origin"][changed] = "qq".into());
        let [_, told] = prove(&[HOLDS, "--merge", name(&folder)], 1);
        assert!(told.contains(why), "{told}");
        fs::write(&result, kept).expect("it can be written");
    };
    merged("build", "is of another build");
    merged("split", "is of another split");
    prove(&[HOLDS, "--merge", name(&folder)], 0);

    let [_, told] = prove(&[FAILS, "--unit", name(&units[0])], 2);
    assert!(told.contains(&format!("is a unit of {HOLDS}, not of {FAILS}")), "{told}");
    let [_, told] = prove(&[FAILS, "--merge", name(&folder)], 1);
    assert!(told.contains(&format!("a search of {HOLDS}, not of {FAILS}")), "{told}");
    let unit = fs::read_to_string(&units[0]).expect("it is there");
    let other = folder.join("other.unit");
    let build = unit.lines().find(|line| line.starts_with("build ")).expect("it names the build");
    fs::write(&other, unit.replace(build, "build qq")).expect("it can be written");
    let [_, told] = prove(&[HOLDS, "--unit", name(&other)], 2);
    assert!(told.contains("written by another build"), "{told}");
    // Choices that are not there, as if the case had changed unnoticed.
    let choice = unit.lines().last().and_then(|line| line.rsplit(' ').next()).expect("a choice");
    fs::write(&other, unit.replace(&format!(" {choice}"), " 9999r1")).expect("it can be written");
    let [_, told] = prove(&[HOLDS, "--unit", name(&other)], 2);
    assert!(told.contains("belongs to another program"), "{told}");
    let [_, told] = prove(&[HOLDS, "--unit", "Cargo.toml"], 2);
    assert!(told.contains("is no unit of this version"), "{told}");
}

#[test]
fn a_unit_is_split_again() {
    let (folder, units) = split(HOLDS, "again");
    search_all(HOLDS, &units[1..]);
    prove(&[HOLDS, "--split", "2", "--of", name(&units[0])], 0);
    let [_, why] = prove(&[HOLDS, "--merge", name(&folder)], 1);
    assert!(why.contains("unit-0001/unit-0001.unit has no result"), "{why}");
    for unit in fs::read_dir(folder.join("unit-0001")).expect("it is there") {
        let unit = unit.expect("it can be read").path();
        if unit.extension().is_some_and(|ending| ending == "unit") {
            prove(&[HOLDS, "--unit", name(&unit)], 0);
        }
    }
    let [merged, _] = prove(&[HOLDS, "--merge", name(&folder)], 0);
    assert_eq!(counts(&merged), counts(&prove(&[HOLDS], 0)[0]));
}

#[test]
fn a_failure_is_one_of_the_whole() {
    let (folder, units) = split(FAILS, "fails");
    search_all(FAILS, &units);
    let [merged, _] = prove(&[FAILS, "--merge", name(&folder)], 0);
    assert!(merged.contains("refuted") && merged.contains("as declared, data race"), "{merged}");
}

#[test]
fn a_search_that_is_cut_off_says_how_far_it_is() {
    let [told, _] = prove(&[HOLDS, "--time-limit", "0"], 1);
    assert!(told.contains("bounded") && told.contains("not as declared"), "{told}");
    let (folder, units) = split(HOLDS, "cut_off");
    search_all(HOLDS, &units[1..]);
    let largest = prove(&[HOLDS, "--unit", name(&units[0]), "--time-limit", "0"], 1);
    assert!(largest[0].contains("bounded"), "{}", largest[0]);
    let [_, notes] = prove(&[HOLDS, "--merge", name(&folder)], 1);
    assert!(notes.contains("was cut off") && notes.contains("--split 8 --of"), "{notes}");
    // Longer, it has an end.
    prove(&[HOLDS, "--unit", name(&units[0])], 0);
    prove(&[HOLDS, "--merge", name(&folder)], 0);
}

/// The lines of the README are run, with a `sbatch` that runs an array's tasks in turn; `benches/distributed` has the real one.
#[test]
fn the_lines_of_the_readme_do_what_they_say() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("parts/readme");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("it can be made");
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md"));
    let readme = readme.expect("it is there");
    let section =
        readme.split("## A search over many machines").nth(1).expect("it has the section");
    let section = section.split("\n## ").next().expect("it ends");
    let lines: Vec<&str> = section.lines().filter_map(|line| line.strip_prefix("$ ")).collect();
    assert!(lines.len() >= 4, "{lines:?}");
    let lines = lines.join("\n").replace("\\\n", " ");
    let script = format!(
        r#"set -euo pipefail
casebook() {{ '{}' "$@"; }}
export -f casebook
type -P parallel > /dev/null || parallel() {{
    local words=(); while [ "$1" != ::: ]; do words+=("$1"); shift; done; shift
    for file in "$@"; do "${{words[@]}}" "$file"; done
}}
sbatch() {{
    local tasks="${{1#--array=1-}}"
    for SLURM_ARRAY_TASK_ID in $(seq "$tasks"); do export SLURM_ARRAY_TASK_ID; bash -c "${{2#--wrap=}}"; done
}}
{lines}
"#,
        env!("CARGO_BIN_EXE_casebook")
    );
    let output = Command::new("bash").args(["-c", &script]).current_dir(&folder).output();
    let output = output.expect("bash starts");
    let told = text(&output.stdout) + &text(&output.stderr);
    assert!(output.status.success(), "{told}");
    assert!(told.contains("as declared, holds"), "{told}");
}

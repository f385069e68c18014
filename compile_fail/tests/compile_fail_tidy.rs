//! Every file of the compile-fail corpus says what it shows, and the compiler's recorded words say exactly that.
//!
//! Each check is a function over one [`Case`], and is itself shown to refuse a specimen with that one thing wrong.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
};

mod catalogue;

use catalogue::Kind;

const FOLDERS: [&str; 5] = ["lifetimes", "lints", "ownership", "send", "sync"];

/// Lines in which a twin may differ from its violation: more would be another program.
const MOST_CHANGED_LINES: usize = 16;

/// A violation with all that belongs to it. Empty strings are missing files.
#[derive(Clone, Default)]
struct Case {
    name: String,
    violation: String,
    words: String,
    twins: Vec<String>,
    silent: Vec<String>,
}

/// What a check has against a case, in one sentence.
type Complaint = Result<(), String>;

type Check = fn(&Case) -> Complaint;

const CHECKS: [(&str, Check); 6] = [
    ("complete", complete),
    ("header", header),
    ("lint_is_denied", lint_is_denied),
    ("words_are_declared", words_are_declared),
    ("words_are_ours", words_are_ours),
    ("twin_is_close", twin_is_close),
];

/// A violation comes with the compiler's words and with one twin, which says what it is.
fn complete(case: &Case) -> Complaint {
    if case.violation.is_empty() {
        // A mistake that a lint misses stands alone.
        let alone = !case.silent.is_empty() && case.twins.is_empty() && case.words.is_empty();
        return require(alone, "there is no violation beside these files");
    }
    require(!case.words.is_empty(), "there is no .stderr")?;
    let one_twin = case.twins.len() == 1;
    require(one_twin, "there must be one .ok.rs or .hole.rs")?;
    let no_silent = case.silent.is_empty();
    require(no_silent, "a silent file needs a name of its own")
}

/// Every file opens with a sentence, and a violation names its error or lint and its source.
fn header(case: &Case) -> Complaint {
    for text in texts(case) {
        let first = text.lines().next().unwrap_or_default();
        let sentence = first.starts_with("//! ") && first.ends_with('.');
        require(sentence, "the first line is not a `//!` sentence")?;
    }
    for text in texts(case).filter(|text| !case.twins.contains(text)) {
        let rules = declared(text, "Error").len() + declared(text, "Lint").len();
        require(rules == 1, "there must be one `Error:` or `Lint:` line")?;
        let sources = declared(text, "Source").len();
        require(sources == 1, "there must be one `Source:` line")?;
    }
    Ok(())
}

/// A lint that is not denied would let the twin and the silent file pass whatever they contain.
fn lint_is_denied(case: &Case) -> Complaint {
    let lint = texts(case).flat_map(|text| declared(text, "Lint")).next();
    let Some(lint) = lint else { return Ok(()) };
    let level = format!("#![deny({lint})]");
    let denied = texts(case).all(|text| text.lines().any(|line| line == level));
    require(denied, "a file does not deny the lint")
}

/// The recorded words are errors of the declared code, or of the declared lint, and nothing else.
fn words_are_declared(case: &Case) -> Complaint {
    let headlines = || case.words.lines().filter(|line| line.starts_with("error"));
    if let [error] = declared(&case.violation, "Error")[..] {
        let expected = match error.strip_prefix('E') {
            Some(digits) if digits.parse::<u32>().is_ok() => format!("error[{error}]: "),
            _ => format!("error: {error}"),
        };
        let only = headlines().all(|line| line.starts_with(&expected));
        let some = headlines().count() > 0;
        return require(only && some, "another error than the declared one");
    }
    for lint in declared(&case.violation, "Lint") {
        let level = format!("#![deny({lint})]");
        let named = case.words.contains(&level);
        require(named, "the words do not name the declared lint")?;
        let levels = case.words.matches("the lint level is defined here").count();
        let alone = levels == 1 && !case.words.contains("on by default");
        let no_codes = headlines().all(|line| line.starts_with("error: "));
        require(alone && no_codes, "another lint or an error")?;
    }
    Ok(())
}

/// The words quote no file but ours (those of std and of crates change on their own) and warn of nothing.
fn words_are_ours(case: &Case) -> Complaint {
    for foreign in ["$RUST", "$CARGO", "/rustc/", "$WORKSPACE"] {
        let ours = !case.words.contains(foreign);
        require(ours, "the words quote a file that is not ours")?;
    }
    let warns = case.words.lines().any(|line| line.starts_with("warning"));
    require(!warns, "the words contain a warning")
}

/// A twin is the violation with one thing changed.
fn twin_is_close(case: &Case) -> Complaint {
    for twin in &case.twins {
        let labelled = twin.starts_with("//! Fixed: ") || twin.starts_with("//! Hole: ");
        require(labelled, "a twin says `Fixed:` or `Hole:`")?;
        let differs = program(twin) != program(&case.violation);
        require(differs, "the twin is the violation")?;
        let changed = changed_lines(program(&case.violation), program(twin));
        require(changed <= MOST_CHANGED_LINES, "the twin is another program")?;
    }
    Ok(())
}

fn require(condition: bool, complaint: &str) -> Complaint {
    condition.then_some(()).ok_or_else(|| complaint.to_owned())
}

/// Every source file of the case.
fn texts(case: &Case) -> impl Iterator<Item = &String> {
    let violation = Some(&case.violation).filter(|text| !text.is_empty());
    violation.into_iter().chain(&case.twins).chain(&case.silent)
}

/// The values of the header's `//! KEY: value` lines.
fn declared<'a>(text: &'a str, key: &str) -> Vec<&'a str> {
    let prefix = format!("//! {key}: ");
    text.lines()
        .filter_map(|line| line.strip_prefix(&prefix))
        .collect()
}

/// What follows the header.
fn program(text: &str) -> &str {
    text.split_once("\n\n").map_or("", |(_, program)| program)
}

fn changed_lines(one: &str, other: &str) -> usize {
    let mut balance: HashMap<&str, isize> = HashMap::new();
    for (text, step) in [(one, 1), (other, -1)] {
        for line in text.lines() {
            *balance.entry(line.trim()).or_default() += step;
        }
    }
    balance.values().map(|count| count.unsigned_abs()).sum()
}

/// Every case of the corpus, by folder and name.
fn corpus() -> BTreeMap<String, Case> {
    let mut cases: BTreeMap<String, Case> = BTreeMap::new();
    for folder in FOLDERS {
        for file in catalogue::files(folder) {
            let file_name = file.path.file_name().unwrap().to_string_lossy();
            let name = format!("{folder}/{}", file_name.split('.').next().unwrap());
            let text = fs::read_to_string(&file.path).expect("a corpus file is readable");
            let case = cases.entry(name.clone()).or_default();
            case.name = name;
            match file.kind {
                Kind::Violation => case.violation = text,
                Kind::Words => case.words = text,
                Kind::Fixed | Kind::Hole => case.twins.push(text),
                Kind::Silent => case.silent.push(text),
            }
        }
    }
    cases
}

#[test]
fn the_corpus_is_tidy() {
    let complaints: Vec<String> = corpus()
        .values()
        .flat_map(|case| CHECKS.map(|(_, check)| (case, check(case))))
        .filter_map(|(case, verdict)| Some(format!("{}: {}", case.name, verdict.err()?)))
        .collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn no_folder_is_left_out() {
    let mut folders: Vec<_> = fs::read_dir(".")
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name())
        .filter(|name| name != "src" && name != "tests")
        .collect();
    folders.sort();
    assert_eq!(
        folders, FOLDERS,
        "the corpus is these folders and nothing else"
    );
}

/// These have neither words nor twin: `tests/lints.rs` runs each under both editions.
#[test]
fn edition_files_have_their_header() {
    for file in catalogue::files("lints/edition_2021") {
        let case = Case {
            violation: fs::read_to_string(&file.path).expect("a corpus file is readable"),
            ..Case::default()
        };
        for check in [header, lint_is_denied] {
            assert_eq!(check(&case), Ok(()), "{}", file.path.display());
        }
    }
}

/// A lint that sees nothing at all proves nothing by staying silent.
#[test]
fn a_silent_lint_fires_elsewhere() {
    let corpus = corpus();
    let fires = |lint: &str| {
        corpus
            .values()
            .any(|case| declared(&case.violation, "Lint") == [lint])
    };
    for case in corpus.values() {
        for lint in case.silent.iter().flat_map(|text| declared(text, "Lint")) {
            assert!(
                fires(lint),
                "{}: no violation shows {lint} firing",
                case.name
            );
        }
    }
}

/// A case with nothing wrong.
fn specimen() -> Case {
    let header = "//! A claim.\n//!\n//! Lint: a_lint\n//! Source: a book.\n\n";
    let deny = "#![deny(a_lint)]";
    Case {
        name: "lints/specimen".to_owned(),
        violation: format!("{header}{deny}\nfn main() {{ one() }}\n"),
        words: format!("error: no\nnote: the lint level is defined here\n{deny}\n"),
        twins: vec![format!("//! Fixed: so.\n\n{deny}\nfn main() {{ two() }}\n")],
        silent: vec![],
    }
}

/// The names of the checks that refuse the specimen after one change.
fn refused_after(change: impl FnOnce(&mut Case)) -> Vec<&'static str> {
    let mut case = specimen();
    change(&mut case);
    CHECKS
        .into_iter()
        .filter(|(_, check)| check(&case).is_err())
        .map(|(name, _)| name)
        .collect()
}

type Spoiler = fn(&mut Case);

/// One thing wrong with the specimen each, and the one check that must say so.
const SPOILERS: [(&str, Spoiler); 16] = [
    ("complete", |case| case.twins.clear()),
    ("complete", |case| case.twins.push(case.twins[0].clone())),
    ("complete", |case| case.silent.push(case.violation.clone())),
    ("header", |case| swap(&mut case.violation, "//! A", "// A")),
    ("header", |case| {
        swap(&mut case.violation, "claim.", "title")
    }),
    ("header", |case| swap(&mut case.violation, "Source:", "See")),
    ("header", |case| swap(&mut case.twins[0], "so.", "so")),
    ("lint_is_denied", |case| {
        swap(&mut case.twins[0], "#![deny(a_lint)]", "")
    }),
    ("words_are_declared", |case| {
        swap(&mut case.words, "is defined", "stands")
    }),
    ("words_are_declared", |case| {
        case.words += "error[E0382]: also"
    }),
    ("words_are_declared", |case| {
        case.words += "note: `#[deny(b_lint)]` on by default"
    }),
    ("words_are_ours", |case| {
        case.words += " --> $RUST/std/src/thread.rs"
    }),
    ("words_are_ours", |case| case.words += "warning: unused"),
    ("twin_is_close", |case| {
        swap(&mut case.twins[0], "two()", "one()")
    }),
    ("twin_is_close", |case| {
        swap(&mut case.twins[0], "Fixed: ", "")
    }),
    ("twin_is_close", |case| {
        case.twins[0] += &"// more\n".repeat(MOST_CHANGED_LINES)
    }),
];

#[test]
fn each_check_can_fail() {
    assert_eq!(refused_after(|_| ()), [""; 0]);
    assert_eq!(refused_after(declare_an_error), [""; 0]);
    for (index, (check, spoil)) in SPOILERS.into_iter().enumerate() {
        assert_eq!(refused_after(spoil), [check], "spoiler {index}");
    }
}

/// A missing file or a wrong declaration breaks more than one rule, and the rule it is about is among them.
#[test]
fn the_worst_mistakes_are_refused() {
    let refuses = |check, spoil: Spoiler| assert!(refused_after(spoil).contains(&check));
    refuses("complete", |case| case.words.clear());
    refuses("complete", |case| case.violation.clear());
    refuses("words_are_declared", |case| {
        swap(&mut case.violation, "Lint: a", "Lint: b")
    });
    refuses("words_are_declared", |case| {
        declare_an_error(case);
        swap(&mut case.violation, "E0277", "E0382");
    });
    refuses("lint_is_denied", |case| {
        case.violation.clear();
        case.silent = vec!["//! Silent: so.\n//! Lint: a_lint\n//! Source: a book.\n".to_owned()];
    });
}

/// The specimen as a case that the compiler itself refuses.
fn declare_an_error(case: &mut Case) {
    swap(&mut case.violation, "Lint: a_lint", "Error: E0277");
    swap(&mut case.words, "error: no", "error[E0277]: no");
}

fn swap(text: &mut String, from: &str, to: &str) {
    assert!(text.contains(from));
    *text = text.replacen(from, to, 1);
}

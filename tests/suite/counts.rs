//! The corpus is as large, as broad and as well grounded in published bugs as it says.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use casebook::case::{self, Entry};
use casebook::expect::Way;
use casebook::index::{self, Facet};
use casebook::verdict::{EngineId, Reason};

const FAMILIES: [&str; 11] = [
    "asynchronous",
    "bugs",
    "caches",
    "channels",
    "counters",
    "litmus",
    "locks",
    "objects",
    "pools",
    "queues",
    "reclamation",
];

const REFUSED_BY_COMPILER: [&str; 5] = ["lifetimes", "lints", "ownership", "send", "sync"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files below a folder of `compile_fail` that are refused: `NAME.rs`, not `NAME.ok.rs`.
fn refused(folder: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut folders = vec![root().join("compile_fail").join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the folder is there") {
            let path = entry.expect("it can be read").path();
            let name = path.file_name().expect("it has a name").to_string_lossy().into_owned();
            if path.is_dir() {
                folders.push(path);
            } else if name.ends_with(".rs") && name.matches('.').count() == 1 {
                let path = path.strip_prefix(root()).expect("it is below the root");
                found.insert(path.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    found
}

/// The shapes of each family.
fn families(corpus: &[Entry]) -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let mut families: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for entry in corpus {
        families.entry(entry.shape.family()).or_default().insert(entry.shape.stem());
    }
    families
}

#[track_caller]
fn at_least(count: usize, least: usize, what: &str) {
    assert!(count >= least, "{count} {what}; the corpus promises at least {least}");
}

#[test]
fn the_corpus_is_as_large_as_it_says() {
    let corpus = case::corpus();
    let families = families(&corpus);
    at_least(corpus.len(), 400, "cases");
    at_least(families.values().map(BTreeSet::len).sum(), 120, "shapes");
    at_least(families["bugs"].len(), 45, "shapes of published bugs");
    let violations = REFUSED_BY_COMPILER.iter().map(|folder| refused(folder).len()).sum();
    at_least(violations, 70, "violations that the compiler or a lint refuses");
}

/// The README says how many proofs load buffering could not go beyond.
#[test]
fn proofs_that_load_buffering_cannot_go_beyond() {
    let proved = |entry: &&Entry| {
        let expect = (entry.case.expect)();
        let fails = expect.failure().is_some() || expect.summary() != "holds";
        let differs = |&(engine, ..): &(EngineId, Way, Reason)| engine.is_exact();
        !fails && !expect.ways().iter().any(differs)
    };
    let corpus = case::corpus();
    let proved: Vec<_> = corpus.iter().filter(proved).collect();
    let free = proved.iter().filter(|entry| !(entry.case.expect)().is_exposed()).count();
    let says = format!("of the {} cases that hold and are proved, {free} cannot", proved.len());
    let readme = fs::read_to_string(root().join("README.md")).expect("it is there");
    let readme = readme.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(readme.contains(&says), "the README does not say: {says}");
}

/// An object is shown to be what it is; to look is worth something where an ordering that is weaker, an exchange that is split and a value
/// that is stale are each found in many of them.
#[test]
fn objects_and_their_planted_faults() {
    let corpus = case::corpus();
    let mut objects: BTreeMap<_, Vec<&str>> = BTreeMap::new();
    for entry in corpus.iter().filter(|entry| entry.shape.family() == "objects") {
        let expectation = (entry.case.expect)();
        assert!(expectation.is_of_clients(), "{} has a client of its own", entry.id);
        let runs = EngineId::ALL.into_iter().filter(|engine| {
            engine.runs_real_threads() && expectation.forbids_running(*engine).is_none()
        });
        let is_right = expectation.failure().is_none();
        assert_eq!(runs.count() > 0, is_right, "{}: a broken object may wait for ever", entry.id);
        objects.entry(entry.shape.stem()).or_default().push(entry.case.name);
    }
    at_least(objects.len(), 40, "objects");
    let has = |names: &[&str], kinds: &[&str]| {
        names.iter().any(|name| kinds.iter().any(|kind| name.starts_with(kind)))
    };
    let planted = objects.values().filter(|names| {
        has(names, &["relaxed_", "weak_"]) && has(names, &["split_"]) && has(names, &["stale_"])
    });
    at_least(planted.count(), 10, "objects with all three faults");
}

#[test]
fn every_family_is_present() {
    let present: BTreeSet<&str> = families(&case::corpus()).into_keys().collect();
    assert_eq!(present, BTreeSet::from(FAMILIES));
    for folder in REFUSED_BY_COMPILER {
        at_least(refused(folder).len(), 1, folder);
    }
}

/// A class counts as shown only by cases that fail, and by files that are refused.
#[test]
fn every_class_of_published_bug_is_shown() {
    let corpus = case::corpus();
    let refused: BTreeSet<String> =
        REFUSED_BY_COMPILER.iter().flat_map(|folder| refused(folder)).collect();
    let fails = |id: &str| {
        let found = corpus.iter().find(|entry| entry.id == id);
        found.is_some_and(|entry| (entry.case.expect)().failure().is_some())
    };
    let classes = index::classes();
    let finer = classes.iter().flat_map(|class| &class.below).collect::<Vec<_>>();
    at_least(finer.len(), 66, "finer classes of bugs");
    let mut complaints = Vec::new();
    for (class, shown_by) in &finer {
        if shown_by.is_empty() {
            complaints.push(format!("nothing shows {class}"));
        }
        let twin = finer.iter().find(|(other, shows)| *other > *class && shows == shown_by);
        complaints
            .extend(twin.map(|(twin, _)| format!("{class} is shown by just what shows {twin}")));
    }
    let listed = classes.iter().flat_map(index::Class::listed);
    let unshown = listed.filter(|id| !fails(id) && !refused.contains(*id));
    complaints.extend(unshown.map(|id| format!("{id} shows no failure")));
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

/// A published bug without a class would be in no list of its like.
#[test]
fn every_published_bug_has_a_class() {
    let corpus = case::corpus();
    let published = index::published(&corpus);
    at_least(published.len(), 65, "published bugs with a case");
    let cases = published.iter().flat_map(|bug| &bug.cases);
    let unclassed: Vec<&str> = cases
        .filter(|entry| index::values(entry, Facet::Class).is_empty())
        .map(|entry| entry.id.as_str())
        .collect();
    assert!(unclassed.is_empty(), "without a class in cases/classes.toml: {unclassed:?}");
}

/// A bug is published with a citation, or nobody can look it up.
#[test]
fn every_published_bug_is_cited() {
    let corpus = case::corpus();
    for bug in index::published(&corpus) {
        assert!(!index::citations(&bug.bug).is_empty(), "{}: {}", bug.cases[0].id, bug.bug);
    }
}

/// A bug that has a case is no bug without one.
#[test]
fn unmodelled_bugs_have_no_case() {
    let corpus = case::corpus();
    let refused = REFUSED_BY_COMPILER.iter().flat_map(|folder| refused(folder));
    let refused =
        refused.map(|file| fs::read_to_string(root().join(file)).expect("it can be read"));
    let mut texts: Vec<String> = refused.collect();
    texts.extend(corpus.iter().map(|entry| index::source(entry.shape) + "; " + &entry.doc()));
    let modelled: BTreeSet<_> = texts.iter().flat_map(|text| index::citations(text)).collect();
    let unmodelled = index::unmodelled();
    at_least(unmodelled.len(), 1, "bugs without a case");
    for bug in unmodelled {
        let cited = index::citations(&bug.source);
        assert!(!cited.is_empty(), "{} cites nothing", bug.source);
        let known: Vec<_> = cited.iter().filter(|citation| modelled.contains(citation)).collect();
        assert!(known.is_empty(), "{}: {known:?} has a case", bug.name);
        assert!(bug.reason.ends_with('.'), "{}: the reason is to be a sentence", bug.name);
        let words = bug.reason.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        for stem in words.filter(|word| word.contains('_')) {
            assert!(corpus.iter().any(|entry| entry.shape.stem() == stem), "there is no {stem}");
        }
    }
}

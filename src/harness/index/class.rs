//! The classes of bugs: about fifteen, as a reader looks for them, and the finer ones below.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;

use casebook_core::case::Entry;
use casebook_core::verdict::Kind;

/// A class of bugs, as `cases/classes.toml` has it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Class {
    /// What readers call it.
    pub name: String,
    /// What goes wrong, as a sentence.
    pub what: String,
    /// The failures that put a case here which no class lists.
    #[serde(default)]
    pub declares: Vec<String>,
    /// Of these families alone, if any is named.
    #[serde(default)]
    pub families: Vec<String>,
    /// The ids of failing cases, and files of `compile_fail/`, that are of the class and of no finer one.
    #[serde(default)]
    pub cases: BTreeSet<String>,
    /// The finer classes, with what shows each.
    #[serde(default)]
    pub below: BTreeMap<String, BTreeSet<String>>,
}

impl Class {
    /// Whether a case or a file is listed here or below.
    pub fn lists(&self, shown: &str) -> bool {
        self.cases.contains(shown) || self.below.values().any(|cases| cases.contains(shown))
    }

    /// Every case and file that is listed.
    pub fn listed(&self) -> impl Iterator<Item = &String> {
        self.cases.iter().chain(self.below.values().flatten())
    }

    /// The finer classes of a case or a file that is listed.
    pub fn finer<'a>(&'a self, shown: &'a str) -> impl Iterator<Item = &'a str> {
        let below = self.below.iter().filter(move |(_, cases)| cases.contains(shown));
        below.map(|(name, _)| name.as_str())
    }
}

/// Every class, in the order of the file.
pub fn classes() -> &'static [Class] {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        class: Vec<Class>,
    }
    static CLASSES: LazyLock<Vec<Class>> = LazyLock::new(|| {
        let text = include_str!("../../../cases/classes.toml");
        let file: File = toml::from_str(text).expect("it is in its format; a test reads it");
        file.class
    });
    &CLASSES
}

/// The classes of a failing case: those that list it, or else the one that its declaration tells.
pub fn classes_of(entry: &Entry) -> Vec<&'static Class> {
    let listing: Vec<&Class> = classes().iter().filter(|class| class.lists(&entry.id)).collect();
    if listing.is_empty() { told(entry).into_iter().collect() } else { listing }
}

/// The class that a case's declaration tells: that of its family and failure, or that of its failure.
pub fn told(entry: &Entry) -> Option<&'static Class> {
    let declared = declared(entry)?;
    let of = |class: &&Class| class.declares.contains(&declared);
    let family = entry.shape.family();
    let here = |class: &&Class| class.families.iter().any(|named| named == family);
    let all = || classes().iter().filter(of);
    all().find(here).or_else(|| all().find(|class| class.families.is_empty()))
}

/// What a failing case declares. A failed assertion may be of any class, unless no sequentially consistent execution fails: then an
/// ordering is too weak.
fn declared(entry: &Entry) -> Option<String> {
    let expectation = (entry.case.expect)();
    match expectation.failure()? {
        Kind::Assertion => expectation.is_weak().then(|| "weak ordering".into()),
        kind => Some(kind.to_string()),
    }
}

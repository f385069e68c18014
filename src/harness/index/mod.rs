//! The index: the corpus grouped by family, bug class, primitive, refuting engine and source.
//!
//! All of it is computed from the case files; what no file can say of itself, the classes of bugs and
//! the bugs that have no case, stands in `cases/classes.toml` and `cases/unmodelled.toml`.

mod blindness;
mod class;
mod primitive;
mod published;
mod source;

use std::collections::BTreeMap;
use std::fmt;

use casebook_core::case::Entry;
use casebook_core::verdict::EngineId;

pub use blindness::{Blindness, blindness};
pub use class::{Class, classes, classes_of, told};
pub use primitive::primitives;
pub use published::{Published, Unmodelled, published, unmodelled};
pub use source::{Citation, citations, source, works};

/// What the corpus can be grouped by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Facet {
    /// The folder of the case's file.
    #[default]
    Family,
    /// The class of bug that a failing case shows.
    Class,
    /// What the case's file imports from the facade.
    Primitive,
    /// The engines that refute the case.
    Engine,
    /// The works and projects that the case's file names as its source.
    Source,
}

impl Facet {
    /// Every facet, in the order in which they are shown.
    pub const ALL: [Facet; 5] =
        [Facet::Family, Facet::Class, Facet::Primitive, Facet::Engine, Facet::Source];

    /// The name used on the command line and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Facet::Family => "family",
            Facet::Class => "class",
            Facet::Primitive => "primitive",
            Facet::Engine => "engine",
            Facet::Source => "source",
        }
    }

    /// Where a case stands that has no value of this facet.
    pub fn otherwise(self) -> &'static str {
        match self {
            Facet::Family => "no family",
            Facet::Class => "no class: the case holds, or grades its outcomes",
            Facet::Primitive => "no primitive: the case uses another file's",
            Facet::Engine => "no engine: the case holds, or grades its outcomes",
            Facet::Source => "no source",
        }
    }
}

impl fmt::Display for Facet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The cases that share a value of a facet.
#[derive(Default)]
pub struct Group<'a> {
    /// The value: `locks`, `store buffering`, `Mutex`, `rc11`, `tokio`.
    pub name: String,
    /// The cases, in the order of the corpus.
    pub entries: Vec<&'a Entry>,
    /// For a class of bugs, the files of `compile_fail/` that show it.
    pub refused: Vec<String>,
}

/// The values that a case has of a facet: one family, but any number of the others.
pub fn values(entry: &Entry, facet: Facet) -> Vec<String> {
    match facet {
        Facet::Family => vec![entry.shape.family().into()],
        Facet::Class => classes_of(entry).into_iter().map(|class| class.name.clone()).collect(),
        Facet::Primitive => primitives(entry.shape.source),
        Facet::Engine => refuting(entry),
        Facet::Source => works(&source(entry.shape)),
    }
}

/// The corpus by one facet, group by group; cases that have no value of it are in no group.
pub fn groups(corpus: &[Entry], facet: Facet) -> Vec<Group<'_>> {
    let mut groups: BTreeMap<String, Group<'_>> = BTreeMap::new();
    for entry in corpus {
        for name in values(entry, facet) {
            groups.entry(name).or_default().entries.push(entry);
        }
    }
    if facet == Facet::Class {
        for class in classes() {
            let files = class.listed().filter(|shown| shown.ends_with(".rs"));
            groups.entry(class.name.clone()).or_default().refused.extend(files.cloned());
        }
        groups.retain(|_, group| group.entries.len() + group.refused.len() > 0);
    }
    groups.into_iter().map(|(name, group)| Group { name, ..group }).collect()
}

/// The engines that refute a case which fails. Real threads meet the failure by chance, if they may
/// be run at all.
fn refuting(entry: &Entry) -> Vec<String> {
    let expectation = (entry.case.expect)();
    let refuting = EngineId::ALL.into_iter().filter(|engine| expectation.refuted_by(*engine));
    let name = |engine: EngineId| match engine.runs_real_threads() {
        true => format!("{engine}, by chance"),
        false => engine.to_string(),
    };
    refuting.map(name).collect()
}

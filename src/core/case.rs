//! Cases: their declaration with `cases!`, and the registry that finds them.

use std::collections::BTreeMap;

use crate::expect::Expectation;
use crate::verdict::{EngineId, Site, tidy_path};

/// One `case` as one engine compiled it.
pub struct Case {
    /// The name within its file.
    pub name: &'static str,
    /// The doc comment, one entry a line.
    pub doc: &'static [&'static str],
    /// The declaration.
    pub expect: fn() -> Expectation,
    /// Runs the body once and renders what it returns.
    pub run: fn() -> String,
}

/// One case file (a shape) as one engine compiled it.
pub struct Shape {
    /// The engine it was compiled for.
    pub engine: EngineId,
    /// The file's path as the compiler saw it; see [`tidy_path`].
    pub path: &'static str,
    /// The file's text.
    pub source: &'static str,
    /// Its cases, in order.
    pub cases: &'static [Case],
}

inventory::collect!(Shape);

/// Declares the cases of a file. Each is
/// `/// doc` `name: expectation => body;`, the expectation being built by
/// [`holds`](crate::expect::holds), [`fails`](crate::expect::fails) or
/// [`observes`](crate::expect::observes).
///
/// The file's text is read by its path, which the compiler gives from the workspace's root. A package
/// that stands elsewhere says how to come there: `in "/.."; ...`.
#[macro_export]
macro_rules! cases {
    (in $up:literal; $($(#[doc = $doc:literal])* $name:ident: $expect:expr => $body:expr;)+) => {
        $crate::inventory::submit! {
            $crate::case::Shape {
                engine: super::rt::ENGINE,
                path: file!(),
                source: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), $up, "/", file!())),
                cases: &[$($crate::case::Case {
                    name: stringify!($name),
                    doc: &[$($doc),*],
                    expect: || {
                        #[allow(unused_imports)]
                        use $crate::expect::prelude::*;
                        $expect.into()
                    },
                    run: || format!("{:?}", $body),
                }),+],
            }
        }
    };
    ($($cases:tt)+) => { $crate::cases! { in ""; $($cases)+ } };
}

impl Shape {
    /// The path from the package's root: `cases/litmus/message_passing.rs`.
    pub fn file(&self) -> String {
        tidy_path(self.path)
    }

    /// The file's name without its ending: the first half of every id in it.
    pub fn stem(&self) -> &'static str {
        let name = self.path.rsplit(['/', '\\']).next().unwrap_or(self.path);
        name.strip_suffix(".rs").unwrap_or(name)
    }

    /// The folder the file stands in.
    pub fn family(&self) -> &'static str {
        self.path.rsplit(['/', '\\']).nth(1).unwrap_or("")
    }

    /// The lines of the file's `//!` prose, without the marks.
    pub fn prose(&self) -> Vec<&'static str> {
        self.source
            .lines()
            .map_while(|line| line.strip_prefix("//!"))
            .map(|line| line.strip_prefix(' ').unwrap_or(line))
            .collect()
    }

    /// The line, from 1, on which a case is declared.
    pub fn line(&self, case: &Case) -> usize {
        let declaration = format!("{}: ", case.name);
        let found =
            self.source.lines().position(|line| line.trim_start().starts_with(&declaration));
        found.map_or(1, |index| index + 1)
    }

    /// The line at a place of this file; none for a place in another one.
    pub fn text_at(&self, site: &Site) -> Option<&'static str> {
        let line = (site.line as usize).checked_sub(1)?;
        self.source.lines().nth(line).filter(|_| site.file == self.file())
    }

    /// The id of one of its cases.
    pub fn id(&self, case: &Case) -> String {
        format!("{}/{}", self.stem(), case.name)
    }
}

/// A case as the corpus lists it: one id, whatever the engines.
pub struct Entry {
    /// `file_stem/case_name`.
    pub id: String,
    /// The file, as the first of the engines compiled it.
    pub shape: &'static Shape,
    /// The case.
    pub case: &'static Case,
    /// The engines that compiled it, in their order.
    pub engines: Vec<EngineId>,
}

impl Entry {
    /// The case's doc comment as one line.
    pub fn doc(&self) -> String {
        self.case.doc.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ")
    }
}

/// Every case that is linked into this program, by family, file and line.
pub fn corpus() -> Vec<Entry> {
    let mut shapes: Vec<&'static Shape> = inventory::iter::<Shape>.into_iter().collect();
    shapes.sort_by_key(|shape| shape.engine);
    let mut entries: BTreeMap<(&str, String, usize), Entry> = BTreeMap::new();
    for shape in shapes {
        for (nth, case) in shape.cases.iter().enumerate() {
            entries
                .entry((shape.family(), shape.file(), nth))
                .or_insert_with(|| Entry { id: shape.id(case), shape, case, engines: Vec::new() })
                .engines
                .push(shape.engine);
        }
    }
    entries.into_values().collect()
}

/// The case with this id as `engine` compiled it.
pub fn find(engine: EngineId, id: &str) -> Option<&'static Case> {
    inventory::iter::<Shape>
        .into_iter()
        .filter(|shape| shape.engine == engine)
        .find_map(|shape| shape.cases.iter().find(|case| shape.id(case) == id))
}

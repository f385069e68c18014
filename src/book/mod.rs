//! The book: the corpus with its verdicts as pages that need no server and load nothing from elsewhere.
//!
//! A page a case file, at `case/FILE.html`, with an anchor a case; and pages that lead there: by
//! family, by failure, by question. Pages are made here as HTML and put into mdBook's frame by
//! `render.rs`. Equal verdicts give equal bytes; so that verdicts are equal, they are kept
//! ([`casebook_harness::cache`]) until a case or what checks it changes.

mod benchmarks;
mod beside_loom;
mod chance;
mod channels;
mod cite;
mod decisions;
mod documents;
mod engines;
mod evidence;
mod facets;
mod html;
mod indexes;
mod ladder;
mod ledger;
mod orderings;
mod outcomes;
mod page;
mod plot;
mod reading;
mod refused;
mod render;
mod source;
mod verdicts;
mod versions;

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use casebook_core::case::{Entry, Shape};
use casebook_core::verdict::EngineId;
use casebook_harness::justify::Justification;
use casebook_harness::run::Checked;

pub use channels::{Cell, Row, go_channels};
pub use decisions::{Answer, Question, decisions};
pub use refused::{Refused, refused};
pub use render::is_free;
pub use source::tokens;

use html::Links;

/// The cases of a book and what their checks gave.
pub struct Book<'a> {
    cases: Vec<&'a Entry>,
    results: BTreeMap<(String, EngineId), Checked>,
    justified: BTreeMap<String, Justification>,
    refused: Vec<Refused>,
    links: Links,
    /// Where the book will stand, for who cites from it.
    address: Option<String>,
    /// By facet.
    groups: BTreeMap<&'static str, facets::Groups<'a>>,
}

/// A page, and the pages that the table of contents has below it.
pub struct Page {
    /// What the table of contents calls it.
    pub name: String,
    /// Where it stands, from the book's root: `case/seqlock.html`.
    pub path: String,
    /// What it says, in HTML, with links from the book's root as `@/case/seqlock.html`.
    pub html: String,
    /// What of it a search looks through, with the same headings; all of it, if nothing else is said.
    pub searched: Option<String>,
    /// The pages below it.
    pub below: Vec<Page>,
}

/// Pages under a title in the table of contents.
pub struct Part {
    /// The title; none for the pages before the first one.
    pub title: &'static str,
    /// The pages.
    pub pages: Vec<Page>,
}

/// Why a book cannot be written, in one sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(String);

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

impl<'a> Book<'a> {
    /// A book of `cases` with what their checks gave, and what their files' orderings are needed for,
    /// in whatever order.
    ///
    /// # Errors
    /// If the corpus of what must not compile is not where this program was built.
    pub fn new(
        cases: impl IntoIterator<Item = &'a Entry>,
        results: impl IntoIterator<Item = Checked>,
        justified: impl IntoIterator<Item = Justification>,
    ) -> Result<Self, Error> {
        let cases: Vec<&Entry> = cases.into_iter().collect();
        let results = results.into_iter().map(chance::of_result);
        let results = results.map(|c| ((c.id.clone(), c.engine), c)).collect();
        let justified = justified.into_iter().map(chance::of_justification);
        let justified = justified.map(|found| (found.stem.clone(), found)).collect();
        let links = Links::new(cases.iter().map(|entry| entry.id.clone()));
        let groups = facets::all(&cases);
        Ok(Book { cases, results, justified, refused: refused()?, links, address: None, groups })
    }

    /// The book as it will stand at this address, which its citations then carry.
    pub fn at(self, address: Option<String>) -> Self {
        Book { address, ..self }
    }

    /// Every page.
    pub fn parts(&self) -> Vec<Part> {
        let part = |title, pages| Part { title, pages };
        vec![
            part("", vec![indexes::front(self), ladder::page(self)]),
            part(
                "Your own crate",
                documents::pages(self).into_iter().chain([beside_loom::page(self)]).collect(),
            ),
            part("Find a case", indexes::finders(self)),
            part("Families", indexes::families(self)),
            part(
                "About the verdicts",
                vec![reading::page(), engines::page(self), ledger::page(self), benchmarks::page()],
            ),
        ]
    }

    /// Writes the book in place of what is at `dir`, which must be free or a book. Until all of it is
    /// written, what is there stays.
    ///
    /// # Errors
    /// What keeps it from being written.
    pub fn write(&self, dir: &Path) -> Result<(), Error> {
        render::write(&self.parts(), dir)
    }

    /// The case files, in the order of the corpus, each with its cases that the book has.
    fn files(&self) -> Vec<(&'a Shape, Vec<&'a Entry>)> {
        let mut files: Vec<(&Shape, Vec<&Entry>)> = Vec::new();
        for entry in &self.cases {
            match files.last_mut() {
                Some((shape, cases)) if shape.stem() == entry.shape.stem() => cases.push(entry),
                _ => files.push((entry.shape, vec![entry])),
            }
        }
        files
    }

    /// What a case's checks gave, engine by engine.
    fn results(&self, entry: &Entry) -> Vec<(EngineId, Option<&Checked>)> {
        let result = |engine| self.results.get(&(entry.id.clone(), engine));
        entry.engines.iter().map(|engine| (*engine, result(*engine))).collect()
    }
}

//! `casebook list`: every case with its claim, grouped by what a reader looks for.

use std::io::IsTerminal;

use crate::index::{self, Facet};
use crate::{report, run};
use casebook_core::case::Entry;
use casebook_core::verdict::Model;
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde::Serialize;

use super::{End, Refusal};

#[derive(Args)]
pub struct List {
    /// Only cases whose `family/file/name` contains this
    #[arg(default_value = "")]
    filter: String,
    /// What to group them by
    #[arg(long, default_value = "family", value_parser = facet(), conflicts_with = "ids")]
    by: Facet,
    /// One JSON object a line
    #[arg(long, conflicts_with_all = ["ids", "by"])]
    json: bool,
    /// Only the ids, in the form of `cases/ids.txt`
    #[arg(long)]
    ids: bool,
}

#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    family: &'a str,
    file: String,
    line: usize,
    claim: String,
    shows: String,
    expected: String,
    beyond_letter: bool,
    engines: &'a [casebook_core::verdict::EngineId],
    classes: Vec<String>,
    finer_classes: Vec<String>,
    primitives: Vec<String>,
    refuted_by: Vec<String>,
    sources: Vec<String>,
}

/// The facets by name, so that a typo gets clap's own error.
fn facet() -> impl TypedValueParser<Value = Facet> {
    let of_name = |name: String| Facet::ALL.into_iter().find(|facet| facet.name() == name);
    PossibleValuesParser::new(Facet::ALL.map(Facet::name))
        .map(move |name| of_name(name).expect("only these names are parsed"))
}

impl List {
    pub fn run(self) -> Result<End, Refusal> {
        let corpus = casebook_core::case::corpus();
        let listed: Vec<&Entry> =
            corpus.iter().filter(|entry| run::matches(entry, &self.filter)).collect();
        if listed.is_empty() {
            return Err(format!("no case contains `{}`", self.filter));
        }
        let text = if self.ids {
            let mut ids: Vec<String> =
                listed.iter().map(|entry| format!("{}\n", entry.id)).collect();
            ids.sort();
            ids.concat()
        } else if self.json {
            listed.iter().map(|entry| json(entry)).collect()
        } else if self.by == Facet::Family {
            by_family(&listed)
        } else {
            by_facet(&corpus, &listed, self.by)
        };
        super::print(&text)?;
        Ok(End::Done)
    }
}

fn json(entry: &Entry) -> String {
    let line = Line {
        id: &entry.id,
        family: entry.shape.family(),
        file: entry.shape.file(),
        line: entry.shape.line(entry.case),
        claim: entry.shape.prose().first().unwrap_or(&"").to_string(),
        shows: entry.doc(),
        expected: (entry.case.expect)().summary(),
        beyond_letter: (entry.case.expect)().is_beyond_letter(),
        engines: &entry.engines,
        classes: index::values(entry, Facet::Class),
        finer_classes: finer(entry),
        primitives: index::values(entry, Facet::Primitive),
        refuted_by: index::values(entry, Facet::Engine),
        sources: index::values(entry, Facet::Source),
    };
    serde_json::to_string(&line).expect("it is plain data") + "\n"
}

fn by_family(listed: &[&Entry]) -> String {
    let mut text = String::new();
    let (mut family, mut path) = ("", "");
    for entry in listed {
        if family != entry.shape.family() {
            family = entry.shape.family();
            text += &format!("\n{family}\n");
        }
        if path != entry.shape.path {
            path = entry.shape.path;
            let claim = entry.shape.prose().first().copied().unwrap_or("");
            text += &format!(
                "\n{}",
                report::wrapped("  ", &format!("{}: {claim}", entry.shape.stem()))
            );
        }
        let expected = (entry.case.expect)().summary_under(Model::Rc11);
        text += &told(&format!("    {:<28} {expected:<14}", entry.case.name), &entry.doc());
    }
    text.trim_start().to_string()
}

/// Group by group; a case that has several values stands in several groups, one that has none at
/// the end.
fn by_facet(corpus: &[Entry], listed: &[&Entry], facet: Facet) -> String {
    let is_listed = |entry: &&Entry| listed.iter().any(|listed| std::ptr::eq(*listed, *entry));
    let all = listed.len() == corpus.len();
    let mut text = String::new();
    for group in index::groups(corpus, facet) {
        let entries: Vec<&Entry> = group.entries.into_iter().filter(is_listed).collect();
        let refused: Vec<&String> = group.refused.iter().filter(|_| all).collect();
        let lines = match facet {
            Facet::Class => by_class(&entries, &refused, &group.name),
            _ => entries.into_iter().map(line).collect(),
        };
        if !lines.is_empty() {
            text += &format!("\n{}\n{lines}", group.name);
        }
    }
    let rest = listed.iter().copied().filter(|entry| index::values(entry, facet).is_empty());
    let rest: String = rest.map(line).collect();
    if !rest.is_empty() {
        text += &format!("\n{}\n{rest}", facet.otherwise());
    }
    text.trim_start().to_string()
}

fn line(entry: &Entry) -> String {
    let expected = (entry.case.expect)().summary_under(Model::Rc11);
    told(&format!("  {:<44} {expected:<14}", entry.id), &entry.doc())
}

/// A case and what it shows: in one line, or on a terminal where that is too narrow below each other.
fn told(case: &str, doc: &str) -> String {
    let line = format!("{case} {doc}\n");
    let fits = line.chars().count() <= usize::from(report::width().0) + 1;
    match fits || !std::io::stdout().is_terminal() {
        true => line,
        false => format!("{}\n{}", case.trim_end(), report::wrapped("        ", doc)),
    }
}

/// The finer classes of a failing case.
fn finer(entry: &Entry) -> Vec<String> {
    let classes = index::classes_of(entry).into_iter();
    classes.flat_map(|class| class.finer(&entry.id)).map(str::to_string).collect()
}

/// The groups of a class: what is of it and of no finer one, and each finer one, below it.
fn by_class(entries: &[&Entry], refused: &[&String], name: &str) -> String {
    let class = index::classes().iter().find(|class| class.name == name);
    let class = class.expect("a group of classes is named after one");
    let is_plain = |shown: &str| class.finer(shown).next().is_none();
    let file = |file: &&&String| format!("  {file}\n");
    let mut text: String =
        entries.iter().copied().filter(|entry| is_plain(&entry.id)).map(line).collect();
    text.extend(refused.iter().filter(|file| is_plain(file)).map(|it| file(&it)));
    for (name, shown) in &class.below {
        let of: String =
            entries.iter().copied().filter(|entry| shown.contains(&entry.id)).map(line).collect();
        let files: String =
            refused.iter().filter(|file| shown.contains(**file)).map(|it| file(&it)).collect();
        if !of.is_empty() || !files.is_empty() {
            text += &format!("  {name}:\n{of}{files}");
        }
    }
    text
}

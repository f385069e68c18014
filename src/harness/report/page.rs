//! The generated index, `cases/README.md`: the corpus by each facet, with a link to every case.

use std::collections::BTreeMap;

use crate::index::{self, Facet, Group};
use casebook_core::case::Entry;

/// The index as Markdown, to stand in the folder `cases`.
pub fn page(corpus: &[Entry]) -> String {
    let mut text = String::from(
        "<!-- Written by `CASEBOOK_BLESS=1 cargo test --test suite docs` from the case files. -->\n\n\
         # The cases\n\n\
         Each file makes one claim and shows both sides of it. A case links to the line that declares\n\
         it; `cargo run --release -- show ID` gives its verdicts now.\n\n",
    );
    let groups = Facet::ALL.map(|facet| (facet, index::groups(corpus, facet)));
    for (facet, groups) in &groups {
        let title = title(*facet);
        let names = groups.iter().map(|group| match facet {
            Facet::Family => format!("[{0}](#{0})", group.name),
            _ => format!("[{}](#{})", group.name, anchor(&heading(*facet, group))),
        });
        let names = names.collect::<Vec<_>>().join(", ");
        text += &format!("- **[{title}](#{})**: {names}\n", anchor(title));
    }
    for (facet, groups) in &groups {
        text += &format!("\n## {}\n", title(*facet));
        for group in groups {
            text += &format!("\n### {}\n\n", heading(*facet, group));
            text += &match facet {
                Facet::Family => family(group),
                Facet::Class => class(group),
                _ => links(group),
            };
        }
    }
    text
}

fn title(facet: Facet) -> &'static str {
    match facet {
        Facet::Family => "By family",
        Facet::Class => "By bug class",
        Facet::Primitive => "By primitive",
        Facet::Engine => "By engine that refutes",
        Facet::Source => "By source",
    }
}

/// The heading of a group, unique on the page: its anchor is made of it.
fn heading(facet: Facet, group: &Group) -> String {
    match facet {
        Facet::Family => group.name.clone(),
        Facet::Class => format!("Class: {}", group.name),
        Facet::Primitive => format!("Primitive: {}", group.name),
        Facet::Engine => format!("Refuted by {}", group.name),
        Facet::Source => format!("Source: {}", group.name),
    }
}

/// The anchor that GitHub makes of a heading.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

/// Every file with its claim, and under it its cases.
fn family(group: &Group) -> String {
    let mut text = String::new();
    for (stem, entries) in by_file(&group.entries) {
        let claim = entries[0].shape.prose().first().copied().unwrap_or("");
        text += &format!("#### {stem}\n\n[{claim}]({})\n\n", path(entries[0]));
        for entry in entries {
            let expectation = (entry.case.expect)();
            let beyond = if expectation.is_beyond_letter() { ", beyond the letter" } else { "" };
            let exposed = if expectation.is_exposed() { ", exposed to load buffering" } else { "" };
            let expected = expectation.summary() + beyond + exposed;
            text += &format!("- {} *{expected}*: {}\n", link(entry, &entry.id), entry.doc());
        }
        text += "\n";
    }
    text.trim_end().to_string() + "\n"
}

/// What a class is, the cases that show it, the finer classes with theirs, and the files that the compiler or a lint refuses.
fn class(group: &Group) -> String {
    let class = index::classes().iter().find(|class| class.name == group.name);
    let class = class.expect("the group is named after it");
    let item = |entry: &&Entry| {
        let stem = entry.shape.stem();
        format!("- {}, of [{stem}](#{stem}): {}\n", link(entry, &entry.id), entry.doc())
    };
    let refused = |file: &String| format!("- [`{file}`](../{file}), refused\n");
    let mut text = format!("{}\n\n", class.what);
    let is_plain = |shown: &str| class.finer(shown).next().is_none();
    text.extend(group.entries.iter().filter(|entry| is_plain(&entry.id)).map(item));
    text.extend(group.refused.iter().filter(|file| is_plain(file)).map(refused));
    for (name, shown) in &class.below {
        let entries = || group.entries.iter().filter(|entry| shown.contains(&entry.id));
        let files = || group.refused.iter().filter(|file| shown.contains(*file));
        if entries().next().is_some() || files().next().is_some() {
            text += &format!("\n*{name}*\n\n");
            text.extend(entries().map(item).chain(files().map(refused)));
        }
    }
    text.replace("\n\n\n", "\n\n")
}

/// The files of a group, each with its cases that belong to it where not all do.
fn links(group: &Group) -> String {
    let mut text = String::new();
    for (stem, entries) in by_file(&group.entries) {
        let names = entries.iter().map(|entry| link(entry, entry.case.name));
        let names = names.collect::<Vec<_>>().join(", ");
        text += &match entries[0].shape.cases.len() == entries.len() {
            true => format!("- [{stem}](#{stem})\n"),
            false => format!("- [{stem}](#{stem}): {names}\n"),
        };
    }
    text
}

fn by_file<'a>(entries: &[&'a Entry]) -> BTreeMap<&'static str, Vec<&'a Entry>> {
    let mut files: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for entry in entries {
        files.entry(entry.shape.stem()).or_default().push(*entry);
    }
    files
}

/// The file's path from the folder `cases`.
fn path(entry: &Entry) -> String {
    format!("{}/{}.rs", entry.shape.family(), entry.shape.stem())
}

fn link(entry: &Entry, words: &str) -> String {
    format!("[`{words}`]({}#L{})", path(entry), entry.shape.line(entry.case))
}

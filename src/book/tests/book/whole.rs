//! The whole corpus as a book: every id has its address, every link its target, and nothing is loaded from elsewhere.

use std::collections::BTreeMap;

use casebook::case;
use casebook_book::Book;

use super::site::{self, Folder, files, require_none};

/// The whole corpus, as if no check had been made: its addresses do not depend on verdicts.
#[test]
fn the_whole_book_holds_together() {
    let corpus = case::corpus();
    let book = Book::new(&corpus, [], []).expect("its sources are there");
    let folder = Folder::new("whole");
    book.write(&folder.path).expect("it can be written");
    let files = files(&folder.path);
    let site: BTreeMap<&str, site::Document> = files
        .iter()
        .filter(|(path, _)| path.ends_with(".html"))
        .map(|(path, bytes)| (path.as_str(), site::Document::read(bytes)))
        .collect();
    require_none(missing_cases(&site));
    let twice = site.iter().flat_map(|(path, page)| page.twice.iter().map(move |id| (path, id)));
    require_none(twice.map(|(path, id)| format!("{path} has two anchors {id}")).collect());
    require_none(broken_links(&site, &files));
    require_none(loads_from_elsewhere(&files));
    let index = &files["searchindex.js"];
    assert!(index.len() <= 3_000_000, "the index of a search has {} bytes", index.len());
    let index = String::from_utf8_lossy(index);
    assert!(index.contains("loses updates") || index.contains("lost update"), "claims are in it");
    for noise in ["@misc", "ordering: casebook", "howpublished"] {
        assert!(!index.contains(noise), "the index has `{noise}` in it");
    }
}

/// Ids are promised, and with them their addresses.
fn missing_cases(site: &BTreeMap<&str, site::Document>) -> Vec<String> {
    let ids = include_str!("../../../../cases/ids.txt").lines();
    let missing = ids.filter(|id| {
        let (stem, name) = id.split_once('/').expect("an id has two halves");
        let page = site.get(format!("case/{stem}.html").as_str());
        !page.is_some_and(|page| page.ids.contains(name))
    });
    missing.map(|id| format!("{id} has no page or no anchor")).collect()
}

fn broken_links(
    site: &BTreeMap<&str, site::Document>,
    files: &BTreeMap<String, Vec<u8>>,
) -> Vec<String> {
    let mut broken = Vec::new();
    for (path, page) in site {
        for link in page.links.iter().filter(|link| !link.starts_with("https://")) {
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() { path.to_string() } else { site::join(path, file) };
            let is_there = match site.get(target.as_str()) {
                Some(page) => anchor.is_empty() || page.ids.contains(anchor),
                None => anchor.is_empty() && files.contains_key(&target),
            };
            if !is_there {
                broken.push(format!("{path}: {link}"));
            }
        }
    }
    broken
}

fn loads_from_elsewhere(files: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    const LOADS: [&str; 7] = [
        "src=\"http",
        "src=\"//",
        "url(http",
        "url(\"http",
        "@import",
        "url(//",
        "class=\"playground",
    ];
    let mut loads = Vec::new();
    for (path, bytes) in
        files.iter().filter(|(path, _)| path.ends_with("html") || path.ends_with("css"))
    {
        let text = String::from_utf8_lossy(bytes);
        let found = LOADS.iter().filter(|load| text.contains(**load)).map(|load| load.to_string());
        let links = text.split("<link ").skip(1).filter_map(|rest| rest.split('>').next());
        let links = links.filter(|link| link.contains("href=\"http") || link.contains("href=\"//"));
        loads.extend(found.chain(links.map(String::from)).map(|what| format!("{path}: {what}")));
    }
    loads
}

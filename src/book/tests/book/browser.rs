//! The book in a browser: nothing fails, nothing overflows, pictures are legible, search finds.
//!
//! The browser is Chromium, named by `CHROMIUM` or found in `PATH`. It loads one page that loads the
//! others in frames, measures them, and leaves what it found in its own text.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use casebook::case;
use casebook_book::Book;
use serde::Deserialize;

use super::site::{Folder, checked, justified, require_none, selects};

/// Cases with small and large pictures, with outcomes, locks and a published bug.
const FILTERS: [&str; 5] =
    ["message_passing/", "store_buffering/", "spin_lock/", "spin_once", "treiber_use"];
const MEASURE: &str = include_str!("measure.html");
const PAGES: [&str; 19] = [
    "index.html",
    "verdict.html",
    "own.html",
    "loom.html",
    "orderings.html",
    "ladder.html",
    "go_channels.html",
    "failures.html",
    "published.html",
    "refused.html",
    "refused/sync.html",
    "ledger.html",
    "engines.html",
    "family/litmus.html",
    "case/message_passing.html",
    "case/store_buffering.html",
    "case/spin_lock.html",
    "case/spin_once_failed_attempt.html",
    "case/treiber_use_after_free.html",
];

/// A case is found by its id, and by its name alone.
const SEARCHES: [&str; 2] =
    ["index.html?search=spin_lock%2Frelaxed_unlock", "index.html?search=relaxed_unlock"];

/// What the browser found out about a page, as `measure.html` writes it.
#[derive(Deserialize)]
struct Measured {
    page: String,
    faults: Vec<String>,
    pictures: usize,
    found: Vec<String>,
}

#[test]
fn pages_work_in_a_browser() {
    let Some(chromium) = chromium() else {
        assert!(env::var_os("CI").is_none(), "no Chromium in CHROMIUM or PATH, and CI is to look");
        eprintln!("no Chromium in CHROMIUM or PATH, so no page is looked at: install `chromium`");
        return;
    };
    let corpus = case::corpus();
    let folder = Folder::new("browser");
    let selected = corpus.iter().filter(|entry| selects(&FILTERS, entry));
    let (results, justified) = (checked(&corpus, &FILTERS), justified(&corpus, &FILTERS));
    let book = Book::new(selected, results, justified).expect("its sources are there");
    let dir = folder.path.join("book");
    book.write(&dir).expect("it can be written");
    let pages = serde_json::to_string(&[&PAGES[..], &SEARCHES].concat()).expect("it is plain data");
    let page = dir.join("measure.html");
    fs::write(&page, MEASURE.replace("PAGES", &pages)).expect("the book can be added to");

    let output = Command::new(chromium)
        .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files"])
        .args(["--enable-logging=stderr", "--v=0", "--virtual-time-budget=600000", "--dump-dom"])
        .arg(format!("--user-data-dir={}", folder.path.join("profile").display()))
        .arg(format!("file://{}", page.display()))
        .output()
        .expect("the browser starts");
    let (dom, log) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let found =
        dom.split("<pre id=\"measured\">").nth(1).and_then(|rest| rest.split("</pre>").next());
    let found = found.unwrap_or_else(|| panic!("the browser shows nothing: {dom}\n{log}"));
    let found = found.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    let measured: Vec<Measured> =
        serde_json::from_str(&found).unwrap_or_else(|error| panic!("{error}: {found}\n{log}"));

    let faults =
        measured.iter().flat_map(|m| m.faults.iter().map(|fault| format!("{}: {fault}", m.page)));
    let console = log.lines().filter(|line| line.contains("CONSOLE")).map(String::from);
    require_none(faults.chain(console).collect());
    assert_eq!(measured.len(), 2 * (PAGES.len() + SEARCHES.len()));
    let pictures: usize = measured.iter().map(|m| m.pictures).sum();
    assert!(pictures >= 16, "every refuted case has its picture, not {pictures}");
    for search in SEARCHES {
        let measured = measured.iter().filter(|m| m.page.starts_with(search));
        let found: Vec<_> = measured.map(|m| m.found.first().map_or("", String::as_str)).collect();
        assert_eq!(found.len(), 2, "at both widths");
        let is_it = |found: &&str| {
            found.contains("case/spin_lock.html") && found.ends_with("#relaxed_unlock")
        };
        assert!(found.iter().all(is_it), "{search}: {found:?}");
    }
}

fn chromium() -> Option<PathBuf> {
    if let Some(path) = env::var_os("CHROMIUM") {
        return Some(path.into());
    }
    let folders: Vec<PathBuf> = env::split_paths(&env::var_os("PATH")?).collect();
    let names = ["chromium", "chromium-browser", "google-chrome"];
    names
        .iter()
        .flat_map(|name| folders.iter().map(move |f| f.join(name)))
        .find(|path| path.is_file())
}

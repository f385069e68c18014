//! What is beyond the letter of C++20 is marked on every page that shows it.

use casebook::case::{self, Entry};
use casebook::engine::Request;
use casebook::justify;
use casebook::run;
use casebook::verdict::{EngineId, Letter, Model};
use casebook_book::{Book, Page};

use super::site::pool;

const BEYOND: &str = Letter::BEYOND;

/// The HTML of a page of a book, which may stand below another one.
fn html(pages: Vec<Page>, path: &str) -> Option<String> {
    pages.into_iter().find_map(|page| match page.path == path {
        true => Some(page.html),
        false => html(page.below, path),
    })
}

#[test]
fn the_book_says_it_wherever_it_shows_it() {
    let (corpus, pool) = (case::corpus(), pool());
    let shown =
        |entry: &&Entry| ["independent_reads", "store_forwarding"].contains(&entry.shape.stem());
    let results = corpus
        .iter()
        .filter(shown)
        .map(|entry| run::check(&pool, EngineId::Rc11, entry, &Request::default()));
    let files = justify::files(&corpus).into_iter().filter(|cases| shown(&cases[0]));
    let justified = files.map(|cases| justify::justify(&pool, EngineId::Rc11, Model::Rc11, &cases));
    let book = Book::new(corpus.iter().filter(shown), results, justified).expect("it has sources");
    let page = |path: &str| {
        let found = book.parts().into_iter().find_map(|part| html(part.pages, path));
        found.unwrap_or_else(|| panic!("there is no {path}"))
    };
    let reads = page("case/independent_reads.html");
    for words in [
        "assertion ‡",
        " ‡</span>",
        "@/engines.html#two-models",
        "forbids every execution that fails",
        &format!("An execution that fails, {BEYOND}, by rc11"),
        &format!("rc11 under RC11: refuted, assertion, {BEYOND}"),
        "needed under RC11; slack by the letter: Release",
        "Release: assertion ‡",
    ] {
        assert!(reads.contains(words), "no `{words}` in {reads}");
    }
    let forwarding = page("case/store_forwarding.html");
    for words in [&format!("seen 1, {BEYOND}")[..], &format!("Outcomes {BEYOND}: ")] {
        assert!(forwarding.contains(words), "no `{words}` in {forwarding}");
    }
    let engines = page("engines.html");
    assert!(engines.contains("id=\"two-models\"") && engines.contains("LWG issue 3941"));
    assert!(!engines.contains("]("), "no link is left as Markdown: {engines}");
}

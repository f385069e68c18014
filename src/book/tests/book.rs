//! The book is whole, refers to nothing outside itself, depends on nothing but the verdicts, and replaces only a book.

#[path = "book/benchmarks.rs"]
mod benchmarks;
#[path = "book/browser.rs"]
mod browser;
#[path = "book/command.rs"]
mod command;
#[path = "book/letter.rs"]
mod letter;
#[path = "book/site.rs"]
mod site;
#[path = "book/tables.rs"]
mod tables;
#[path = "book/whole.rs"]
mod whole;

use casebook::cache::Cache;
use casebook::case;
use casebook::expect::Way;
use casebook::pool::Pool;
use casebook::run;
use casebook::verdict::{CheckError, EngineId, Model, Reason, Report, Verdict};
use casebook_book::{Book, Page, tokens};

use site::{Folder, checked, files, require_none};

/// Every page, the ones below others too.
fn pages(book: &Book) -> Vec<Page> {
    fn below(page: Page, all: &mut Vec<Page>) {
        let Page { name, path, html, searched, below: inner } = page;
        all.push(Page { name, path, html, searched, below: Vec::new() });
        inner.into_iter().for_each(|page| below(page, all));
    }
    let mut all = Vec::new();
    book.parts().into_iter().flat_map(|part| part.pages).for_each(|page| below(page, &mut all));
    all
}

/// Whoever hears a table hears in each cell which row and which column it is of.
#[test]
fn every_table_has_heads_for_its_columns_and_rows() {
    let corpus = case::corpus();
    let filters = ["store_buffering/"];
    let (results, justified) = (checked(&corpus, &filters), site::justified(&corpus, &filters));
    let book = Book::new(&corpus, results, justified).expect("its sources are there");
    let mut tables = 0;
    for page in pages(&book) {
        for table in page.html.split("<table").skip(1) {
            let table = table.split("</table>").next().expect("it ends");
            tables += 1;
            let rows = table.matches("<tr>").count();
            assert_eq!(table.matches("<th scope=\"row\">").count() + 1, rows, "{}", page.path);
            assert!(table.contains("<th scope=\"col\">"), "{}", page.path);
        }
    }
    assert!(tables > 100, "{tables} tables");
}

/// What is offered to cite leads to where the book will stand, if that is known.
#[test]
fn citations_carry_the_address_of_the_book() {
    let corpus = case::corpus();
    let page = |address: Option<&str>| {
        let selected = corpus.iter().filter(|entry| site::selects(&["message_passing/"], entry));
        let book = Book::new(selected, [], []).expect("its sources are there");
        let pages = pages(&book.at(address.map(str::to_string)));
        let page = pages.into_iter().find(|page| page.path == "case/message_passing.html");
        page.expect("it is there").html
    };
    let address = "https://example.org/book/case/message_passing.html#relaxed";
    let html = page(Some("https://example.org/book"));
    assert!(html.contains(&format!("url = {{{address}}}")), "{html}");
    assert!(html.contains(&format!("// {address}")), "{html}");
    assert!(!page(None).contains("url = {"));
}

/// Whoever comes with a crate of their own finds what loom says otherwise, and every case that shows it.
#[test]
fn a_crate_of_ones_own_has_its_pages() {
    let corpus = case::corpus();
    let book = Book::new(&corpus, [], []).expect("its sources are there");
    let html = |path: &str| {
        let page = pages(&book).into_iter().find(|page| page.path == path);
        page.expect("the book has it").html
    };
    let own = html("own.html");
    for id in ["own", "a-crate-without-loom-tests", "which-orderings-are-needed", "in-ci"] {
        assert!(own.contains(&format!("id=\"{id}\"")), "no {id}: {own}");
    }
    let first = own.split("<pre>").nth(1).expect("it begins with a command");
    assert!(
        first.starts_with("<code class=\"nohighlight\">$ cargo casebook test</code>"),
        "{first}"
    );
    assert!(own.contains("no model was seen to use it") && !own.contains("&lt;!--"), "{own}");

    let objects = html("objects.html");
    for words in ["id=\"objects\"", "id=\"what-is-asked\"", "type Spec = Fifo&lt;false, 2&gt;;"] {
        assert!(objects.contains(words), "no {words}: {objects}");
    }

    let loom = html("loom.html");
    let at = |id: &str| loom.find(&format!("id=\"{id}\"")).expect("it has the section");
    let sections =
        [at("alarms"), at("misses"), at("no-verdict"), at("neither"), at("in-its-place")];
    for entry in &corpus {
        let ways = (entry.case.expect)().ways();
        for (engine, way, reason) in &ways {
            let nth = match way {
                Way::Alarms => 0,
                Way::Misses
                    if matches!(reason, Reason::NoLoadBuffering | Reason::NothingSpurious) =>
                {
                    3
                }
                Way::Misses => 1,
                Way::NoVerdict => 2,
            };
            let told = loom[sections[nth]..sections[nth + 1]].split("<h3").find(|part| {
                part.contains(&format!("-{reason:?}\""))
                    && part.contains(&format!(">{}<", entry.id))
            });
            let of_loom = ways.contains(&(EngineId::Loom, *way, *reason));
            assert_eq!(told.is_some(), of_loom, "{}: {engine} {reason:?}", entry.id);
        }
    }
    // What stands in loom's place says so itself, item by item, and no link of its documentation is left.
    let library = &loom[sections[4]..];
    assert!(library.matches("<li>").count() > 5, "{library}");
    assert!(library.contains("SeqCst</code> is sequentially consistent"), "{library}");
    assert!(!library.contains("](") && !library.contains('['), "{library}");
}

/// What is text stays text: nothing of a case, a verdict or a compiler's message is taken for HTML.
#[test]
fn pages_are_well_formed() {
    let corpus = case::corpus();
    let filters = ["message_passing", "store_buffering/", "dekker_entry/"];
    let results = checked(&corpus, &filters);
    let justified = site::justified(&corpus, &filters);
    let book = Book::new(&corpus, results, justified).expect("its sources are there");
    let faults = pages(&book).into_iter().filter_map(|page| {
        let xml = format!("<page>{}</page>", page.html);
        let fault = roxmltree::Document::parse(&xml).err()?;
        Some(format!("{}: {fault}", page.path))
    });
    require_none(faults.collect());
}

/// Each needed ordering leads to the execution that fails without it.
#[test]
fn needed_orderings_lead_to_what_breaks() {
    let corpus = case::corpus();
    let filters = ["message_passing/"];
    let justified = site::justified(&corpus, &filters);
    let selected = corpus.iter().filter(|entry| site::selects(&filters, entry));
    let book = Book::new(selected, [], justified).expect("its sources are there");
    let page = pages(&book).into_iter().find(|page| page.path == "case/message_passing.html");
    let html = page.expect("it is there").html;
    let case =
        html.split("id=\"release_acquire\"").nth(1).and_then(|rest| rest.split("<h2").next());
    let case = case.expect("it has a section");
    assert_eq!(case.matches("load-bearing</span>").count(), 2, "the store and the load: {case}");
    let page = site::Document::read(case.as_bytes());
    let breaks: Vec<&String> =
        page.links.iter().filter(|link| link.contains("-without-")).collect();
    assert_eq!(breaks.len(), 2, "{case}");
    assert!(breaks.iter().all(|link| page.ids.contains(&link[1..])), "{case}");
    assert_eq!(case.matches("<svg").count(), 2, "{case}");
    let other = html.split("id=\"seq_cst\"").nth(1).expect("it has a section");
    assert!(other.contains("slack</span>: Release holds"), "{other}");
}

#[test]
fn equal_verdicts_give_equal_bytes() {
    let corpus = case::corpus();
    let filters = ["message_passing/", "store_buffering/", "spin_lock/"];
    let selected = || corpus.iter().filter(|entry| site::selects(&filters, entry));
    let mut results = checked(&corpus, &filters);
    let justified = site::justified(&corpus, &filters);
    let mut others = results.clone();
    others.reverse();
    // Times, and what real threads did, a second run has otherwise.
    for checked in &mut others {
        checked.millis += 1_234;
        let Ok(report) = checked.result.as_mut() else { continue };
        report.processor = report.processor.take().map(|processor| processor + ", another one");
        if let Verdict::Sampled { executions, .. } = &mut report.verdict
            && checked.engine.runs_real_threads()
        {
            *executions += 567;
            report.outcomes.values_mut().for_each(|seen| seen.count += 89);
        }
    }
    for (nth, checked) in results.iter_mut().chain(&mut others).enumerate() {
        if let Ok(Report { verdict: Verdict::Refuted { failure, .. }, .. }) = &mut checked.result {
            failure.message += &format!(" at {}", 140_510_136_150_832 + nth);
        }
    }
    let (one, other) = (Folder::new("one"), Folder::new("other"));
    Book::new(selected(), results, justified.clone())
        .and_then(|b| b.write(&one.path))
        .expect("it can be written");
    Book::new(selected(), others, justified)
        .and_then(|b| b.write(&other.path))
        .expect("it can be written");
    let (one, other) = (files(&one.path), files(&other.path));
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
    require_none(one.keys().filter(|path| one[*path] != other[*path]).cloned().collect());
}

/// A second book is made of the verdicts of the first; what gave none is asked again.
#[test]
fn verdicts_are_kept_and_errors_are_not() {
    let corpus = case::corpus();
    let entry = corpus.iter().find(|entry| entry.id == "store_buffering/relaxed");
    let entry = entry.expect("the case is there");
    let folder = Folder::new("kept");
    let cache = Cache::new(&folder.path);
    let nobody = Pool::new("/nowhere/casebook", &["worker"]);
    let failed = run::kept(&cache, &nobody, EngineId::Native, Model::Rc11, entry);
    assert!(failed.result.is_err(), "there is nobody to ask");
    let somebody = site::pool();
    let first = run::kept(&cache, &somebody, EngineId::Native, Model::Rc11, entry);
    let report = first.result.expect("there is a verdict, and the error was not kept");
    let again = run::kept(&cache, &nobody, EngineId::Native, Model::Rc11, entry);
    assert_eq!(again.result, Ok(report), "counts of real threads and all");
    assert_eq!((again.millis, again.complaints), (first.millis, first.complaints));
}

/// A check that gives no verdict is shown as such, whatever there was before.
#[test]
fn a_missing_verdict_is_said() {
    let corpus = case::corpus();
    let filters = ["message_passing/relaxed_store"];
    let mut results = checked(&corpus, &filters);
    let complaint = "the worker was killed <by signal 9>";
    for checked in &mut results {
        checked.result = Err(CheckError::new(complaint));
        checked.complaints = vec![complaint.to_string()];
    }
    let selected = corpus.iter().filter(|entry| site::selects(&filters, entry));
    let book = Book::new(selected, results, []).expect("its sources are there");
    let page =
        |path: &str| pages(&book).into_iter().find(|page| page.path == path).expect("it is there");
    let html = page("case/message_passing.html").html;
    assert_eq!(html.matches("✗ no verdict").count(), 8, "four in the overview, four in the table");
    assert!(html.contains("the worker was killed &lt;by signal 9&gt;"), "{html}");
    assert!(!html.contains("refuted"), "{html}");
    assert!(page("index.html").html.contains("4 not as declared"));
}

/// Colouring loses nothing, and sees the orderings that stand in the code, in nothing else.
#[test]
fn source_is_shown_as_it_is() {
    for entry in case::corpus() {
        let text = entry.shape.source;
        let together: String = tokens(text).into_iter().map(|(_, token)| token).collect();
        assert_eq!(together, text, "{}", entry.shape.file());
    }
    let classes = |text: &'static str| {
        let known = tokens(text).into_iter().filter(|(class, _)| !class.is_empty());
        known.map(|(class, token)| format!("{class} {token}")).collect::<Vec<_>>()
    };
    assert_eq!(
        classes("x.load(Acquire); // Acquire: so"),
        ["ordering Acquire", "comment // Acquire: so"]
    );
    assert_eq!(
        classes("fence(SeqCst); let fence = 1;"),
        ["ordering fence", "ordering SeqCst", "keyword let", "number 1"]
    );
    assert_eq!(
        classes("\"a \\\" Relaxed\" r#\"\"Release\"# 'R' '\\'' 'static"),
        [
            "string \"a \\\" Relaxed\"",
            "string r#\"\"Release\"#",
            "string 'R'",
            "string '\\''",
            "lifetime 'static"
        ]
    );
}

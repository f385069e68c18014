//! What the documents show is what the program prints, and what they link to is there.

use std::path::Path;
use std::process::Command;

const DOCUMENTS: [&str; 6] = [
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "src/book/own_crate.md",
    "src/book/objects.md",
];

fn path(file: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(file)
}

fn read(file: &str) -> String {
    std::fs::read_to_string(path(file)).expect("the document is there")
}

/// The words of a line, without what differs from run to run: times, and counts of real threads.
fn stable(line: &str) -> Vec<&str> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let before = |i: usize| i.checked_sub(1).map_or("", |i| words[i]);
    let after = |i: usize| words.get(i + 1).copied().unwrap_or("");
    let is_number = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
    let unit = |word: &str| matches!(word.trim_end_matches(':'), "ms" | "s");
    let kept = (0..words.len()).filter(|&i| {
        let counted = before(i) == "sampled" && is_number(words[i]);
        let timed = is_number(words[i]) && unit(after(i)) || is_number(before(i)) && unit(words[i]);
        !counted && !timed
    });
    kept.map(|i| words[i]).filter(|word| !word.starts_with('─')).collect()
}

/// An excerpt follows a comment that names its command. With `CASEBOOK_BLESS=1` it is written anew.
#[test]
fn excerpts_are_what_the_program_prints() {
    const MARK: &str = "<!-- excerpt: casebook ";
    for document in DOCUMENTS {
        let mut text = read(document);
        let mut from = 0;
        while let Some(start) = text[from..].find(MARK).map(|at| from + at) {
            let arguments = &text[start + MARK.len()..];
            let arguments: Vec<&str> =
                arguments[..arguments.find(" -->").expect("the comment ends")].split(' ').collect();
            let output = Command::new(env!("CARGO_BIN_EXE_casebook"))
                .args(&arguments)
                // Room for whatever times and counts there are: the same columns every time.
                .env("COLUMNS", "110")
                .output()
                .expect("it starts");
            let printed = String::from_utf8(output.stdout).expect("it prints text");
            let printed: Vec<&str> = printed.lines().map(str::trim_end).collect();
            let open = start + text[start..].find("```text\n").expect("a block follows") + 8;
            let close = open + text[open..].find("```").expect("the block ends");
            if std::env::var_os("CASEBOOK_BLESS").is_some() {
                text.replace_range(open..close, &(printed.join("\n") + "\n"));
                std::fs::write(path(document), &text).expect("the document can be written");
            } else {
                let shown: Vec<_> = text[open..close].lines().map(stable).collect();
                let printed: Vec<_> = printed.iter().map(|line| stable(line)).collect();
                assert_eq!(
                    shown, printed,
                    "{document}: CASEBOOK_BLESS=1 cargo test --test suite docs"
                );
            }
            from = open;
        }
    }
}

#[test]
fn links_lead_somewhere() {
    for document in DOCUMENTS {
        let text = read(document);
        let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        for target in
            targets.filter(|target| !target.starts_with("http") && !target.starts_with('#'))
        {
            assert!(path(target).exists(), "{document} links to {target}, which is not there");
        }
    }
}

/// Ids that a document cites exist.
#[test]
fn cited_cases_exist() {
    let corpus = casebook::case::corpus();
    for document in DOCUMENTS {
        let text = read(document);
        let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '/');
        for id in words.filter(|word| {
            let stem = word.split('/').next().unwrap_or("");
            word.split('/').count() == 2 && corpus.iter().any(|entry| entry.shape.stem() == stem)
        }) {
            let known = corpus.iter().any(|entry| entry.id == id || entry.id.starts_with(id));
            assert!(known, "{document} cites {id}");
        }
    }
}

const INDEX: &str = "cases/README.md";

/// The index is generated: with `CASEBOOK_BLESS=1` it is written anew.
#[test]
fn the_index_is_what_the_corpus_says() {
    let page = casebook::report::page(&casebook::case::corpus());
    if std::env::var_os("CASEBOOK_BLESS").is_some() {
        std::fs::write(path(INDEX), &page).expect("the index can be written");
    }
    assert!(read(INDEX) == page, "{INDEX} is old: CASEBOOK_BLESS=1 cargo test --test suite docs");
}

/// Every case is two steps from the README: the index, and there the line that declares it.
#[test]
fn every_case_is_linked_from_the_index() {
    assert!(read("README.md").contains(&format!("]({INDEX})")), "README.md links to {INDEX}");
    let text = casebook::report::page(&casebook::case::corpus());
    let ids = read("cases/ids.txt");
    for id in ids.lines() {
        let mark = format!("[`{id}`](");
        let (_, rest) = text.split_once(&mark).unwrap_or_else(|| panic!("no link to {id}"));
        let (file, line) = rest[..rest.find(')').expect("the link ends")]
            .split_once("#L")
            .expect("the link names a line");
        let source = read(&format!("cases/{file}"));
        let number: usize = line.parse().expect("a line is a number");
        let line = source.lines().nth(number - 1).expect("the file has the line");
        let name = id.split_once('/').expect("an id has two parts").1;
        assert!(line.trim_start().starts_with(&format!("{name}: ")), "{id}: {file}:{number}");
    }
}

/// Its contents list and its links back lead to headings, and no two headings share an anchor.
#[test]
fn the_links_within_the_index_lead_to_headings() {
    let text = casebook::report::page(&casebook::case::corpus());
    let anchor = |heading: &str| -> String {
        let heading = heading.trim_start_matches('#').trim().to_lowercase();
        let kept = heading.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
        kept.map(|c| if c == ' ' { '-' } else { c }).collect()
    };
    let headings: Vec<String> = text.lines().filter(|l| l.starts_with('#')).map(anchor).collect();
    let unique: std::collections::BTreeSet<&String> = headings.iter().collect();
    assert_eq!(unique.len(), headings.len(), "two headings have one anchor");
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    for target in targets {
        match target.strip_prefix('#') {
            Some(anchor) => assert!(headings.iter().any(|h| h == anchor), "no heading #{anchor}"),
            None => {
                let file = target.split('#').next().expect("a link has a file");
                assert!(path("cases").join(file).exists(), "{target} is not there");
            }
        }
    }
}

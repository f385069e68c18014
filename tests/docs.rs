//! What the documents show is what the program prints, and what they link to is there.

use std::path::Path;
use std::process::Command;

const DOCUMENTS: [&str; 4] = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"];

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
                assert_eq!(shown, printed, "{document}: CASEBOOK_BLESS=1 cargo test --test docs");
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

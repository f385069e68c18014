//! The table of a run is one that a person reads: at every width, with what its marks mean, and short where all is well.

use std::process::Command;

use casebook::case;
use casebook::engine::Request;
use casebook::pool::Pool;
use casebook::report::Table;
use casebook::run;
use casebook::verdict::Model;

/// What `check` prints of a filter in so many columns.
fn check(arguments: &[&str], columns: usize) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_casebook"))
        .arg("check")
        .args(arguments)
        .env("COLUMNS", columns.to_string())
        .output()
        .expect("it starts");
    String::from_utf8(output.stdout).expect("it prints text")
}

/// The table without its legend.
fn table(arguments: &[&str], columns: usize) -> String {
    let text = check(arguments, columns);
    text.split("\n\n").next().unwrap_or_default().to_string()
}

#[test]
fn no_word_is_broken_at_any_width() {
    for columns in [60, 80, 100, 160] {
        let table = table(&["weak_upgrade"], columns);
        for line in table.lines() {
            assert!(line.chars().count() <= columns, "{columns}: {line}\n{table}");
        }
        let names = ["weak_upgrade_count", "every_client", "compare_exchange", "split_upgrade"];
        for word in names.iter().chain(&["refuted", "sampled", "shuttle", "native"]) {
            assert!(table.contains(word), "{columns}: no `{word}` in\n{table}");
        }
        // Times come with the widest alone, and what is expected before them.
        assert_eq!(table.contains(" ms"), columns == 160, "{table}");
    }
}

#[test]
fn a_verdict_that_is_declared_to_be_wrong_is_marked() {
    let table = table(&["store_buffering/"], 160);
    let marks = |name: &str| {
        let line = table.lines().find(|line| line.trim_start().starts_with(name));
        line.map(|line| line.matches('°').count())
    };
    // loom sees what SeqCst forbids; shuttle does not see what Relaxed allows.
    assert_eq!([marks("seq_cst"), marks("relaxed")], [Some(1), Some(1)], "{table}");
    let right = check(&["message_passing/re"], 160);
    assert!(!right.contains('°'), "{right}");
}

/// Also where rc11 is declared to miss what only load buffering gives.
#[test]
fn a_proof_that_load_buffering_could_go_beyond_is_marked() {
    let text = check(&["load_buffering/"], 160);
    let row = |name: &str| text.lines().find(|line| line.trim_start().starts_with(name));
    for (name, is_marked) in [("relaxed", true), ("one_pair", false)] {
        let row = row(name).unwrap_or_else(|| panic!("no {name} in {text}"));
        assert_eq!(row.contains('†'), is_marked, "{row}");
    }
    assert!(text.contains("load buffering could arise, which C++ and Rust allow"), "{text}");
    assert!(!check(&["message_passing/re"], 160).contains("could arise, which"));
}

/// Of the words that explain it, too.
#[test]
fn the_legend_fits_the_terminal() {
    for columns in [60, 80, 100] {
        let text = check(&["weak_upgrade"], columns);
        let legend = text.lines().skip_while(|line| !line.starts_with("proved"));
        for line in legend {
            assert!(line.chars().count() <= columns, "{columns}: {line}");
        }
    }
}

/// A word that a case has in its name is no verdict.
#[test]
fn the_legend_is_of_what_appears() {
    let text = check(&["bounded_cache/every_client", "--engine", "rc11"], 100);
    let said = |word: &str| text.lines().any(|line| line.starts_with(word));
    assert!(said("proved") && text.contains("rc11's model is RC11"), "{text}");
    for word in ["explored", "sampled", "bounded", "refuted", "not run", "°", "‡"] {
        assert!(!said(word), "{word}:\n{text}");
    }
    assert!(!text.contains("shuttle"), "{text}");
}

/// A run of the whole corpus in which all is as declared is told in short.
#[test]
fn a_green_run_is_a_summary() {
    let corpus = case::corpus();
    let pool = Pool::new(env!("CARGO_BIN_EXE_casebook"), &["worker"]);
    let mut table = Table::under(Model::Rc11);
    let few = corpus.iter().filter(|entry| {
        ["message_passing", "store_buffering", "mutex_counter"].contains(&entry.shape.stem())
    });
    for entry in few {
        for engine in &entry.engines {
            table.add(run::check(&pool, *engine, entry, &Request::default()));
        }
    }
    for width in [60, 100] {
        let shown = table.summary(&corpus, width);
        let row = |head: &str| {
            let line = shown.lines().find(|line| line.trim_start().starts_with(head));
            line.unwrap_or_else(|| panic!("no {head} in\n{shown}")).to_string()
        };
        assert!(row("litmus").contains(" ms") || row("litmus").contains(" s"), "{shown}");
        assert!(row("rc11").contains(" proved, ") && row("rc11").contains(" refuted"), "{shown}");
        assert!(row("native").contains(" not run"), "{shown}");
        assert!(row("slowest").contains('/'), "{shown}");
        assert!(shown.lines().all(|line| line.chars().count() <= width.into()), "{shown}");
        assert!(!shown.contains("queues"), "no case of them was checked:\n{shown}");
    }
}

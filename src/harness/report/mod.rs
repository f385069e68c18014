//! Verdicts as people read them: the tables of a run, a failure as text, and the generated index.

mod bugs;
pub mod graph;
pub mod justify;
mod page;
mod table;
mod text;

use std::io::IsTerminal;

pub use bugs::BugTable;
pub use page::page;
pub use table::{STYLE, Table, legend};
pub(crate) use table::{trimmed, widest};
pub use text::{escaped, failure, steps};

/// A number of executions in at most five characters: `842`, `12.4k`, `3.1M`.
pub fn count(n: u64) -> String {
    match n {
        0..10_000 => n.to_string(),
        10_000..1_000_000 => format!("{:.1}k", n as f64 / 1e3),
        _ => format!("{:.1}M", n as f64 / 1e6),
    }
}

/// So many of something: `1 case`, `12 cases`.
pub fn many(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

/// `many`, of a number in at most five characters.
pub fn many_counted(n: u64, what: &str) -> String {
    format!("{} {what}{}", count(n), if n == 1 { "" } else { "s" })
}

/// A time in a few characters: `12 ms`, `3.4 s`.
pub fn time(millis: u64) -> String {
    match millis {
        0..1_000 => format!("{millis} ms"),
        _ => format!("{:.1} s", millis as f64 / 1e3),
    }
}

/// How wide a table is where there is no terminal and nothing is said by `COLUMNS`.
const PIPE: u16 = 100;

/// How wide a table may be, and whether it may have colours.
pub fn width() -> (u16, bool) {
    let terminal = std::io::stdout().is_terminal();
    let told = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let own = || if terminal { console::Term::stdout().size().1 } else { PIPE };
    (told.filter(|width| *width > 0).unwrap_or_else(own), terminal && console::colors_enabled())
}

/// The widest that text for a terminal gets.
const WIDTH: usize = 100;

/// The words in lines of as many columns as there are, at most a hundred, each line indented.
pub fn wrapped(indent: &str, words: &str) -> String {
    let columns = usize::from(width().0).min(WIDTH);
    let mut lines = vec![indent.to_string()];
    for word in words.split_whitespace() {
        let line = lines.last_mut().expect("there is a first line");
        let fresh = line.len() == indent.len();
        if !fresh && line.chars().count() + 1 + word.chars().count() > columns {
            lines.push(format!("{indent}{word}"));
        } else {
            *line += if fresh { "" } else { " " };
            *line += word;
        }
    }
    lines.join("\n") + "\n"
}

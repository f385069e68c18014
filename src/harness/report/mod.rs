//! Verdicts as people read them: the tables of a run, a failure as text, and the generated index.

mod bugs;
pub mod graph;
pub mod justify;
mod page;
mod table;
mod text;

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

/// The widest that text for a terminal gets.
const WIDTH: usize = 100;

/// The words in lines of at most a hundred columns, each line indented.
pub fn wrapped(indent: &str, words: &str) -> String {
    let mut lines = vec![indent.to_string()];
    for word in words.split_whitespace() {
        let line = lines.last_mut().expect("there is a first line");
        let fresh = line.len() == indent.len();
        if !fresh && line.chars().count() + 1 + word.chars().count() > WIDTH {
            lines.push(format!("{indent}{word}"));
        } else {
            *line += if fresh { "" } else { " " };
            *line += word;
        }
    }
    lines.join("\n") + "\n"
}

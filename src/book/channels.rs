//! "Go's channels beside Rust's": what each promises, cell by cell with its source.
//!
//! `cases/go_channels.toml` is the data, typed by hand; a test holds its cases to the corpus.

use serde::Deserialize;

use super::html::{escaped, heading, table};
use super::indexes::leaf;
use super::{Book, Page};

const DATA: &str = include_str!("../../cases/go_channels.toml");

/// What is asked of each kind of channel.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// What happens to a channel.
    pub what: String,
    /// What Go's language says.
    pub go: Cell,
    /// What `std::sync::mpsc` says.
    pub std: Cell,
    /// What crossbeam's channels say.
    pub crossbeam: Cell,
    /// What tokio's `mpsc` says.
    pub tokio: Cell,
}

/// What a documentation says.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cell {
    /// In our words.
    pub says: String,
    /// The document, and the place in it.
    pub source: String,
    /// Cases that show it, or what comes of relying on more.
    #[serde(default)]
    pub cases: Vec<String>,
}

/// Every row.
pub fn go_channels() -> Vec<Row> {
    #[derive(Deserialize)]
    struct File {
        row: Vec<Row>,
    }
    let file: File = toml::from_str(DATA).expect("the file is in its format; a test reads it");
    file.row
}

/// The table.
pub(super) fn page(book: &Book) -> Page {
    let name = "Go's channels beside Rust's";
    let mut html = heading(1, "go-channels", name);
    html += "<p>What the language Go promises of its channels, and what the documentation of three Rust channels does. Where a \
             cell says that nothing is promised, the code of today may still order or wait; a program that relies on that relies on \
             more than it was told. The cases are over models that promise what the documentation does.</p>\n";
    let cell = |cell: &Cell| {
        let cases: Vec<String> = cell.cases.iter().map(|id| book.links.case(id)).collect();
        let cases = match cases.is_empty() {
            true => String::new(),
            false => format!("<p>{}</p>", cases.join(" ")),
        };
        format!(
            "<p>{}</p><p><small>{}</small></p>{cases}",
            book.links.prose(&cell.says),
            book.links.prose(&cell.source)
        )
    };
    let row = |row: &Row| {
        let cells = [&row.go, &row.std, &row.crossbeam, &row.tokio].map(cell);
        [escaped(&row.what)].into_iter().chain(cells).collect()
    };
    let rows: Vec<Vec<String>> = go_channels().iter().map(row).collect();
    let heads =
        ["what happens", "Go", "std::sync::mpsc", "crossbeam::channel", "tokio::sync::mpsc"];
    html += &table("channels", &heads, &rows);
    leaf(name, "go_channels.html", html)
}

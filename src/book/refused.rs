//! What the compiler and its lints refuse, with their words, and the twin that compiles.

use std::fs;
use std::path::Path;

use super::html::{block, escaped, heading};
use super::indexes::leaf;
use super::{Book, Error, Page, source};

/// The folders of `compile_fail/`, and what the files in each are about.
const FOLDERS: [(&str, &str); 5] = [
    ("ownership", "Who owns a value, and who may change it."),
    ("lifetimes", "How long a borrow may live when threads are involved."),
    ("send", "What may move to another thread."),
    ("sync", "What may be shared between threads."),
    ("lints", "What the compiler accepts and a lint refuses, and where the lint is silent."),
];

/// A file that must be refused, or that a lint should refuse and does not.
pub struct Refused {
    /// The folder.
    pub folder: &'static str,
    /// The name without endings.
    pub name: String,
    /// The path from the package's root.
    pub file: String,
    text: String,
    words: Option<String>,
    /// The ending of the file that compiles, and its text.
    twin: Option<(&'static str, String)>,
}

impl Refused {
    /// Where the book has it.
    pub fn address(&self) -> String {
        format!("refused/{}.html#{}", self.folder, self.name)
    }
}

/// Every such file, folder by folder.
///
/// # Errors
/// If a file cannot be read: the sources have to be where this program was built from them.
pub fn refused() -> Result<Vec<Refused>, Error> {
    let root = casebook_harness::built_from().join("compile_fail");
    let unreadable = |path: &Path, error| {
        Error(format!("{}, a source of the book, cannot be read: {error}", path.display()))
    };
    let mut all = Vec::new();
    for (folder, _) in FOLDERS {
        let path = root.join(folder);
        let entries = fs::read_dir(&path).map_err(|error| unreadable(&path, error))?;
        let mut names: Vec<String> = entries
            .flatten()
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        let read = |name: &str| {
            let file = path.join(name);
            fs::read_to_string(&file).map_err(|error| unreadable(&file, error))
        };
        let optional = |name: &str| names.iter().any(|n| n == name).then(|| read(name)).transpose();
        for file in &names {
            let Some(stem) = file.strip_suffix(".rs") else { continue };
            let name = stem.strip_suffix(".silent").unwrap_or(stem);
            if name.contains('.') {
                continue;
            }
            let mut twin = None;
            for ending in ["ok", "hole"] {
                twin =
                    twin.or(optional(&format!("{name}.{ending}.rs"))?.map(|text| (ending, text)));
            }
            all.push(Refused {
                folder,
                name: name.to_string(),
                file: format!("compile_fail/{folder}/{file}"),
                text: read(file)?,
                words: optional(&format!("{name}.stderr"))?,
                twin,
            });
        }
    }
    Ok(all)
}

/// An overview, and a page a folder.
pub(super) fn page(book: &Book) -> Page {
    let mut html = heading(1, "refused", "Refused by the compiler");
    html += "<p>Mistakes that never reach an engine, because they do not compile, or a lint refuses them. \
             Each stands with the compiler's own words and a twin that compiles: the mistake fixed, or the \
             published hole that let it through.</p>\n";
    let mut pages = Vec::new();
    for (folder, about) in FOLDERS {
        let files: Vec<&Refused> =
            book.refused.iter().filter(|file| file.folder == folder).collect();
        let link = format!("<a href=\"@/refused/{folder}.html\">{folder}</a>");
        html += &format!("<h2 id=\"{folder}\">{link}</h2>\n<p>{about}</p>\n<ul class=\"cases\">\n");
        let mut all =
            heading(1, folder, &format!("Refused: {folder}")) + &format!("<p>{about}</p>\n");
        let mut searched = all.clone();
        for file in files {
            let claim = book.links.prose(claim(&file.text));
            let name = escaped(&file.name);
            html += &format!(
                "<li><a class=\"case\" href=\"@/{}\">{name}</a> {claim}</li>\n",
                file.address()
            );
            all += &section(book, file);
            searched += &said(book, file);
        }
        html += "</ul>\n";
        let page = leaf(folder, &format!("refused/{folder}.html"), all);
        pages.push(Page { searched: Some(searched), ..page });
    }
    let mut overview = leaf("Refused by the compiler", "refused.html", html);
    overview.below = pages;
    overview
}

/// What a file says of itself.
fn said(book: &Book, file: &Refused) -> String {
    let claim = book.links.prose(claim(&file.text));
    heading(2, &file.name, &escaped(&file.name)) + &format!("<p>{claim}</p>\n")
}

fn section(book: &Book, file: &Refused) -> String {
    let name = &file.name;
    let mut html = said(book, file);
    html += &format!("<p class=\"place\">{}</p>\n", escaped(&file.file));
    html += &source::rust(&file.text, &format!("{name}-L"));
    if let Some(words) = &file.words {
        html += &folded("The compiler's words", &block(words));
    }
    if let Some((ending, text)) = &file.twin {
        let what = match *ending {
            "ok" => "The twin that compiles",
            _ => "The published hole, which compiles",
        };
        html += &folded(what, &source::rust(text, &format!("{name}-{ending}-L")));
    }
    html
}

fn folded(what: &str, html: &str) -> String {
    format!("<details><summary>{what}</summary>\n{html}</details>\n")
}

/// A file's first line, without the mark.
fn claim(text: &str) -> &str {
    text.lines().next().unwrap_or_default().trim_start_matches("//!").trim()
}

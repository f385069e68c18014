//! Pages into mdBook's frame, and the finished book into its place in one step.

use std::fs;
use std::io::{Error as IoError, ErrorKind};
use std::path::{Path, PathBuf};

use mdbook_html::HtmlHandlebars;
use mdbook_renderer::book::{Book, BookItem, Chapter, SectionNumber};
use mdbook_renderer::config::Config;
use mdbook_renderer::{RenderContext, Renderer};

use super::{Error, Page, Part, html, versions};
use casebook_harness::report::graph;

/// By this file a folder is known to be a book, and may be replaced.
const MARK: &str = "casebook.txt";
/// The index that a search goes by.
const INDEX: &str = "searchindex.js";
const CONFIG: &str = include_str!("assets/book.toml");
const STYLE: &str = include_str!("assets/casebook.css");
const SCRIPT: &str = include_str!("assets/casebook.js");
const ICON: &str = include_str!("assets/favicon.svg");

/// Whether a book may be written to `dir`: nothing is there, or an empty folder, or a book.
///
/// # Errors
/// What is there instead.
pub fn is_free(dir: &Path) -> Result<(), Error> {
    let shown = dir.display();
    match fs::read_dir(dir) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Error(format!("{shown} is no folder for a book: {error}"))),
        Ok(_) if dir.join(MARK).is_file() => Ok(()),
        Ok(mut entries) => match entries.next() {
            None => Ok(()),
            Some(_) => Err(Error(format!(
                "{shown} is there and is no book (it has no {MARK}), so it is not replaced"
            ))),
        },
    }
}

/// Writes the pages beside `dir`, then puts them in its place.
pub(super) fn write(parts: &[Part], dir: &Path) -> Result<(), Error> {
    is_free(dir)?;
    let dir = std::path::absolute(dir).map_err(|error| unwritable(dir, &error))?;
    let dir = fs::canonicalize(&dir).unwrap_or(dir);
    let staging = Staging::beside(&dir)?;
    let (root, new, old) = (staging.path("mdbook"), staging.path("new"), staging.path("old"));
    for folder in ["src", "theme"] {
        fs::create_dir_all(root.join(folder)).map_err(|error| unwritable(&root, &error))?;
    }
    let style = STYLE.to_string() + &graph::sheet();
    for (name, text) in
        [("casebook.css", &style[..]), ("casebook.js", SCRIPT), ("theme/favicon.svg", ICON)]
    {
        let file = root.join(name);
        fs::write(&file, text).map_err(|error| unwritable(&file, &error))?;
    }
    let laid_out = |items, to: &Path| {
        let config: Config = CONFIG.parse().expect("the configuration is mdBook's");
        let context = RenderContext::new(&root, Book::new_with_items(items), config, to);
        HtmlHandlebars::new().render(&context).map_err(|error| {
            Error(format!("the book cannot be written to {}: {error:#}", dir.display()))
        })
    };
    // The index of a book that has only what a search looks through is the one of this book.
    let index = staging.path("index");
    laid_out(items(parts, Edition::Searched), &index)?;
    laid_out(items(parts, Edition::Whole), &new)?;
    let index = index.join(INDEX);
    fs::copy(&index, new.join(INDEX)).map_err(|error| unwritable(&index, &error))?;
    let mark = format!("{}\n", versions::sentence());
    fs::write(new.join(MARK), mark).map_err(|error| unwritable(&new, &error))?;
    replace(&dir, &new, &old).map_err(|error| unwritable(&dir, &error))
}

/// Puts `new` in the place of `dir`, whose folder goes to `old`; or leaves all as it is.
fn replace(dir: &Path, new: &Path, old: &Path) -> Result<(), IoError> {
    if !dir.exists() {
        return fs::rename(new, dir);
    }
    fs::rename(dir, old)?;
    fs::rename(new, dir).inspect_err(|_| {
        // What failed is reported; if this fails too, the old book stays in the staging folder.
        let _ = fs::rename(old, dir);
    })?;
    fs::remove_dir_all(old)
}

fn unwritable(path: &Path, error: &IoError) -> Error {
    Error(format!("{} cannot be written: {error}", path.display()))
}

/// Which text of the pages is laid out.
#[derive(Clone, Copy, PartialEq)]
enum Edition {
    Whole,
    /// What a search looks through.
    Searched,
}

/// The table of contents.
fn items(parts: &[Part], edition: Edition) -> Vec<BookItem> {
    let mut items = Vec::new();
    for part in parts {
        if !part.title.is_empty() {
            items.push(BookItem::PartTitle(part.title.to_string()));
        }
        items.extend(chapters(&part.pages, edition, &[], &[]));
    }
    items
}

/// Pages as chapters. Their numbers are not shown; mdBook takes the depth from them.
fn chapters(pages: &[Page], edition: Edition, above: &[u32], parents: &[String]) -> Vec<BookItem> {
    let chapter = |(nth, page): (u32, &Page)| {
        let searched = page.searched.as_ref().filter(|_| edition == Edition::Searched);
        let content = html::finished(searched.unwrap_or(&page.html), &page.path);
        let path = PathBuf::from(&page.path).with_extension("md");
        let mut chapter = Chapter::new(&page.name, content, path, parents.to_vec());
        let number = [above, &[nth]].concat();
        let parents = [parents, std::slice::from_ref(&page.name)].concat();
        chapter.sub_items = chapters(&page.below, edition, &number, &parents);
        chapter.number = Some(SectionNumber::new(number));
        BookItem::Chapter(chapter)
    };
    (1..).zip(pages).map(chapter).collect()
}

/// A folder beside the book's, of the same file system; gone with this value.
struct Staging(PathBuf);

impl Staging {
    fn beside(dir: &Path) -> Result<Self, Error> {
        let (Some(parent), Some(name)) = (dir.parent(), dir.file_name()) else {
            return Err(Error(format!("{} cannot be replaced by a book", dir.display())));
        };
        let name = format!(".{}.{}", name.to_string_lossy(), std::process::id());
        let staging = Staging(parent.join(name));
        fs::create_dir_all(&staging.0).map_err(|error| unwritable(&staging.0, &error))?;
        Ok(staging)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // An old book that could not be put back stays here.
        if !self.path("old").exists() {
            let _ = fs::remove_dir_all(&self.0);
        }
    }
}

//! Books in folders of their own, and what their pages contain.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use casebook::case::Entry;
use casebook::engine::Request;
use casebook::justify::{self, Justification};
use casebook::pool::Pool;
use casebook::run::{self, Checked};
use casebook::verdict::{EngineId, Model};

/// A path for a test's book, free at the beginning and at the end.
pub struct Folder {
    pub path: PathBuf,
}

impl Folder {
    pub fn new(name: &str) -> Self {
        let name = format!("book-{name}-{}", std::process::id());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("the target folder is writable");
        Folder { path }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// Workers are the program that writes the book.
pub fn pool() -> Pool {
    Pool::new(env!("CARGO_BIN_EXE_casebook-book"), &["worker"])
}

/// Whether one of the filters selects a case.
pub fn selects(filters: &[&str], entry: &Entry) -> bool {
    filters.iter().any(|filter| run::matches(entry, filter))
}

/// What the checks of the cases that the filters select give.
pub fn checked(corpus: &[Entry], filters: &[&str]) -> Vec<Checked> {
    let mut jobs = run::jobs(corpus, "", None);
    jobs.retain(|(_, entry)| selects(filters, entry));
    let results = Mutex::new(Vec::new());
    run::run(&pool(), &jobs, &Request::default(), |checked| {
        results.lock().expect("nobody panics").push(checked);
        true
    });
    results.into_inner().expect("nobody panics")
}

/// What the orderings of the files that the filters select are needed for.
pub fn justified(corpus: &[Entry], filters: &[&str]) -> Vec<Justification> {
    let pool = pool();
    let files = justify::files(corpus).into_iter();
    let files = files.filter(|cases| cases.iter().any(|entry| selects(filters, entry)));
    files.map(|cases| justify::justify(&pool, EngineId::Rc11, Model::Rc11, &cases)).collect()
}

/// Every file below a folder, by its path from there.
pub fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![dir.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the folder is there").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(dir).expect("it is below").to_string_lossy().into_owned();
            files.insert(name, fs::read(&path).expect("it can be read"));
        }
    }
    files
}

/// The anchors of a page, and where its links and sources lead.
pub struct Document {
    pub ids: BTreeSet<String>,
    /// Anchors that stand twice.
    pub twice: Vec<String>,
    pub links: Vec<String>,
}

impl Document {
    pub fn read(html: &[u8]) -> Self {
        let text = String::from_utf8_lossy(html);
        let values = |name: &str| -> Vec<String> {
            let mark = format!(" {name}=\"");
            let parts = text.split(&mark).skip(1);
            parts.filter_map(|rest| Some(rest.split_once('"')?.0.to_string())).collect()
        };
        let links = values("href").into_iter().chain(values("src")).collect();
        let mut ids = BTreeSet::new();
        let twice = values("id").into_iter().filter(|id| !ids.insert(id.clone())).collect();
        Document { ids, twice, links }
    }
}

/// Where a link of a page leads, from the book's root.
pub fn join(page: &str, link: &str) -> String {
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        match part {
            ".." => drop(parts.pop()),
            "." | "" => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// Fails with every complaint at once.
pub fn require_none(complaints: Vec<String>) {
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

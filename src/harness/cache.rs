//! What was found before, kept on disk with what it depends on, so that nothing is asked twice.
//!
//! A thing is kept under a name, for one text of a case file and one build of all that checks it.
//! Each is a file, replaced as a whole: an interrupted run keeps what it had.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::PathBuf;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use casebook_core::case::Shape;

/// A folder of kept things.
pub struct Cache {
    folder: PathBuf,
}

#[derive(Serialize, Deserialize)]
struct Kept<T> {
    /// Of the case file's text, and of all that checks it.
    key: String,
    found: T,
}

impl Cache {
    /// What is kept in `folder`, which need not exist.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Cache { folder: folder.into() }
    }

    /// What is kept under `name`, if the case file and all that checks it are still the same.
    pub fn get<T: DeserializeOwned>(&self, name: &str, shape: &Shape) -> Option<T> {
        let text = fs::read(self.path(name)).ok()?;
        let kept: Kept<T> = serde_json::from_slice(&text).ok()?;
        (kept.key == key(shape)).then_some(kept.found)
    }

    /// Keeps something under `name`.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn put<T: Serialize>(&self, name: &str, shape: &Shape, found: &T) -> io::Result<()> {
        let path = self.path(name);
        fs::create_dir_all(&self.folder)?;
        let text = serde_json::to_vec(&Kept { key: key(shape), found })?;
        let half = path.with_extension(format!("{}.half", std::process::id()));
        fs::write(&half, text).and_then(|()| fs::rename(&half, &path)).inspect_err(|_| {
            // A full disk is no place for halves; if it stays, it is never read.
            let _ = fs::remove_file(&half);
        })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.json"))
    }
}

/// Names a case file's text and all that checks it.
pub fn key(shape: &Shape) -> String {
    let mut hasher = DefaultHasher::new();
    (shape.file(), shape.source).hash(&mut hasher);
    format!("{} {:016x}", env!("CASEBOOK_CHECKERS"), hasher.finish())
}

//! Justifications kept on disk, each with what it depends on, so that nothing is asked twice.
//!
//! One file per case file and engine, replaced as a whole: an interrupted run keeps what it had.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::Justification;
use crate::case::{Entry, Shape};
use crate::pool::Pool;
use crate::verdict::EngineId;

/// A folder of justifications.
pub struct Cache {
    folder: PathBuf,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    /// Of the case file's text, and of all that checks it.
    key: String,
    justification: Justification,
}

impl Cache {
    /// The justifications kept in `folder`, which need not exist.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Cache { folder: folder.into() }
    }

    /// What is kept about the file of these cases, or else a new justification, which is then kept;
    /// and whether it could be.
    pub fn or_justify(
        &self,
        pool: &Pool,
        engine: EngineId,
        cases: &[&Entry],
    ) -> (Justification, io::Result<()>) {
        let shape = cases[0].shape;
        if let Some(kept) = self.get(engine, shape) {
            return (kept, Ok(()));
        }
        let new = super::justify(pool, engine, cases);
        let kept = self.put(shape, &new);
        (new, kept)
    }

    fn get(&self, engine: EngineId, shape: &Shape) -> Option<Justification> {
        let text = fs::read(self.path(engine, shape.stem())).ok()?;
        let kept: Kept = serde_json::from_slice(&text).ok()?;
        (kept.key == key(shape)).then_some(kept.justification)
    }

    fn put(&self, shape: &Shape, justification: &Justification) -> io::Result<()> {
        let path = self.path(justification.engine, shape.stem());
        fs::create_dir_all(&self.folder)?;
        let kept = Kept { key: key(shape), justification: justification.clone() };
        let half = path.with_extension(format!("{}.half", std::process::id()));
        fs::write(&half, serde_json::to_vec(&kept)?)
            .and_then(|()| fs::rename(&half, &path))
            .inspect_err(|_| {
                // A full disk is no place for halves; if it stays, it is never read.
                let _ = fs::remove_file(&half);
            })
    }

    fn path(&self, engine: EngineId, stem: &str) -> PathBuf {
        self.folder.join(format!("{stem}.{engine}.json"))
    }
}

fn key(shape: &Shape) -> String {
    let mut hasher = DefaultHasher::new();
    (shape.file(), shape.source).hash(&mut hasher);
    format!("{} {:016x}", env!("CASEBOOK_CHECKERS"), hasher.finish())
}

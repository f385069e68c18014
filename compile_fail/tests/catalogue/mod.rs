//! The compile-fail corpus as files: every violation `NAME.rs` with its `NAME.stderr` and its compiling twin.
//!
//! A twin is `NAME.ok.rs` (the violation, fixed) or `NAME.hole.rs` (the violation with the unsound bound or
//! signature that was once published: it compiles, and that is the bug).

use std::fs;
use std::path::PathBuf;

/// How the files of a folder are told apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// `NAME.rs`: must be refused.
    Violation,
    /// `NAME.ok.rs`: the violation, fixed; must compile.
    Fixed,
    /// `NAME.hole.rs`: the violation with the published, unsound declaration; compiles.
    Hole,
    /// `NAME.silent.rs`: a mistake that the lint does not see; compiles under `deny`.
    Silent,
    /// `NAME.stderr`: what the compiler says about the violation.
    Words,
}

impl Kind {
    /// The kind of a file, or `None` for a file that has no place in the corpus.
    fn of(file_name: &str) -> Option<Kind> {
        let suffixes = [
            (".ok.rs", Kind::Fixed),
            (".hole.rs", Kind::Hole),
            (".silent.rs", Kind::Silent),
            (".rs", Kind::Violation),
            (".stderr", Kind::Words),
        ];
        suffixes
            .into_iter()
            .find_map(|(suffix, kind)| file_name.ends_with(suffix).then_some(kind))
    }
}

/// One file of the corpus.
pub struct File {
    /// The path, relative to the package.
    pub path: PathBuf,
    /// What the file is for.
    pub kind: Kind,
}

/// Every file of one folder, in the order of their names.
pub fn files(folder: &str) -> Vec<File> {
    let folder = PathBuf::from(folder);
    let mut files: Vec<File> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("cannot list {}: {error}", folder.display()))
        .map(|entry| entry.expect("a folder entry is readable").path())
        .filter(|path| path.is_file() && !path.ends_with("clippy.toml"))
        .map(|path| {
            let file_name = path.file_name().and_then(|name| name.to_str());
            let kind = file_name
                .and_then(Kind::of)
                .unwrap_or_else(|| panic!("{} has no place in the corpus", path.display()));
            File { path, kind }
        })
        .collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

//! Names the checkers: a hash over all that a verdict depends on, except the case itself.
//!
//! A result that is kept is worth something only with the engines, the facade and the locked
//! dependencies that gave it.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

/// The workspace's root, seen from this package.
const ROOT: &str = "../..";

/// Folders below `src/` that give no verdict on a case: they show verdicts, or test what gives them, or are
/// about other programs.
const APART: [&str; 6] = ["book", "harness/cli", "harness/report", "litmus", "loom", "rc11/tests"];

fn main() -> io::Result<()> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = Command::new(rustc).arg("--version").output()?;
    let version = String::from_utf8_lossy(&version.stdout).trim().to_string();

    let root = Path::new(ROOT);
    let mut files = BTreeSet::from([root.join("Cargo.lock")]);
    collect(&root.join("src"), &mut files)?;
    let mut hasher = DefaultHasher::new();
    version.hash(&mut hasher);
    for file in files.iter().filter(|file| file.exists()) {
        println!("cargo::rerun-if-changed={}", file.display());
        (file, fs::read(file)?).hash(&mut hasher);
    }
    println!("cargo::rustc-env=CASEBOOK_CHECKERS={:016x}", hasher.finish());
    println!("cargo::rustc-env=CASEBOOK_RUSTC={version}");
    Ok(())
}

/// The sources and manifests below `folder`. A folder that none of [`APART`] is in is watched whole,
/// for files that come.
fn collect(folder: &Path, files: &mut BTreeSet<PathBuf>) -> io::Result<()> {
    let apart = APART.map(|apart| Path::new(ROOT).join("src").join(apart));
    if !apart.iter().any(|apart| apart.starts_with(folder)) {
        println!("cargo::rerun-if-changed={}", folder.display());
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() && !apart.contains(&path) {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|ending| ending == "rs" || ending == "toml") {
            files.insert(path);
        }
    }
    Ok(())
}

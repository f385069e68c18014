//! Names the checkers: a hash over all that a verdict depends on, except the case itself.
//!
//! A result that is kept is worth something only with the engines, the facade and the locked
//! dependencies that gave it.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

/// Folders below `src/` that only show verdicts, or test what gives them.
const SHOWING: [&str; 5] = ["book", "cli", "litmus", "rc11/tests", "report"];

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=src");
    println!("cargo::rerun-if-changed=Cargo.lock");
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = Command::new(rustc).arg("--version").output()?;
    let version = String::from_utf8_lossy(&version.stdout).trim().to_string();

    let mut files = BTreeSet::from([PathBuf::from("Cargo.lock")]);
    collect(Path::new("src"), &mut files)?;
    let mut hasher = DefaultHasher::new();
    version.hash(&mut hasher);
    for file in files.iter().filter(|file| file.exists()) {
        (file, fs::read(file)?).hash(&mut hasher);
    }
    println!("cargo::rustc-env=CASEBOOK_CHECKERS={:016x}", hasher.finish());
    println!("cargo::rustc-env=CASEBOOK_RUSTC={version}");
    Ok(())
}

fn collect(folder: &Path, files: &mut BTreeSet<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let shows = SHOWING.iter().any(|shows| path == Path::new("src").join(shows));
        if path.is_dir() && !shows {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.insert(path);
        }
    }
    Ok(())
}

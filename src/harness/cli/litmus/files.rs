//! Files, folders and patterns become a list of litmus files, in the order of the command line.

use std::path::{Path, PathBuf};

use crate::cli::Refusal;

/// The files that the arguments name.
///
/// A folder stands for every `*.litmus` file below it, a pattern for what it matches; both sorted.
pub fn find(arguments: &[String]) -> Result<Vec<PathBuf>, Refusal> {
    let mut found = Vec::new();
    for argument in arguments {
        let path = Path::new(argument);
        if path.exists() {
            add(path, &mut found)?;
        } else if argument.contains(['*', '?', '[']) {
            matching(argument, &mut found)?;
        } else {
            return Err(format!("there is no file or folder `{argument}`"));
        }
    }
    Ok(found)
}

fn add(path: &Path, found: &mut Vec<PathBuf>) -> Result<(), Refusal> {
    if !path.is_dir() {
        found.push(path.to_owned());
        return Ok(());
    }
    let before = found.len();
    below(path, found)?;
    if found.len() == before {
        return Err(format!("no `.litmus` file is below `{}`", path.display()));
    }
    found[before..].sort();
    Ok(())
}

/// Links to folders are not followed, so that this ends.
fn below(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), Refusal> {
    let unreadable = |error| format!("`{}` cannot be read: {error}", folder.display());
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let path = entry.path();
        if entry.file_type().map_err(unreadable)?.is_dir() {
            below(&path, found)?;
        } else if path.extension().is_some_and(|ending| ending == "litmus") && !path.is_dir() {
            found.push(path);
        }
    }
    Ok(())
}

fn matching(pattern: &str, found: &mut Vec<PathBuf>) -> Result<(), Refusal> {
    let paths =
        glob::glob(pattern).map_err(|error| format!("`{pattern}` is no pattern: {error}"))?;
    let before = found.len();
    for path in paths {
        add(&path.map_err(|error| error.to_string())?, found)?;
    }
    if found.len() == before {
        return Err(format!("nothing matches `{pattern}`"));
    }
    Ok(())
}

//! `cargo casebook init`: what a crate needs for its first loom test, and no more.
//!
//! It adds and never takes away: files that are there stay, and the two that are added to, the manifest and
//! the root of the library, keep every line that they have. Everything is put together before anything is written.

mod manifest;
mod shared;
mod texts;

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use proc_macro2::LineColumn;
use syn::spanned::Spanned;

use super::source;
use crate::cli::{self, End, Refusal};
use manifest::Manifest;
use shared::Shared;

#[derive(Args)]
pub struct Init {
    /// The folder of the crate
    #[arg(default_value = ".")]
    path: PathBuf,
}

/// A file to write.
struct File {
    /// From the crate's folder.
    path: PathBuf,
    text: String,
    /// Whether it is there, and keeps all that it has.
    grows: bool,
    /// What is new in it.
    what: String,
}

impl Init {
    pub fn run(self) -> Result<End, Refusal> {
        let manifest = Manifest::read(&self.path)?;
        if let Some(cfg) = source::loom_cfgs(&self.path, &self.path.join("target")).first() {
            return Err(format!(
                "this crate asks for `cfg({cfg})` already: `cargo casebook test` runs the loom tests that it has"
            ));
        }
        if manifest.is_of_2015() {
            return Err("this crate is of edition 2015, in which what is to be written does not compile: `cargo fix \
                        --edition` makes it one of 2018"
                .to_string());
        }
        let root = manifest.root();
        if !self.path.join(&root).exists() {
            return Err(format!("{} is not there, and a test needs a library", root.display()));
        }
        let text = read(&self.path.join(&root))?;
        let parsed = syn::parse_file(&text)
            .map_err(|error| format!("{} cannot be read as Rust: {error}", root.display()))?;
        let sources = root.parent().unwrap_or(Path::new("")).to_path_buf();
        let shared = Shared::of(&self.path, &sources);
        let module = module(&parsed, &self.path.join(&sources));
        let (root_text, line) = with_module(&text, &parsed, module);
        let (manifest_text, lint) = manifest.with_loom()?;

        let added = match lint {
            manifest::Lint::Written => "loom under cfg(loom), and that cfg known to the compiler",
            manifest::Lint::ByHand => "loom under cfg(loom)",
        };
        let files = [
            grows("Cargo.toml".into(), manifest_text, added.to_string()),
            grows(root.clone(), root_text, format!("line {line}: `mod {module};`")),
            new(
                sources.join(format!("{module}.rs")),
                texts::module(&parsed, &shared),
                "std's types, or loom's under cfg(loom)".to_string(),
            ),
            new(
                "tests/loom.rs".into(),
                texts::test(&manifest.library()),
                "a first test, which passes".to_string(),
            ),
        ];
        self.write(&files)?;
        let wrote = |file: &File| {
            let verb = if file.grows { "added to" } else { "wrote" };
            format!("{verb:<9} {}: {}\n", file.path.display(), file.what)
        };
        let wrote: String = files.iter().map(wrote).collect();
        cli::print(&(wrote + &texts::next(module, &shared, lint)))?;
        Ok(End::Done)
    }

    /// Writes the new ones first, which must not be there, then puts grown ones in the place of the old. Where one of
    /// them cannot be written, all is as it was.
    fn write(&self, files: &[File]) -> Result<(), Refusal> {
        let there = |file: &&File| !file.grows && self.path.join(&file.path).exists();
        if let Some(file) = files.iter().find(there) {
            return Err(format!("{} is there already, and stays as it is", file.path.display()));
        }
        let mut made = Made::default();
        let written = made.write(&self.path, files);
        if written.is_err() {
            made.undo();
        }
        written
    }
}

/// What has been done so far.
#[derive(Default)]
struct Made {
    folders: Vec<PathBuf>,
    files: Vec<PathBuf>,
    /// Files that are another text now, with the old one.
    replaced: Vec<(PathBuf, Vec<u8>)>,
}

impl Made {
    fn write(&mut self, folder: &Path, files: &[File]) -> Result<(), Refusal> {
        let cannot = |path: &Path, e| format!("{} cannot be written: {e}", path.display());
        for file in files.iter().filter(|file| !file.grows) {
            let path = folder.join(&file.path);
            let parent = path.parent().unwrap_or(folder);
            let missing = parent.ancestors().take_while(|folder| !folder.exists());
            let mut missing: Vec<PathBuf> = missing.map(Path::to_path_buf).collect();
            self.folders.append(&mut missing);
            fs::create_dir_all(parent).map_err(|e| cannot(parent, e))?;
            self.create(&path, &file.text).map_err(|e| cannot(&path, e))?;
        }
        let mut grown = Vec::new();
        for file in files.iter().filter(|file| file.grows) {
            let path = folder.join(&file.path);
            grown.push(self.beside(&path, &file.text).map_err(|e| cannot(&path, e))?);
        }
        for (temporary, path) in grown {
            let old = fs::read(&path).map_err(|e| cannot(&path, e))?;
            fs::rename(temporary, &path).map_err(|e| cannot(&path, e))?;
            self.replaced.push((path, old));
        }
        Ok(())
    }

    fn create(&mut self, path: &Path, text: &str) -> io::Result<()> {
        let mut opened = fs::OpenOptions::new().write(true).create_new(true).open(path)?;
        self.files.push(path.to_path_buf());
        opened.write_all(text.as_bytes())
    }

    /// Writes a file beside another one, which it is to replace: the two, without links.
    fn beside(&mut self, path: &Path, text: &str) -> io::Result<(PathBuf, PathBuf)> {
        let path = path.canonicalize()?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let temporary = path.with_file_name(format!(".{name}.casebook-{}", std::process::id()));
        self.create(&temporary, text)?;
        fs::set_permissions(&temporary, fs::metadata(&path)?.permissions())?;
        Ok((temporary, path))
    }

    /// As far as that goes.
    fn undo(self) {
        for (path, old) in self.replaced {
            let _ = fs::write(path, old);
        }
        for file in self.files {
            let _ = fs::remove_file(file);
        }
        for folder in self.folders {
            let _ = fs::remove_dir(folder);
        }
    }
}

fn grows(path: PathBuf, text: String, what: String) -> File {
    File { path, text, grows: true, what }
}

fn new(path: PathBuf, text: String, what: String) -> File {
    File { path, text, grows: false, what }
}

fn read(path: &Path) -> Result<String, Refusal> {
    fs::read_to_string(path).map_err(|e| format!("{} cannot be read: {e}", path.display()))
}

/// A name for the module that nothing at the crate's root has.
fn module(root: &syn::File, folder: &Path) -> &'static str {
    let names = root.items.iter().filter_map(|item| match item {
        syn::Item::Mod(module) => Some(vec![module.ident.to_string()]),
        syn::Item::Use(import) => {
            Some(source::leaves(&import.tree).into_iter().map(last).collect())
        }
        _ => None,
    });
    let taken: Vec<String> = names.flatten().collect();
    let file =
        |name: &str| folder.join(name).exists() || folder.join(format!("{name}.rs")).exists();
    let free = |name: &&str| !taken.iter().any(|taken| taken == name) && !file(name);
    ["sync", "loom_or_std"].into_iter().find(free).unwrap_or("casebook_sync")
}

fn last(path: Vec<String>) -> String {
    path.last().cloned().unwrap_or_default()
}

/// The root of the library with the module declared before its first item, and the number of that line.
fn with_module(text: &str, root: &syn::File, module: &str) -> (String, usize) {
    let newline = newline(text);
    let declared = format!("mod {module};{newline}");
    let Some(LineColumn { line, column }) = root.items.first().map(|item| item.span().start())
    else {
        let ended = text.is_empty() || text.ends_with('\n');
        let end = if ended { "" } else { newline };
        return (format!("{text}{end}{declared}"), text.lines().count() + 1);
    };
    // Attributes of the crate may stand on the same line.
    let before: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let mark = if line == 1 && text.starts_with('\u{feff}') { 1 } else { 0 };
    let inside = text[before..].char_indices().nth(column + mark).map_or(0, |(at, _)| at);
    let (before, after) = text.split_at(before + inside);
    (format!("{before}{declared}{newline}{after}"), line)
}

/// What ends the lines of a text.
fn newline(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_declaration_is_all_that_is_new() {
        let with = |text: &str| {
            let parsed = syn::parse_file(text).expect("it is Rust");
            with_module(text, &parsed, "a")
        };
        let (windows, line) = with("//! ä\r\n\r\n/// b\r\nfn b() {}");
        assert_eq!((&windows[..], line), ("//! ä\r\n\r\nmod a;\r\n\r\n/// b\r\nfn b() {}", 3));
        let (same, line) = with("#![allow(x)] fn b() {}\n");
        assert_eq!((&same[..], line), ("#![allow(x)] mod a;\n\nfn b() {}\n", 1));
        assert_eq!(with("\u{feff}fn b() {}").0, "\u{feff}mod a;\n\nfn b() {}");
        assert_eq!(with("//! b"), ("//! b\nmod a;\n".to_string(), 2));
        assert_eq!(with(""), ("mod a;\n".to_string(), 1));
    }
}

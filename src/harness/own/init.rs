//! `cargo casebook init`: what a crate needs for its first loom test, and no more.
//!
//! It adds and never takes away: files that are there stay, and the two that are added to, the manifest and
//! the root of the library, keep every line that they have. Everything is put together before anything is written.

mod manifest;
mod shared;
mod texts;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use proc_macro2::Span;
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
        if let Some(cfg) = source::loom_cfgs(&self.path).first() {
            return Err(format!(
                "this crate asks for `cfg({cfg})` already: `cargo casebook test` runs the loom tests that it has"
            ));
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
                texts::module(&text, &shared),
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

    /// Writes the new ones first: they must not be there.
    fn write(&self, files: &[File]) -> Result<(), Refusal> {
        let there = |file: &&File| !file.grows && self.path.join(&file.path).exists();
        if let Some(file) = files.iter().find(there) {
            return Err(format!("{} is there already, and stays as it is", file.path.display()));
        }
        let cannot = |path: &Path, e| format!("{} cannot be written: {e}", path.display());
        for file in files {
            let path = self.path.join(&file.path);
            let mut options = fs::OpenOptions::new();
            match file.grows {
                true => options.write(true).truncate(true),
                false => options.write(true).create_new(true),
            };
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder).map_err(|e| cannot(folder, e))?;
            }
            let opened = options.open(&path);
            let written = opened.and_then(|mut opened| opened.write_all(file.text.as_bytes()));
            written.map_err(|e| cannot(&path, e))?;
        }
        Ok(())
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
    let at = root.items.first().map(first_line);
    let mut lines: Vec<&str> = text.lines().collect();
    let line = at.map_or(lines.len(), |line| line - 1);
    let declared = format!("mod {module};");
    lines.splice(line..line, [&declared[..], ""]);
    (lines.join("\n") + "\n", line + 1)
}

/// The line on which an item begins, its attributes and comments included.
fn first_line(item: &syn::Item) -> usize {
    let span: Span = item.span();
    span.start().line
}

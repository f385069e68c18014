//! `casebook new FAMILY/NAME`: a file from the template, and its line in the registry.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::Path;

use clap::Args;

use super::{End, Refusal};

#[derive(Args)]
pub struct New {
    /// The family's folder and the new file's name, such as `counters/example`
    name: String,
}

const TEMPLATE: &str = include_str!("../../../cases/template.rs");

impl New {
    pub fn run(self) -> Result<End, Refusal> {
        let (family, stem) = self.name.split_once('/').ok_or_else(|| {
            format!("`{}` is no FAMILY/NAME, such as counters/example", self.name)
        })?;
        for part in [family, stem] {
            if !is_module_name(part) {
                let rule = "lower-case letters, digits and underscores, beginning with a letter, and no \
                            keyword or name of a crate";
                return Err(format!("`{part}` cannot be a module's name: use {rule}"));
            }
        }
        let cases = crate::checkout().join("cases");
        let registry = cases.join(family).join("mod.rs");
        let text = fs::read_to_string(&registry).map_err(|error| match error.kind() {
            ErrorKind::NotFound => {
                format!("there is no family `{family}`; there are {}", families(&cases).join(", "))
            }
            _ => format!("{} cannot be read: {error}", registry.display()),
        })?;
        if casebook_core::case::corpus().iter().any(|entry| entry.shape.stem() == stem) {
            return Err(format!(
                "there is a file `{stem}` already; the name is the first half of ids"
            ));
        }
        let file = cases.join(family).join(format!("{stem}.rs"));
        create(&file)?;
        let registered = register(&text, stem);
        fs::write(&registry, registered).map_err(|error| {
            // Without its registry line the file would be a stray.
            let _ = fs::remove_file(&file);
            format!("{} cannot be written: {error}", registry.display())
        })?;
        super::print(&format!(
            "wrote cases/{family}/{stem}.rs and its line in cases/{family}/mod.rs\n\
             next: edit it, then `cargo test --test corpus {stem}`\n"
        ))?;
        Ok(End::Done)
    }
}

fn create(file: &Path) -> Result<(), Refusal> {
    let written = fs::File::create_new(file).and_then(|mut f| f.write_all(TEMPLATE.as_bytes()));
    written.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => format!("{} exists already", file.display()),
        _ => {
            let _ = fs::remove_file(file);
            format!("{} cannot be written: {error}", file.display())
        }
    })
}

/// Adds a line to a registry, keeping its lines in order.
fn register(text: &str, stem: &str) -> String {
    let line = format!("pub mod {stem};");
    let mut lines: Vec<&str> =
        text.lines().filter(|line| !line.starts_with("#[expect(unused")).collect();
    let later = |other: &&str| other.starts_with("pub mod ") && **other > *line;
    let place = lines.iter().position(later).unwrap_or_else(|| {
        let last = lines.iter().rposition(|line| line.starts_with("pub mod "));
        last.map_or(lines.len(), |index| index + 1)
    });
    lines.insert(place, &line);
    lines.join("\n") + "\n"
}

/// Names that mean something else where a family's modules stand, and a keyword that is new.
const TAKEN: [&str; 9] =
    ["rt", "std", "core", "alloc", "loom", "shuttle", "rc11", "casebook_core", "gen"];

fn is_module_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && syn::parse_str::<syn::Ident>(name).is_ok()
        && !TAKEN.contains(&name)
}

fn families(cases: &Path) -> Vec<String> {
    let entries = fs::read_dir(cases).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

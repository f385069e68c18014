//! A search in parts, as files: what is to be searched, and what was found, each naming what it belongs to.
//!
//! A folder holds one split: `split.json`, what was run to split it; `unit-0007.unit`, a part; `unit-0007.json`, what was found in it. A unit that is split
//! again has a folder `unit-0007` of the same kind. Any process that runs the same build may search any unit, at any time, as often as it
//! likes: [`merge`](mod@merge) sees what is missing, and what is not from here.
//!
//! # The format
//!
//! A unit begins with `casebook unit 1`, the lines `case ID`, `build KEY`, `model NAME`, `split KEY` and `number N of M`; the engine's text follows
//! (`rc11::Unit`). The other files are one JSON object each, with the same names.

pub mod merge;

use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use casebook_core::case::Entry;
use casebook_core::verdict::{Model, Report};
use casebook_engine::search::Searched;
use serde::{Deserialize, Serialize};

const FIRST_LINE: &str = "casebook unit 1";

/// What a file belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Origin {
    /// The case.
    pub case: String,
    /// The text of the case's file, and all that checks it.
    pub build: String,
    /// Whose executions there are.
    pub model: Model,
    /// Which split it is.
    pub split: String,
    /// How many units that has.
    pub units: usize,
}

/// A part of a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// What it belongs to.
    pub origin: Origin,
    /// Which one it is, from 1.
    pub number: usize,
    /// What the engine makes of it.
    pub text: String,
}

/// What was found in a unit, or while splitting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// What it belongs to.
    pub origin: Origin,
    /// Which unit; none for a split.
    pub number: Option<usize>,
    /// The unit that was split, by its split and number, if it was not the whole.
    pub of: Option<(String, usize)>,
    /// Of the executions that are in no other part.
    pub report: Report,
    /// It was not searched to its end.
    pub cut_off: bool,
    /// How long it took, in milliseconds.
    pub millis: u64,
}

/// What this program calls itself and the text of the case.
pub fn build(entry: &Entry) -> String {
    crate::cache::key(entry.shape)
}

/// Where a unit of a split is written.
pub fn unit_file(folder: &Path, number: usize) -> PathBuf {
    folder.join(format!("unit-{number:04}.unit"))
}

/// Where what is found in a unit is written.
pub fn result_file(unit: &Path) -> PathBuf {
    unit.with_extension("json")
}

/// Where a unit is split again.
pub fn folder_of(unit: &Path) -> PathBuf {
    unit.with_extension("")
}

/// What was run to split a search.
pub fn split_file(folder: &Path) -> PathBuf {
    folder.join("split.json")
}

/// Writes a split and its units to a folder that has none yet; the split last, so that what was interrupted is none.
///
/// # Errors
/// Something there cannot be written, or is there already.
pub fn write_split(
    folder: &Path,
    entry: &Entry,
    model: Model,
    of: Option<&Unit>,
    searched: Searched,
    millis: u64,
) -> io::Result<()> {
    let Searched { report, units: texts, cut_off, .. } = searched;
    let build = build(entry);
    let of = of.map(|unit| (unit.origin.split.clone(), unit.number));
    let mut hasher = DefaultHasher::new();
    (&entry.id, &build, model, &of, &texts).hash(&mut hasher);
    let split = format!("{:016x}", hasher.finish());
    let origin = Origin { case: entry.id.clone(), build, model, split, units: texts.len() };
    fs::create_dir_all(folder)?;
    for (number, text) in (1..).zip(texts) {
        let unit = Unit { origin: origin.clone(), number, text };
        write_whole(&unit_file(folder, number), unit.to_string().as_bytes())?;
    }
    write_found(&split_file(folder), &Found { origin, number: None, of, report, cut_off, millis })
}

/// Writes what was found.
///
/// # Errors
/// It cannot be written.
pub fn write_found(path: &Path, found: &Found) -> io::Result<()> {
    write_whole(path, &serde_json::to_vec(found)?)
}

/// Writes a file so that it is there as a whole or not at all, whenever the machine stops.
fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let half = path.with_extension(format!("{}.half", std::process::id()));
    let written = File::create(&half).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&half, path)
    });
    written.inspect_err(|_| {
        // A full disk is no place for halves; if it stays, it is never read.
        let _ = fs::remove_file(&half);
    })
}

/// Reads what was found.
///
/// # Errors
/// In a sentence: there is nothing to read, or it is no such file.
pub fn read_found(path: &Path) -> Result<Found, String> {
    let text = fs::read(path).map_err(|e| format!("{} cannot be read: {e}", path.display()))?;
    serde_json::from_slice(&text)
        .map_err(|e| format!("{} holds nothing that was found: {e}", path.display()))
}

/// Reads a unit.
///
/// # Errors
/// In a sentence: there is nothing to read, or it is no unit.
pub fn read_unit(path: &Path) -> Result<Unit, String> {
    let text = fs::read_to_string(path);
    let text = text.map_err(|e| format!("{} cannot be read: {e}", path.display()))?;
    Unit::parse(&text)
        .ok_or_else(|| format!("{} is no unit of this version of casebook", path.display()))
}

impl std::fmt::Display for Unit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Unit { origin: Origin { case, build, model, split, units }, number, text } = self;
        let model = model.name();
        write!(
            f,
            "{FIRST_LINE}\ncase {case}\nbuild {build}\nmodel {model}\nsplit {split}\nnumber {number} of {units}\n{text}"
        )
    }
}

impl Unit {
    fn parse(text: &str) -> Option<Unit> {
        let mut rest = text.strip_prefix(FIRST_LINE)?.strip_prefix('\n')?;
        let mut next = |name: &str| {
            let (line, after) = rest.split_once('\n')?;
            rest = after;
            Some(line.strip_prefix(name)?.strip_prefix(' ')?.to_string())
        };
        let (case, build, model, split) =
            (next("case")?, next("build")?, next("model")?, next("split")?);
        let number = next("number")?;
        let (number, units) = number.split_once(" of ")?;
        let origin =
            Origin { case, build, model: model.parse().ok()?, split, units: units.parse().ok()? };
        Some(Unit { origin, number: number.parse().ok()?, text: rest.to_string() })
    }
}

//! The parts of a search put together: nothing missing, nothing twice, nothing from elsewhere.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use casebook_core::case::Entry;
use casebook_core::verdict::{Letter, LoadBuffering, Report, Seen, Verdict};

use super::{Found, Origin, folder_of, read_found, result_file, split_file, unit_file};

/// What the parts give together.
#[derive(Debug)]
pub struct Merged {
    /// One verdict, with the sums of all counts.
    pub report: Report,
    /// The time of all parts together, in milliseconds.
    pub millis: u64,
    /// How many executions, complete and blocked, each unit has.
    pub sizes: Vec<u64>,
    /// What was noticed and does no harm.
    pub notes: Vec<String>,
}

/// Puts together what is in a folder.
///
/// # Errors
/// All that keeps it from giving a verdict, a sentence each.
pub fn merge(folder: &Path, entry: &Entry) -> Result<Merged, Vec<String>> {
    let mut parts = Parts::default();
    parts.add_split(folder, entry, None);
    if !parts.complaints.is_empty() {
        return Err(parts.complaints);
    }
    Ok(Merged {
        report: sum(parts.found.iter().map(|found| &found.report)),
        millis: parts.found.iter().map(|found| found.millis).sum(),
        sizes: parts.found.iter().filter(|found| found.number.is_some()).map(size).collect(),
        notes: parts.notes,
    })
}

fn size(found: &Found) -> u64 {
    found.report.verdict.executions() + found.report.blocked
}

#[derive(Default)]
struct Parts {
    found: Vec<Found>,
    complaints: Vec<String>,
    notes: Vec<String>,
}

impl Parts {
    /// Adds what is in a folder, which splits the unit `of` another one, or the whole.
    fn add_split(&mut self, folder: &Path, entry: &Entry, of: Option<(&Origin, usize)>) {
        let split = match read_found(&split_file(folder)) {
            Ok(split) => split,
            Err(why) => return self.complaints.push(why),
        };
        if let Some(why) = foreign(&split, entry, of) {
            return self.complaints.push(format!("{} is {why}", folder.display()));
        }
        let origin = split.origin.clone();
        let failed = split.report.verdict.failure().is_some();
        self.found.push(split);
        if failed {
            return; // There was nothing left to split.
        }
        let mut results = self.results(folder, &origin);
        for number in 1..=origin.units {
            let unit = unit_file(folder, number);
            let again = folder_of(&unit);
            let result = results.remove(&number);
            match (result, split_file(&again).exists()) {
                (Some(found), true) if found.cut_off => {
                    self.add_split(&again, entry, Some((&origin, number)));
                }
                (Some(found), true) => {
                    self.notes.push(format!(
                        "{} was searched, and also split again: its own result counts",
                        unit.display()
                    ));
                    self.found.push(found);
                }
                (None, true) => self.add_split(&again, entry, Some((&origin, number))),
                (Some(found), false) => {
                    if found.cut_off {
                        self.notes.push(format!(
                            "{0} was cut off: search it longer, or split it: casebook prove {1} --split 8 --of {0}",
                            unit.display(), origin.case
                        ));
                    }
                    self.found.push(found);
                }
                (None, false) => self.complaints.push(format!(
                    "{0} has no result, as if it was lost or killed: casebook prove {1} --unit {0}",
                    unit.display(),
                    origin.case
                )),
            }
        }
    }

    /// The results in a folder, by unit.
    fn results(&mut self, folder: &Path, origin: &Origin) -> BTreeMap<usize, Found> {
        let files = fs::read_dir(folder).into_iter().flatten().flatten().map(|file| file.path());
        let is_result = |path: &PathBuf| {
            path.extension().is_some_and(|ending| ending == "json") && *path != split_file(folder)
        };
        let mut files: Vec<PathBuf> = files.filter(is_result).collect();
        files.sort();
        let mut results = BTreeMap::<usize, Found>::new();
        for file in files {
            let found = match read_found(&file) {
                Ok(found) => found,
                Err(why) => {
                    self.complaints.push(why);
                    continue;
                }
            };
            let number = found.number.filter(|number| (1..=origin.units).contains(number));
            let Some(number) = number.filter(|_| found.origin == *origin) else {
                let why = if found.origin.build == origin.build { "split" } else { "build" };
                self.complaints.push(format!("{} is of another {why}", file.display()));
                continue;
            };
            let (mut found, mut doubled) = (found, false);
            if let Some(other) = results.remove(&number) {
                doubled = true;
                // One that was cut off is no other answer, only less of one.
                if found.cut_off && !other.cut_off {
                    found = other;
                } else if !(other.cut_off || alike(&found, &other)) {
                    let first = result_file(&unit_file(folder, number));
                    self.complaints.push(format!(
                        "{} and {} are of the same unit and differ",
                        first.display(),
                        file.display()
                    ));
                }
            }
            if doubled {
                self.notes.push(format!("{} is of a unit that has another result", file.display()));
            }
            results.insert(number, found);
        }
        results
    }
}

/// Whether two results of a unit say the same.
pub fn alike(one: &Found, other: &Found) -> bool {
    Found { millis: 0, ..one.clone() } == Found { millis: 0, ..other.clone() }
}

/// Why a split is not of this case, this build, and what it is to be a part of.
fn foreign(split: &Found, entry: &Entry, of: Option<(&Origin, usize)>) -> Option<String> {
    let Origin { case, build, .. } = &split.origin;
    if *case != entry.id {
        return Some(format!("a search of {case}, not of {}", entry.id));
    }
    if *build != super::build(entry) {
        return Some("from another build of casebook, or of the case".into());
    }
    let whole = of.map(|(origin, number)| (origin.split.clone(), number));
    match split.of == whole {
        true => None,
        false if split.of.is_some() => Some("a part of another search".into()),
        false => Some("not a part of the unit that it stands beside".into()),
    }
}

/// What two parts say of load buffering together: it cannot arise only if it can in neither.
fn both(one: Option<LoadBuffering>, other: Option<LoadBuffering>) -> Option<LoadBuffering> {
    match (one?, other?) {
        (LoadBuffering::CannotArise, other) => Some(other),
        (one, _) => Some(one),
    }
}

/// One report of all: it fails if one fails, and is proved only if all are.
fn sum<'r>(reports: impl Iterator<Item = &'r Report> + Clone) -> Report {
    let verdicts = reports.clone().map(|report| &report.verdict);
    let executions = verdicts.clone().map(Verdict::executions).sum();
    // One that the letter allows, wherever there is one.
    let failures = verdicts.clone().filter_map(Verdict::failure);
    let failure = failures.min_by_key(|failure| failure.letter != Some(Letter::Within));
    let bound = verdicts.clone().find_map(|verdict| match verdict {
        Verdict::Bounded { limit, .. } => Some(limit.clone()),
        _ => None,
    });
    let verdict = match (failure, bound) {
        (Some(failure), _) => Verdict::Refuted { executions, failure: Box::new(failure.clone()) },
        (None, Some(limit)) => Verdict::Bounded { executions, limit },
        (None, None) => Verdict::Proved { executions },
    };
    let mut outcomes = BTreeMap::<String, Seen>::new();
    for (outcome, seen) in reports.clone().flat_map(|report| &report.outcomes) {
        let within = |seen: &Seen| seen.letter == Some(Letter::Within);
        match outcomes.get_mut(outcome) {
            None => _ = outcomes.insert(outcome.clone(), seen.clone()),
            Some(sum) => {
                let count = sum.count + seen.count;
                if within(seen) && !within(sum) {
                    *sum = seen.clone();
                }
                sum.count = count;
            }
        }
    }
    let proved = matches!(verdict, Verdict::Proved { .. });
    for seen in outcomes.values_mut().filter(|seen| !proved && seen.letter == Some(Letter::Beyond))
    {
        // Another execution with the outcome may be to come.
        seen.letter = Some(Letter::Undecided);
    }
    Report {
        model: reports.clone().find_map(|report| report.model),
        load_buffering: reports
            .clone()
            .map(|report| report.load_buffering.clone())
            .reduce(both)
            .flatten(),
        blocked: reports.map(|report| report.blocked).sum(),
        outcomes,
        ..verdict.into()
    }
}

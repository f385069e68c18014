//! `casebook prove ID`: a search to its end, in one process or in parts that any scheduler runs.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use crate::parts::{self, Found, Unit};
use crate::report;
use crate::run::{self, Checked};
use casebook_core::case::{self, Entry};
use casebook_core::verdict::{CheckError, EngineId, Model, Report};
use casebook_engine::search::{Part, Progress, Search, Searched, progress};
use clap::Args;

use super::{End, Refusal};

#[derive(Args)]
pub struct Prove {
    /// The case: `file/name`
    id: String,
    /// Write the search as up to N units, text files that `--unit` takes, and search none
    #[arg(long, value_name = "N", group = "part", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    split: Option<u32>,
    /// The folder for the units; after the case, or after the unit that is split, if not given
    #[arg(long, value_name = "DIR", requires = "split")]
    into: Option<PathBuf>,
    /// Split this unit once more, and not the whole
    #[arg(long, value_name = "FILE", requires = "split", conflicts_with = "model")]
    of: Option<PathBuf>,
    /// Search one unit, and write what is found beside it
    #[arg(long, value_name = "FILE", group = "part", conflicts_with = "model")]
    unit: Option<PathBuf>,
    /// Put together what was found in the units of a folder: one verdict, or what is missing for it
    #[arg(long, value_name = "DIR", group = "part", conflicts_with = "model")]
    merge: Option<PathBuf>,
    /// Which executions are searched: those of rc11, or of c20, the letter of C++20
    #[arg(long, default_value = "rc11", value_parser = super::model)]
    model: Model,
    /// Stop after so many seconds
    #[arg(long, value_name = "SECONDS")]
    time_limit: Option<u64>,
    /// Threads to search on; all cores, or one for a unit, if not given
    #[arg(long, value_name = "N")]
    workers: Option<usize>,
    /// Explore also what makes no difference: rounds of waiting loops, tries that fail and are repeated, orders of threads that are alike, who leaves last
    #[arg(long)]
    unreduced: bool,
}

impl Prove {
    pub fn run(self) -> Result<End, Refusal> {
        let corpus = case::corpus();
        let entry = super::find(&corpus, &self.id)?;
        match (self.split, &self.unit, &self.merge) {
            (Some(n), ..) => self.split(entry, n as usize),
            (_, Some(file), _) => self.unit(entry, file),
            (.., Some(folder)) => merge(entry, folder),
            _ => self.whole(entry),
        }
    }

    /// Searches, tells how far that is, and can be interrupted: then nothing is found.
    fn search(
        &self,
        entry: &Entry,
        model: Model,
        part: Part,
    ) -> Result<Option<Searched>, CheckError> {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let many = matches!(part, Part::Whole);
        let search = Search {
            part,
            unreduced: self.unreduced,
            workers: self.workers.unwrap_or(if many { cores } else { 1 }),
            time_limit: self.time_limit.map(Duration::from_secs),
        };
        let interrupted = super::interruption().map_err(CheckError::new)?;
        let (done, found) = mpsc::channel();
        let case = case::find(EngineId::EXACT, &entry.id);
        let case = case.ok_or_else(|| CheckError::new(format!("there is no {}", entry.id)))?;
        thread::spawn(move || {
            // Nobody waits for it once it is interrupted.
            let _ = done.send(casebook_engine::search(EngineId::EXACT, case, model, &search));
        });
        let bar = super::progress(1_000).bar;
        let mut told = Instant::now();
        let result = loop {
            match found.recv_timeout(Duration::from_millis(200)) {
                Ok(result) => break result.map(Some),
                Err(RecvTimeoutError::Disconnected) => {
                    break Err(CheckError::new("the engine stopped without an answer"));
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
            // SeqCst: rare, and the plainest thing to read.
            if interrupted.load(Ordering::SeqCst) {
                break Ok(None);
            }
            let Some(progress) = progress() else { continue };
            bar.set_position((progress.share * 1_000.0) as u64);
            bar.set_message(so_far(&progress));
            if bar.is_hidden() && told.elapsed() >= super::TOLD_EVERY {
                told = Instant::now();
                eprintln!("casebook: {}: {}", entry.id, so_far(&progress));
            }
        };
        bar.finish_and_clear();
        if let Ok(None) = result {
            let visited = progress().map_or(0, |progress| progress.executions);
            eprintln!("casebook: interrupted after {visited} executions; nothing is written");
        }
        result
    }

    fn whole(&self, entry: &Entry) -> Result<End, Refusal> {
        let start = Instant::now();
        let found = match self.search(entry, self.model, Part::Whole) {
            Ok(None) => return Ok(End::Interrupted),
            found => found.map(|found| found.expect("it is not interrupted").report),
        };
        let limited = found.as_ref().is_ok_and(|report| report.verdict.word() == "bounded");
        let checked =
            run::judged(EngineId::EXACT, entry, found, start.elapsed().as_millis() as u64);
        let mut text = verdict(&checked, "");
        if let Some(progress) = progress().filter(|_| limited) {
            text += &format!("  {}\n", so_far(&progress));
        }
        super::print(&text)?;
        Ok(end(&checked))
    }

    fn split(&self, entry: &Entry, n: usize) -> Result<End, Refusal> {
        let start = Instant::now();
        let of = self.of.as_deref().map(|file| unit_of(entry, file)).transpose()?;
        let folder = match (&self.into, &self.of) {
            (Some(folder), _) => folder.clone(),
            (None, Some(unit)) => parts::folder_of(unit),
            (None, None) => PathBuf::from(entry.id.replace('/', "-")),
        };
        if parts::split_file(&folder).exists() {
            return Err(format!("{} holds a split already", folder.display()));
        }
        let model = of.as_ref().map_or(self.model, |unit| unit.origin.model);
        let part = Part::Split(of.as_ref().map(|unit| unit.text.clone()), n);
        let Some(found) = self.search(entry, model, part).map_err(|e| e.to_string())? else {
            return Ok(End::Interrupted);
        };
        let (units, unreduced) = (found.units.len(), found.unreduced && !self.unreduced);
        let (executions, failure) =
            (found.report.verdict.executions(), found.report.verdict.failure().cloned());
        let millis = start.elapsed().as_millis() as u64;
        parts::write_split(&folder, entry, model, of.as_ref(), found, millis)
            .map_err(|e| format!("{} cannot be written: {e}", folder.display()))?;
        let mut text = format!(
            "{}: {units} units in {}, and {executions} executions on the way\n",
            entry.id,
            folder.display()
        );
        if unreduced {
            text += "  a loop comes round, threads are not alike, or it matters who leaves last: nothing is left out, as by `--unreduced`\n";
        }
        text += &failure.map_or(String::new(), |failure| report::failure(&failure));
        super::print(&text)?;
        Ok(End::Done)
    }

    fn unit(&self, entry: &Entry, file: &Path) -> Result<End, Refusal> {
        let start = Instant::now();
        let Unit { origin, number, text } = unit_of(entry, file)?;
        let result = parts::result_file(file);
        let Some(found) =
            self.search(entry, origin.model, Part::Unit(text)).map_err(|e| e.to_string())?
        else {
            return Ok(End::Interrupted);
        };
        let Searched { report, cut_off, .. } = found;
        let millis = start.elapsed().as_millis() as u64;
        let found = Found { origin, number: Some(number), of: None, report, cut_off, millis };
        let mut text = format!("{}: {}", file.display(), counts(&found.report));
        text += &format!(" in {}\n", report::time(millis));
        let earlier = result.exists().then(|| parts::read_found(&result)).transpose()?;
        let place = match earlier {
            Some(earlier) if parts::merge::alike(&earlier, &found) => {
                text += "  as it was found before\n";
                result
            }
            // For the merge to see.
            Some(earlier) if !earlier.cut_off => {
                text += "  another result is there already, and differs\n";
                result.with_extension("again.json")
            }
            _ => result,
        };
        parts::write_found(&place, &found)
            .map_err(|e| format!("{} cannot be written: {e}", place.display()))?;
        if let Some(failure) = found.report.verdict.failure() {
            let (id, engine) = (&entry.id, EngineId::EXACT);
            text += &report::failure(failure);
            text += &format!("  again: casebook replay {id} {engine} {}\n", failure.replay);
        }
        super::print(&text)?;
        Ok(if cut_off { End::NotAsDeclared } else { End::Done })
    }
}

/// The unit in a file, which must be one of this case and this build.
fn unit_of(entry: &Entry, file: &Path) -> Result<Unit, Refusal> {
    let unit = parts::read_unit(file)?;
    if unit.origin.case != entry.id {
        let (file, case) = (file.display(), &unit.origin.case);
        return Err(format!("{file} is a unit of {case}, not of {}", entry.id));
    }
    if unit.origin.build != parts::build(entry) {
        let file = file.display();
        return Err(format!("{file} was written by another build of casebook, or of the case"));
    }
    Ok(unit)
}

fn merge(entry: &Entry, folder: &Path) -> Result<End, Refusal> {
    let merged = match parts::merge::merge(folder, entry) {
        Ok(merged) => merged,
        Err(complaints) => {
            complaints.iter().for_each(|why| eprintln!("✗ {why}"));
            return Ok(End::NotAsDeclared);
        }
    };
    merged.notes.iter().for_each(|note| eprintln!("casebook: {note}"));
    let (sizes, largest) = (&merged.sizes, merged.sizes.iter().max().copied().unwrap_or(0));
    let mean = sizes.iter().sum::<u64>() / (sizes.len() as u64).max(1);
    let what = format!(", in {} units, the largest of {largest}, {mean} in the mean", sizes.len());
    let checked = run::judged(EngineId::EXACT, entry, Ok(merged.report), merged.millis);
    super::print(&verdict(&checked, &what))?;
    Ok(end(&checked))
}

fn end(checked: &Checked) -> End {
    if checked.as_declared() { End::Done } else { End::NotAsDeclared }
}

/// The verdict in a line, and what is not as declared.
fn verdict(checked: &Checked, what: &str) -> String {
    let time = report::time(checked.millis);
    let found = checked.result.as_ref().map_or("no verdict".into(), counts);
    let declared = if checked.as_declared() { "as declared" } else { "not as declared" };
    let mut text =
        format!("{}: {found}{what}, in {time}: {declared}, {}\n", checked.id, checked.expected);
    if let Some(found) = checked.load_buffering() {
        text += &format!("  {found}\n");
    }
    if !checked.as_declared() {
        text += &super::check::complaint(checked);
    }
    text
}

/// `proved, 120 executions and 3 blocked`
fn counts(report: &Report) -> String {
    let executions = report::many(report.verdict.executions() as usize, "execution");
    let word = report.verdict.word();
    match report.blocked {
        0 => format!("{word}, {executions}"),
        blocked => format!("{word}, {executions} and {blocked} blocked"),
    }
}

/// `12.3 % done, 41.2k executions a second, about 1.2e7 in all`
fn so_far(progress: &Progress) -> String {
    let Progress { executions, share, elapsed } = *progress;
    let rate = report::count((executions as f64 / elapsed.as_secs_f64().max(0.001)) as u64);
    let all = executions as f64 / share.max(f64::MIN_POSITIVE);
    format!("{:.1} % done, {rate} executions a second, about {all:.1e} in all", 100.0 * share)
}

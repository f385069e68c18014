//! A run: many checks on all cores, each result told as it comes.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use serde::Serialize;

use crate::cache::Cache;
use crate::pool::Pool;
use casebook_core::case::{self, Entry};
use casebook_core::verdict::{CheckError, EngineId, Letter, LoadBuffering, Model, Report};
use casebook_engine::Request;

/// A check and what came of it.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The case.
    pub id: String,
    /// The engine.
    pub engine: EngineId,
    /// What the case declares for this engine.
    pub expected: String,
    /// The verdict, or what kept the check from giving one.
    pub result: Result<Report, CheckError>,
    /// What differs from the declaration.
    pub complaints: Vec<String>,
    /// How long it took, in milliseconds.
    pub millis: u64,
}

impl Checked {
    /// Whether the verdict is as declared.
    pub fn as_declared(&self) -> bool {
        self.complaints.is_empty()
    }

    /// The kind of verdict as readers know it; `error` where there is none.
    pub fn word(&self) -> &'static str {
        self.result.as_ref().map_or("error", |report| report.verdict.word())
    }

    /// What of it the letter of C++20 forbids, in a few words; none where it forbids nothing.
    pub fn beyond_letter(&self) -> Option<String> {
        self.result.as_ref().ok().and_then(Report::beyond_letter)
    }

    /// What is known of load buffering.
    pub fn load_buffering(&self) -> Option<&LoadBuffering> {
        self.result.as_ref().ok().and_then(|report| report.load_buffering.as_ref())
    }

    /// Whether load buffering could arise.
    pub fn is_exposed(&self) -> bool {
        matches!(self.load_buffering(), Some(LoadBuffering::CouldArise { .. }))
    }

    /// How many executions were visited.
    pub fn executions(&self) -> u64 {
        self.result.as_ref().map_or(0, |report| report.verdict.executions())
    }

    /// The result as one JSON object.
    pub fn json(&self) -> impl Serialize {
        #[derive(Serialize)]
        struct Line {
            id: String,
            engine: EngineId,
            expected: String,
            as_declared: bool,
            executions: u64,
            millis: u64,
            verdict: &'static str,
            complaints: Vec<String>,
            /// Of the failure.
            #[serde(skip_serializing_if = "Option::is_none")]
            letter: Option<Letter>,
            #[serde(skip_serializing_if = "Option::is_none")]
            report: Option<Report>,
            #[serde(skip_serializing_if = "Option::is_none")]
            error: Option<String>,
        }
        Line {
            id: self.id.clone(),
            engine: self.engine,
            expected: self.expected.clone(),
            as_declared: self.as_declared(),
            executions: self.executions(),
            millis: self.millis,
            verdict: self.word(),
            complaints: self.complaints.clone(),
            letter: self.result.as_ref().ok().and_then(|report| report.verdict.letter()),
            report: self.result.clone().ok(),
            error: self.result.as_ref().err().map(CheckError::to_string),
        }
    }
}

/// Checks `entry` by `engine` and judges the result.
pub fn check(pool: &Pool, engine: EngineId, entry: &Entry, request: &Request) -> Checked {
    let start = Instant::now();
    let result = pool.check(engine, &entry.id, request);
    judged(engine, entry, result, start.elapsed().as_millis() as u64)
}

/// What is kept about `entry`, `engine` and `model`, or else found now and kept, unless it is no
/// verdict.
pub fn kept(cache: &Cache, pool: &Pool, engine: EngineId, model: Model, entry: &Entry) -> Checked {
    let (stem, case) = (entry.shape.stem(), entry.case.name);
    let name = format!("{stem}.{case}.{}.verdict", model.of(engine));
    if let Some((report, millis)) = cache.get(&name, entry.shape) {
        return judged(engine, entry, Ok(report), millis);
    }
    let checked = check(pool, engine, entry, &Request::under(model));
    if let Ok(report) = &checked.result {
        // What cannot be kept is found anew the next time.
        let _ = cache.put(&name, entry.shape, &(report, checked.millis));
    }
    checked
}

/// What came of a check, beside what the case declares.
pub fn judged(
    engine: EngineId,
    entry: &Entry,
    result: Result<Report, CheckError>,
    millis: u64,
) -> Checked {
    let expectation = (entry.case.expect)();
    let (expected, complaints) = match &result {
        Ok(report) => {
            let judgement = expectation.judge(engine, report);
            (judgement.expected, judgement.complaints)
        }
        Err(error) => (expectation.summary(), vec![format!("{engine}: {error}")]),
    };
    Checked { id: entry.id.clone(), engine, expected, result, complaints, millis }
}

/// Runs every `(engine, case)` of `jobs` on all cores, as `request` asks; `told` is called with each
/// result as it comes, one at a time, and says whether to go on.
pub fn run(
    pool: &Pool,
    jobs: &[(EngineId, &Entry)],
    request: &Request,
    told: impl FnMut(Checked) -> bool + Send,
) {
    let work = |(engine, entry): &(EngineId, &Entry)| check(pool, *engine, entry, request);
    on_all_cores(jobs, work, told);
}

/// Does `work` for every job on all cores; `told` is called with each result as it comes, one at a
/// time, and says whether to go on.
pub fn on_all_cores<'j, J: Sync, R>(
    jobs: &'j [J],
    work: impl Fn(&'j J) -> R + Sync,
    told: impl FnMut(R) -> bool + Send,
) {
    let next = AtomicUsize::new(0);
    let told = Mutex::new(told);
    let cores = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|s| {
        for _ in 0..cores.min(jobs.len()) {
            s.spawn(|| {
                // Relaxed: the counter hands out indices and orders nothing else.
                while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let result = work(job);
                    let go_on = told.lock().unwrap_or_else(PoisonError::into_inner)(result);
                    if !go_on {
                        next.store(jobs.len(), Ordering::Relaxed); // as above
                    }
                }
            });
        }
    });
}

/// The jobs for the cases whose id, file or family contains `filter`, engine by engine.
pub fn jobs<'a>(
    corpus: &'a [Entry],
    filter: &str,
    only: Option<EngineId>,
) -> Vec<(EngineId, &'a Entry)> {
    let engines = EngineId::ALL.into_iter().filter(|engine| only.is_none_or(|o| o == *engine));
    engines
        .flat_map(|engine| corpus.iter().map(move |entry| (engine, entry)))
        .filter(|(engine, entry)| entry.engines.contains(engine) && matches(entry, filter))
        .collect()
}

/// Whether a filter selects a case.
pub fn matches(entry: &Entry, filter: &str) -> bool {
    entry.id.contains(filter) || format!("{}/{}", entry.shape.family(), entry.id).contains(filter)
}

/// The ids nearest to one that does not exist, best first.
pub fn nearest(id: &str) -> Vec<String> {
    let near = |known: &str| {
        let (stem, name) = known.split_once('/').unwrap_or((known, ""));
        let whole = strsim::jaro_winkler(id, known);
        let part = strsim::jaro_winkler(id, name).max(strsim::jaro_winkler(id, stem));
        whole.max(0.9 * part)
    };
    let mut ids: Vec<(f64, String)> =
        case::corpus().into_iter().map(|entry| (near(&entry.id), entry.id)).collect();
    ids.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    ids.into_iter().take(3).filter(|(score, _)| *score > 0.7).map(|(_, id)| id).collect()
}

//! rc11's searches to the end, in one or in parts, as the command line asks for them.

use casebook_core::verdict::{CheckError, Letter, Report, Verdict};
use casebook_engine::probe;
use casebook_engine::search::{self, Part, Progress, Search, Searched};
use rc11::{BadUnit, Checker, Limit, Unit};

use crate::check::{Outcomes, add, quiet, reported, searched, with_trace};

pub fn search(
    checker: Checker,
    body: &(impl Fn() -> String + Sync),
    search: &Search,
) -> Result<Searched, CheckError> {
    let checker = checker.workers(search.workers).on_progress(tell);
    let checker = checker.unreduced(search.unreduced);
    let checker = match search.time_limit {
        Some(limit) => checker.time_limit(limit),
        None => checker,
    };
    let bad = |bad: BadUnit| CheckError::new(bad.to_string());
    let read = |unit: &String| unit.parse::<Unit>().map_err(bad);
    match &search.part {
        Part::Whole => {
            let report = searched(&checker, body, search.time_limit)?;
            let cut_off = matches!(report.verdict, Verdict::Bounded { .. });
            let unreduced = search.unreduced;
            Ok(Searched { report, units: Vec::new(), unreduced, cut_off })
        }
        Part::Split(unit, n) => {
            let unit = unit.as_ref().map_or(Ok(Unit::whole()), read)?;
            let (outcomes, split) = checker.split(&unit, *n, quiet(body), add).map_err(bad)?;
            let report = part(&checker, body, outcomes, split.report)?;
            let units = split.units.iter().map(Unit::to_string).collect();
            Ok(Searched { report, units, unreduced: split.unreduced, cut_off: false })
        }
        Part::Unit(unit) => {
            let unit = read(unit)?;
            let found = checker.collect_unit(&unit, quiet(body), add);
            let (outcomes, found) = found.map_err(bad)?;
            let cut_off = matches!(found.verdict, rc11::Verdict::Bounded(Limit::Time(_)));
            let report = part(&checker, body, outcomes, found)?;
            let unreduced = unit.is_unreduced();
            Ok(Searched { report, units: Vec::new(), unreduced, cut_off })
        }
    }
}

fn tell(progress: &rc11::Progress) {
    let &rc11::Progress { complete, blocked, elapsed, share, .. } = progress;
    search::tell(Progress { executions: complete + blocked, share, elapsed });
}

/// The report of a part. That an outcome is beyond the letter there is to be put together with other parts; whether every failure is, is not known.
fn part(
    checker: &Checker,
    body: &(impl Fn() -> String + Sync),
    outcomes: Outcomes,
    found: rc11::Report,
) -> Result<Report, CheckError> {
    probe::set_tracing(true);
    let mut report = reported(found)?;
    report.outcomes = outcomes;
    if let Verdict::Refuted { failure, .. } = &mut report.verdict
        && failure.letter == Some(Letter::Beyond)
    {
        failure.letter = Some(Letter::Undecided);
    }
    with_trace(checker, body, &mut report)?;
    Ok(report)
}

//! Explores every execution of a closure.

use std::convert::Infallible;
use std::path::PathBuf;
use std::sync::PoisonError;
use std::time::Duration;

use rc11::{Checker, FailureKind, Limit, Report, Verdict};

use crate::replay::{self, Replay};
use crate::world::{self, Known, Learnt};
use crate::{orderings, places, told};

/// How to explore, with loom's fields. Those that bound a search bound this one, and it says so.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Builder {
    /// Not looked at: there may be any number.
    pub max_threads: usize,
    /// Not looked at: an execution may have 10,000 operations in a thread.
    pub max_branches: usize,
    /// Executions after which the search is cut off.
    pub max_permutations: Option<usize>,
    /// Time after which the search is cut off. Where it is too large for an eighth of that, random walks say how large it is: if it cannot end in the time, all
    /// that is left is for executions with few preemptions; else the last eighth is, or the second half if a bound on these is asked for. The executions in
    /// which no wait times out come first.
    pub max_duration: Option<Duration>,
    /// How many preemptions an execution may have at most ([`Checker::preemptions`]), where all of them are too many: the first 200,000, or what there is time
    /// for. Then no wait times out, as in loom. Not looked at where executions are bounded.
    pub preemption_bound: Option<usize>,
    /// Not looked at: a token replays an execution.
    pub checkpoint_file: Option<PathBuf>,
    /// Not looked at.
    pub checkpoint_interval: usize,
    /// Not looked at: everything is explored.
    pub expect_explicit_explore: bool,
    /// Not looked at: places are always known.
    pub location: bool,
    /// Not looked at: a failure is told with its steps.
    pub log: bool,
}

impl Default for Builder {
    fn default() -> Self {
        Builder::new()
    }
}

impl Builder {
    /// As loom's environment variables say.
    pub fn new() -> Builder {
        let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
        Builder {
            max_threads: crate::MAX_THREADS,
            max_branches: 1_000,
            max_permutations: number("LOOM_MAX_PERMUTATIONS").map(|n: u64| n as usize),
            max_duration: number("LOOM_MAX_DURATION").map(Duration::from_secs),
            preemption_bound: number("LOOM_MAX_PREEMPTIONS").map(|n: u64| n as usize),
            checkpoint_file: None,
            checkpoint_interval: 20_000,
            expect_explicit_explore: false,
            location: false,
            log: false,
        }
    }

    /// Sets the file for checkpoints, which is not looked at.
    pub fn checkpoint_file(&mut self, file: &str) -> &mut Self {
        self.checkpoint_file = Some(file.into());
        self
    }

    /// Explores every execution of `f`.
    ///
    /// # Panics
    /// If one fails, with the failure's own message first; if the engine cannot explore it.
    #[track_caller]
    pub fn check<F>(&self, f: F)
    where
        F: Fn() + Sync + Send + 'static,
    {
        let checker = orderings::ask(Checker::new().spurious(0));
        let report = match Replay::asked() {
            Some(replay) => match explored(f, |known, body| replay.run(&checker, known, body)) {
                Ok(report) => report,
                Err(why) => return Replay::leave_out(why),
            },
            None => self.search(&checker, &f),
        };
        world::forget();
        told::tell(&report);
        match &report.verdict {
            Verdict::Proved => {}
            Verdict::Bounded(limit) => {
                if let Some(untimed) = told::untimed(&report) {
                    eprintln!("without a time-out: {untimed}");
                }
                eprintln!("bounded, and no proof: {limit}\n{report}");
            }
            Verdict::Failed(failure) => {
                let report = places::text(&report);
                panic!("{}{}\n\n{report}", prefix(failure.kind), failure.message)
            }
            Verdict::Error(error) => panic!("the engine cannot explore this: {error}"),
        }
    }

    /// Searches within the bounds.
    fn search(&self, checker: &Checker, f: &(impl Fn() + Send + Sync)) -> Report {
        let check = |checker: &Checker| {
            explored(f, |_, body| Ok::<_, Infallible>(checker.check(body)))
                .unwrap_or_else(|never| match never {})
        };
        let all = match self.max_permutations {
            Some(executions) => checker.clone().max_executions(executions as u64),
            None => checker.clone(),
        };
        match (self.max_duration, self.max_permutations, self.preemption_bound) {
            (None, None, Some(most)) => {
                let first = check(&all.clone().max_executions(UNBOUNDED));
                match first.verdict {
                    Verdict::Bounded(Limit::Executions(_)) => {
                        with_untimed(first, check(&within(&all, most)))
                    }
                    _ => first,
                }
            }
            (None, ..) => check(&all),
            (Some(time), Some(_), _) => check(&all.time_limit(time)),
            (Some(time), None, _) => self.search_for(time, &all, check),
        }
    }

    /// Searches for so long. The executions in which no wait times out are searched first, as there may be many times fewer of them. Where an eighth of the
    /// time is not enough for these, random walks say how many there are. If they cannot end in time, the rest of it is for those of them with few
    /// preemptions, and else the last eighth, if they have not ended. It is the second half if a bound on preemptions is asked for: walks may
    /// take a search for far smaller than it is, and that bound is the answer that is wanted.
    fn search_for(
        &self,
        time: Duration,
        all: &Checker,
        check: impl Fn(&Checker) -> Report,
    ) -> Report {
        let (part, walk) = (time / 8, time / 32);
        let last = if self.preemption_bound.is_some() { time / 2 } else { part };
        let limited = |time: Duration| all.clone().time_limit(time);
        let mut report =
            check(&limited(time - last).time_outs_last().look_ahead(part, walk).walk(walk));
        if matches!(report.verdict, Verdict::Bounded(Limit::Time(_))) && report.untimed.is_none() {
            let most = self.preemption_bound.unwrap_or(MOST);
            let few = check(&within(&limited(time.saturating_sub(report.elapsed)), most));
            report.elapsed += few.elapsed;
            report.within = few.within;
            if !matches!(few.verdict, Verdict::Bounded(_)) {
                return with_untimed(report, few);
            }
        }
        report
    }
}

/// The executions with so many preemptions at most, in which no wait times out, as in loom.
fn within(all: &Checker, preemptions: usize) -> Checker {
    all.clone().time_outs(0).preemptions(preemptions.try_into().unwrap_or(u32::MAX - 1))
}

/// How many executions are explored without a bound on preemptions where there is one.
const UNBOUNDED: u64 = 200_000;

/// How many preemptions are asked for where nobody says: as many as there is time for.
const MOST: usize = 1_000;

/// What a search without time-outs has found, and one with them that was cut off before.
fn with_untimed(report: Report, untimed: Report) -> Report {
    match untimed.is_proved() && untimed.out_of_time_outs {
        true => Report { untimed: Some(Box::new(untimed)), ..report },
        false => untimed,
    }
}

/// What `explore` finds of `f`, as often as something is learnt in it that has to be known from the beginning.
fn explored<E>(
    f: impl Fn() + Send + Sync,
    explore: impl Fn(&Known, &(dyn Fn() + Send + Sync)) -> Result<Report, E>,
) -> Result<Report, E> {
    let learnt = Learnt::default();
    loop {
        let known = learnt.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let body = || {
            world::begin(&known, &learnt);
            f();
            world::drop_locals();
            world::end();
        };
        let mut found = explore(&known, &body);
        // What was met too late is known now, and was a failure of no program, nor of a token.
        if *learnt.lock().unwrap_or_else(PoisonError::into_inner) != known {
            continue;
        }
        if let Ok(Report { verdict: Verdict::Failed(failure), .. }) = &mut found {
            failure.replay = replay::token(&failure.replay, &known);
            places::leave_out(failure);
        }
        return found;
    }
}

/// What loom begins its message with, for tests that expect it.
fn prefix(kind: FailureKind) -> &'static str {
    match kind {
        FailureKind::DataRace => "Causality violation: Concurrent accesses: ",
        FailureKind::Deadlock => "deadlock; ",
        _ => "",
    }
}

/// Explores every execution of `f`, as loom's environment variables say.
///
/// # Panics
/// As [`Builder::check`].
#[track_caller]
pub fn model<F>(f: F)
where
    F: Fn() + Sync + Send + 'static,
{
    Builder::new().check(f);
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    /// What comes of searches with these answers, the first one's first, and how many of them there are.
    fn search(answers: Vec<Report>) -> (Report, usize) {
        let (all, answers) = (answers.len(), RefCell::new(answers.into_iter()));
        let check = |_: &Checker| answers.borrow_mut().next().expect("no more searches than that");
        let report = Builder::new().search_for(Duration::from_secs(64), &Checker::new(), check);
        (report, all - answers.into_inner().len())
    }

    #[test]
    fn what_has_not_ended_is_searched_for_few_preemptions() {
        let proved = || Checker::new().check(|| ());
        let cut_off = || {
            let verdict = Verdict::Bounded(Limit::Time(Duration::from_secs(8)));
            Report { verdict, complete: 700, ..proved() }
        };
        let (report, searches) = search(vec![proved(), cut_off()]);
        assert!(report.is_proved() && searches == 1);

        // All executions without a time-out are known: the rest was for the others.
        let untimed = Report { untimed: Some(Box::new(proved())), ..cut_off() };
        let (report, searches) = search(vec![untimed, proved()]);
        assert!(told::untimed(&report).is_some() && searches == 1);

        let few = || Report { within: Some(2), ..cut_off() };
        let (report, searches) = search(vec![cut_off(), few()]);
        assert_eq!((report.within, report.complete, searches), (Some(2), 700, 2));

        // With few preemptions it was all there is: of the whole, or but for time-outs.
        let (report, _) = search(vec![cut_off(), proved()]);
        assert!(report.is_proved());
        let (report, _) = search(vec![cut_off(), Report { out_of_time_outs: true, ..proved() }]);
        assert!(!report.is_proved() && told::untimed(&report).is_some());
    }

    /// How long the first of the searches may take, as it says itself.
    fn first_limit(bound: Option<usize>) -> String {
        let first = RefCell::new(None);
        let check = |checker: &Checker| {
            first.borrow_mut().get_or_insert(format!("{checker:?}"));
            Checker::new().check(|| ())
        };
        let builder = Builder { preemption_bound: bound, ..Builder::new() };
        builder.search_for(Duration::from_secs(64), &Checker::new(), check);
        let said = first.into_inner().expect("it searches");
        let (_, limit) = said.split_once("time_limit: Some(").expect("it has a limit");
        limit.split(')').next().unwrap_or_default().to_string()
    }

    #[test]
    fn a_bound_that_is_asked_for_has_half_of_the_time() {
        assert_eq!([first_limit(None), first_limit(Some(2))], ["56s", "32s"]);
    }
}

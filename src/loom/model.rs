//! Explores every execution of a closure.

use std::convert::Infallible;
use std::path::PathBuf;
use std::sync::PoisonError;
use std::time::Duration;

use rc11::{Checker, FailureKind, Limit, Report, Verdict, Walked};

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
    /// Time after which the search is cut off. Where it is too large for an eighth of that, random walks say how large it is. An eighth is for executions
    /// with few preemptions then; or all that is left, if the search cannot end in the time. The executions in which no wait times out come first.
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
        let found = match Replay::asked() {
            Some(replay) => match explored(f, |known, body| replay.run(&checker, known, body)) {
                Ok(report) => Found::of(report),
                Err(why) => return Replay::leave_out(why),
            },
            None => self.search(&checker, &f),
        };
        world::forget();
        told::tell(&found);
        let Found { report, untimed } = found;
        match &report.verdict {
            Verdict::Proved => {}
            Verdict::Bounded(limit) => {
                if let Some(untimed) = untimed {
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
    fn search(&self, checker: &Checker, f: &(impl Fn() + Send + Sync)) -> Found {
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
                        Found::untimed(first, check(&within(&all, most)))
                    }
                    _ => Found::of(first),
                }
            }
            (None, ..) => Found::of(check(&all)),
            (Some(time), Some(_), _) => Found::of(check(&all.time_limit(time))),
            (Some(time), None, _) => self.search_for(time, &all, check),
        }
    }

    /// Searches for so long. The executions in which no wait times out are searched first, as there may be many times fewer of them. Where an eighth of the
    /// time is not enough for these, random walks say how many there are. If they may end in time, they are searched again; what is left is for those of
    /// them with few preemptions.
    fn search_for(
        &self,
        time: Duration,
        all: &Checker,
        check: impl Fn(&Checker) -> Report,
    ) -> Found {
        let (first, walk, last) = (time / 8, time / 16, time / 8);
        let again = time - first - walk - last;
        let limited = |time: Duration| all.clone().time_limit(time);
        let mut untimed = check(&limited(first).walk(walk).time_outs(0));
        if may_end_in(&untimed, again) {
            let Report { walked, elapsed, .. } = untimed;
            untimed = check(&limited(again).time_outs(0));
            untimed.elapsed += elapsed;
            if matches!(untimed.verdict, Verdict::Bounded(_)) {
                untimed.walked = walked;
            }
        }
        let goes_on = match untimed.verdict {
            Verdict::Bounded(Limit::Time(_)) => {
                let most = self.preemption_bound.unwrap_or(MOST);
                let few = check(&within(&limited(time.saturating_sub(untimed.elapsed)), most));
                untimed.elapsed += few.elapsed;
                untimed.within = few.within;
                return match few.verdict {
                    Verdict::Bounded(_) => Found::of(untimed),
                    _ => Found::untimed(untimed, few),
                };
            }
            Verdict::Proved => untimed.out_of_time_outs,
            Verdict::Bounded(Limit::TimeOut(_)) => true,
            _ => false,
        };
        if !goes_on {
            return Found::of(untimed);
        }
        let rest = (time - walk).saturating_sub(untimed.elapsed);
        let mut report = check(&limited(rest).walk(walk));
        report.elapsed += untimed.elapsed;
        Found { report, untimed: Some(untimed).filter(Report::is_proved) }
    }
}

/// Whether a search that was cut off may end in this time, if it is as fast again. Its size is estimated with an error that is a factor rather than a
/// difference, as few walks come where most of a search is: if twice the error is as much as the estimate, it may be half as large.
fn may_end_in(cut_off: &Report, time: Duration) -> bool {
    let Verdict::Bounded(Limit::Time(after)) = cut_off.verdict else { return false };
    let rate = (cut_off.complete + cut_off.blocked) as f64 / after.as_secs_f64();
    let Some(Walked { executions, error, .. }) = cut_off.walked else { return true };
    let least = executions / (1.0 + 2.0 * error / executions);
    least <= rate * time.as_secs_f64()
}

/// The executions with so many preemptions at most, in which no wait times out, as in loom.
fn within(all: &Checker, preemptions: usize) -> Checker {
    all.clone().time_outs(0).preemptions(preemptions.try_into().unwrap_or(u32::MAX - 1))
}

/// How many executions are explored without a bound on preemptions where there is one.
const UNBOUNDED: u64 = 200_000;

/// How many preemptions are asked for where nobody says: as many as there is time for.
const MOST: usize = 1_000;

/// What was found of a model.
pub(crate) struct Found {
    pub report: Report,
    /// The search of the executions in which no wait times out, if it was one of its own and none of them fails.
    pub untimed: Option<Report>,
}

impl Found {
    fn of(report: Report) -> Found {
        Found { report, untimed: None }
    }

    /// What a search without time-outs has found, and one with them that was cut off before.
    fn untimed(report: Report, untimed: Report) -> Found {
        match untimed.is_proved() && untimed.out_of_time_outs {
            true => Found { report, untimed: Some(untimed) },
            false => Found::of(untimed),
        }
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
    use std::cell::Cell;

    use super::*;

    /// How many searches there are in 64 s, each cut off, the first one after 8 s with 800 executions, of so many by estimate.
    fn searches(walked: Option<(f64, f64)>) -> u32 {
        let walked = walked.map(|(executions, error)| Walked { walks: 100, executions, error });
        let count = Cell::new(0);
        let check = |_: &Checker| {
            count.set(count.get() + 1);
            let verdict = Verdict::Bounded(Limit::Time(Duration::from_secs(8)));
            Report { verdict, walked, complete: 700, blocked: 100, ..Checker::new().check(|| ()) }
        };
        Builder::new().search_for(Duration::from_secs(64), &Checker::new(), check);
        count.get()
    }

    /// In the 44 s that there are for it, 4,400 executions would be visited. The last search is for few preemptions.
    #[test]
    fn what_may_end_in_the_time_is_searched_again() {
        assert_eq!(searches(Some((4_400.0, 0.0))), 3);
        assert_eq!(searches(Some((4_401.0, 0.0))), 2);
        // It may be a third.
        assert_eq!(searches(Some((13_200.0, 13_200.0))), 3);
        assert_eq!(searches(Some((13_203.0, 13_203.0))), 2);
        // Nothing is known.
        assert_eq!(searches(None), 3);
    }
}

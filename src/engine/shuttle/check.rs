//! shuttle: every sequentially consistent schedule where there are few, else a seeded sample.
//!
//! Depth-first search first; if it ends within its bound the verdict is `Proved`, under sequential
//! consistency. Else random and PCT schedules from recorded seeds: `Sampled`. Weak *outcomes* stay
//! invisible; weak *races* do not, by the clocks of `rt::shuttle::hb`. A case that leaves an input open
//! is sampled, each input in turn. A replay token is the schedule itself, after the input's number.

use std::cell::RefCell;

use ::shuttle::scheduler::{
    DfsScheduler, PctScheduler, RandomScheduler, Schedule, Scheduler, Task, TaskId,
};
use ::shuttle::{Config, FailurePersistence, MaxSteps, Runner};

use crate::{input, raw, spin, waits};
use casebook_core::verdict::{CheckError, EngineId, Report, Verdict};
use casebook_engine::explore::{self, End, Meaning};
use casebook_engine::probe::{self, Panic, Stop};
use casebook_engine::{Body, Engine, Request};

/// Schedules after which the exhaustive search gives way to sampling.
const MOST_EXHAUSTIVE: usize = 20_000;
/// How many schedules of each kind a sample has.
const SAMPLE: usize = 3_000;
/// How many preemptions PCT places; most published bugs need no more (Burckhardt et al., ASPLOS
/// 2010).
const PCT_DEPTH: usize = 3;
/// The seed of every sample; a verdict names it.
const SEED: u64 = 0x00ca_5eb0;
/// Steps after which one execution is cut off.
const MOST_STEPS: usize = 20_000;

struct Shuttle;

casebook_engine::register!(Shuttle);

impl Engine for Shuttle {
    fn id(&self) -> EngineId {
        crate::ENGINE
    }

    fn check(&self, body: &Body, request: &Request) -> Result<Report, CheckError> {
        if let Some(token) = &request.replay {
            let (turn, steps) = parse_token(token)?;
            let (end, executions) = run(body, Replay { steps, next: 0, ran: false }, move || turn)?;
            if STRAYED.take() || input::is_asked_for(&end) {
                let message = "the token does not fit the case: its schedule cannot be followed";
                return Err(CheckError::new(message));
            }
            let mut report =
                explore::report(end, Verdict::Sampled { executions, seed: None }, token_of);
            report.trace = probe::trace();
            return Ok(report);
        }
        let dfs = DfsScheduler::new(Some(MOST_EXHAUSTIVE), false);
        let (end, executions) = run(body, dfs, || None)?;
        let exhausted = (executions as usize) < MOST_EXHAUSTIVE;
        if input::is_asked_for(&end) {
            explore::forget();
        } else if exhausted || matches!(end, End::Stopped(_)) {
            return Ok(explore::report(end, Verdict::Proved { executions }, token_of));
        }
        let turn = || Some(explore::executions());
        let (mut end, _) = run(body, RandomScheduler::new_from_seed(SEED, SAMPLE), turn)?;
        if matches!(end, End::Finished) {
            (end, _) = run(body, PctScheduler::new_from_seed(SEED, PCT_DEPTH, SAMPLE), turn)?;
        }
        let executions = explore::executions();
        Ok(explore::report(end, Verdict::Sampled { executions, seed: Some(SEED) }, token_of))
    }
}

/// Runs the case under a scheduler, each execution with the input whose turn it is; returns how many executions there have been in all.
fn run(
    body: &Body,
    scheduler: impl Scheduler + 'static,
    turn: impl Fn() -> Option<u64> + Send + Sync + 'static,
) -> Result<(End, u64), CheckError> {
    let mut config = Config::new();
    config.failure_persistence = FailurePersistence::None;
    config.max_steps = MaxSteps::FailAfter(MOST_STEPS);
    config.silence_warnings = true;
    let body = body.clone();
    let body = move || {
        explore::execution_begins();
        raw::begin();
        input::begin(turn());
        let outcome = body.run();
        explore::execution_ends(outcome, token_of);
    };
    let runner = Runner::new(Watched(scheduler), config);
    let run = || {
        runner.run(body);
    };
    let end = explore::explore(run, meaning)?;
    Ok((end, explore::executions()))
}

fn meaning(panic: &Panic) -> Meaning {
    let Panic { message, file, .. } = panic;
    if message.starts_with("deadlock!") {
        Meaning::Deadlock
    } else if message.starts_with("exceeded max_steps") {
        Meaning::Stop(Stop::Bound(format!("{MOST_STEPS} steps in one execution")))
    } else if ["/shuttle-", "/generator-", "/corosensei-"].iter().any(|c| file.contains(c)) {
        Meaning::Fault
    } else {
        Meaning::TheCase
    }
}

thread_local! {
    static SCHEDULE: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
    static STRAYED: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// Wraps a scheduler: records its choices, and hides from it what would be idle to run. That is a
/// task that shuttle would wake without a cause, and a thread whose spin loop cannot have changed.
struct Watched<S>(S);

impl<S: Scheduler> Scheduler for Watched<S> {
    fn new_execution(&mut self) -> Option<Schedule> {
        if probe::stopped() {
            return None;
        }
        SCHEDULE.with_borrow_mut(Vec::clear);
        // Who waited when an earlier execution was left must not be hidden in this one, before the case begins.
        spin::begin();
        waits::begin();
        self.0.new_execution()
    }

    fn next_task(
        &mut self,
        runnable: &[&Task],
        current: Option<TaskId>,
        yielding: bool,
    ) -> Option<TaskId> {
        let sleeps = |task: usize| spin::sleeps(task) || waits::sleeps(task);
        let idle = |task: &Task| !task.runnable() || sleeps(usize::from(task.id()));
        let awake: Vec<&Task> = runnable.iter().copied().filter(|task| !idle(task)).collect();
        if awake.is_empty() {
            probe::note_deadlock();
            return None;
        }
        let chosen = self.0.next_task(&awake, current, yielding)?;
        SCHEDULE.with_borrow_mut(|schedule| schedule.push(usize::from(chosen)));
        Some(chosen)
    }

    fn next_u64(&mut self) -> u64 {
        self.0.next_u64()
    }
}

/// Follows a recorded schedule once.
struct Replay {
    steps: Vec<usize>,
    next: usize,
    ran: bool,
}

impl Scheduler for Replay {
    fn new_execution(&mut self) -> Option<Schedule> {
        let first = !std::mem::replace(&mut self.ran, true);
        first.then(|| Schedule::new(0))
    }

    fn next_task(&mut self, runnable: &[&Task], _: Option<TaskId>, _: bool) -> Option<TaskId> {
        let wanted = self.steps.get(self.next).copied();
        self.next += 1;
        let found =
            runnable.iter().map(|task| task.id()).find(|id| Some(usize::from(*id)) == wanted);
        if found.is_none() {
            STRAYED.set(true);
        }
        found
    }

    fn next_u64(&mut self) -> u64 {
        0
    }
}

/// The current schedule as `task.times` pairs, `0x3-1x12-0x1`, after the number of its input, `i7`, if it has one.
fn token_of() -> String {
    SCHEDULE.with_borrow(|schedule| {
        let input = input::chosen().map(|turn| format!("i{turn}"));
        let runs = schedule.chunk_by(|a, b| a == b);
        let runs = runs.map(|run| format!("{}x{}", run[0], run.len()));
        input.into_iter().chain(runs).collect::<Vec<_>>().join("-")
    })
}

fn parse_token(token: &str) -> Result<(Option<u64>, Vec<usize>), CheckError> {
    let parse = |run: &str| {
        let (task, times) = run.split_once('x')?;
        let times: usize = times.parse().ok().filter(|times| *times <= MOST_STEPS)?;
        Some(vec![task.parse::<usize>().ok()?; times])
    };
    let parsed = || {
        let (turn, schedule) = match token.strip_prefix('i').map(|token| token.split_once('-')) {
            Some(parts) => (Some(parts?.0.parse().ok()?), parts?.1),
            None => (None, token),
        };
        let steps: Vec<_> = schedule.split('-').map(parse).collect::<Option<_>>()?;
        Some((turn, steps.concat()))
    };
    parsed().ok_or_else(|| {
        let message =
            format!("`{token}` is no shuttle token: it is a schedule such as 0x3-1x12-0x1");
        CheckError::new(message)
    })
}

//! A search in parts: subtrees as text, which any processes search in any order.
//!
//! The tree of the search has executions for nodes, and a subtree is named by the choices that lead there ([`Path`]). Who splits a search runs
//! executions from the root on, opens what they leave to choose, and goes on with the subtree that promises most, until there are enough; a [`Unit`] is
//! some of them. An execution is counted once, by who splits or in the one unit it belongs to, so counts add up to those of the whole search: no
//! execution fails if none fails in any unit and none failed on the way.
//!
//! # Waiting loops
//!
//! Whether a round of a waiting loop can be left out is known only once it was compared with every other round that may come in its place (`waits`), and
//! these may be in different units. So in parts every round is explored: [`Checker::split`] begins again that way if it meets such a
//! loop, and a unit that meets one which nobody met before it is none ([`BadUnit::Loop`]). [`Checker::explore_rounds`] is the whole search to compare with.
//!
//! # The format
//!
//! A line `rc11.unit.1`, one that says `rounds left out` or `rounds explored`, and for each subtree a line with its share of the search, by estimate, and
//! its choices, separated by spaces: `4r2` is event 4, in the order in which the graph has them, that reads from event 2, `4r2_1` by its
//! alternative 1, `4w1` that it is put at place 1 of its location, `4v2_0` that it revisits 2, `4o` that there was nothing to choose.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Instant;

use super::explore::{Dice, Path};
use super::search::{Shared, run_workers};
use super::waits::Table;
use super::{Checker, Completed, Report, hook};

const VERSION: &str = "rc11.unit.1";

/// Subtrees for each unit: of more and smaller ones units can be made that are more alike. With 32 the largest unit was 1.5 to 4 times the mean in four
/// small searches, with 8 it was 2 to 5 times, and by the shares of `explore` alone 3 to 15 times. Of 10⁷ executions it was 17 times, as walks
/// missed two large subtrees: such a unit is to be split again.
const SUBTREES: usize = 32;
/// Walks that tell how large a subtree is.
const WALKS: u32 = 4;

/// A part of a search, as text: some of its subtrees.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    /// The rounds of waiting loops are explored.
    explore_rounds: bool,
    paths: Vec<Path>,
}

/// A search in parts.
#[derive(Clone, Debug)]
pub struct Split {
    /// What was run to split it, and is in no unit. If it failed there are no units.
    pub report: Report,
    /// The parts.
    pub units: Vec<Unit>,
    /// The rounds of waiting loops are explored, in all of it.
    pub explores_rounds: bool,
}

/// Why a unit cannot be searched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadUnit {
    /// It is none of this version.
    Malformed(String),
    /// The closure has not the choices of the unit.
    Mismatch(String),
    /// It holds a waiting loop, and rounds are not explored, or threads that are alike and have no order, or somebody can tell who left last: what was
    /// found is of no use.
    Loop,
}

impl fmt::Display for BadUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BadUnit::Malformed(why) => write!(f, "malformed unit: {why}"),
            BadUnit::Mismatch(why) => write!(f, "the unit belongs to another program: {why}"),
            BadUnit::Loop => f.write_str(
                "a loop waits that was not met when the search was split, or threads turn out not to be alike, or it matters who leaves last: split it again with the rounds of loops explored",
            ),
        }
    }
}

impl std::error::Error for BadUnit {}

impl Unit {
    /// The whole search.
    pub fn whole() -> Unit {
        Unit { explore_rounds: false, paths: vec![Path::ROOT] }
    }

    /// Its share of the search, by estimate.
    pub fn share(&self) -> f64 {
        self.paths.iter().map(|path| path.share).sum()
    }

    /// Whether the rounds of waiting loops are explored.
    pub fn explores_rounds(&self) -> bool {
        self.explore_rounds
    }
}

impl Checker {
    /// Splits a unit, or [`Unit::whole`], into up to `n`. What is run for that is collected and reported as [`collect`](Self::collect) does.
    ///
    /// # Errors
    /// The unit is none of this closure.
    pub fn split<T, C: Default + Send>(
        &self,
        unit: &Unit,
        n: usize,
        body: impl Fn() -> T + Sync,
        mut add: impl FnMut(&mut C, T, &Completed<'_>) + Send,
    ) -> Result<(C, Split), BadUnit> {
        hook::install();
        let start = Instant::now();
        let mut checker = self.clone().explore_rounds(self.explore_rounds | unit.explore_rounds);
        loop {
            let (mut collected, table) = (C::default(), Arc::default());
            let mut add =
                |value: T, completed: &Completed<'_>| add(&mut collected, value, completed);
            let shared = Shared::new(&checker, &body, Some(&mut add), &table, &[], start);
            let open = open(&shared, &unit.paths, n);
            let report = shared.report().map_err(BadUnit::Mismatch)?;
            if !table.is_empty() {
                checker.explore_rounds = true;
                continue;
            }
            let units = pack(open.unwrap_or_default(), n).into_iter();
            let explore_rounds = checker.explore_rounds;
            let units = units.map(|paths| Unit { explore_rounds, paths }).collect();
            return Ok((collected, Split { report, units, explores_rounds: explore_rounds }));
        }
    }

    /// Explores every execution of a unit of `body`, as [`collect`](Self::collect) does of the whole.
    ///
    /// # Errors
    /// The unit is none of this closure, or holds a waiting loop that was not met when the search was split.
    pub fn collect_unit<T, C: Default + Send>(
        &self,
        unit: &Unit,
        body: impl Fn() -> T + Sync,
        mut add: impl FnMut(&mut C, T, &Completed<'_>) + Send,
    ) -> Result<(C, Report), BadUnit> {
        hook::install();
        let (mut collected, table) = (C::default(), Arc::new(Table::default()));
        let checker = self.clone().explore_rounds(unit.explore_rounds);
        let mut add = |value: T, completed: &Completed<'_>| add(&mut collected, value, completed);
        let shared =
            Shared::new(&checker, &body, Some(&mut add), &table, &unit.paths, Instant::now());
        run_workers(&shared);
        let report = shared.report().map_err(BadUnit::Mismatch)?;
        // A failure is one, whatever is known of loops.
        if !table.is_empty() && report.failure().is_none() {
            return Err(BadUnit::Loop);
        }
        Ok((collected, report))
    }
}

/// Opens the largest of the subtrees, by estimate, until there are enough for `n` units; none if the search is over.
fn open<T>(shared: &Shared<'_, T>, paths: &[Path], n: usize) -> Option<Vec<Path>> {
    let (mut exec, mut dice) = (shared.engine(), Dice(0));
    let (mut open, mut new) = (Vec::new(), paths.to_vec());
    loop {
        while let Some(path) = new.pop() {
            let share = shared.estimate(&mut exec, &path, WALKS, &mut dice)?;
            match share > 0.0 {
                true => open.push(Path { share, ..path }),
                // A dead end, or one for these walks.
                false => new.extend(shared.open(&mut exec, &path)?),
            }
        }
        let largest = (0..open.len()).max_by(|&a, &b| open[a].share.total_cmp(&open[b].share));
        // One that has a single execution is not worth it.
        let largest = largest.filter(|&largest| open[largest].share > 1.0);
        let Some(largest) = largest.filter(|_| open.len() < n.saturating_mul(SUBTREES)) else {
            break;
        };
        let path = open.swap_remove(largest);
        new = shared.open(&mut exec, &path)?;
    }
    let all: f64 = open.iter().map(|path| path.share).sum();
    open.iter_mut().for_each(|path| path.share /= all.max(f64::MIN_POSITIVE));
    Some(open)
}

/// Puts subtrees together to at most `n` units: the largest first, each to the least.
fn pack(mut paths: Vec<Path>, n: usize) -> Vec<Vec<Path>> {
    paths.sort_by(|a, b| b.share.total_cmp(&a.share));
    let mut units = vec![(0.0_f64, Vec::new()); n.min(paths.len())];
    for path in paths {
        let least = units.iter_mut().min_by(|a, b| a.0.total_cmp(&b.0));
        let (share, paths) = least.expect("there are as many units as paths, or more");
        *share += path.share;
        paths.push(path);
    }
    units.into_iter().map(|(_, paths)| paths).collect()
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rounds = if self.explore_rounds { "explored" } else { "left out" };
        writeln!(f, "{VERSION}\nrounds {rounds}")?;
        self.paths.iter().try_for_each(|path| writeln!(f, "{path}"))
    }
}

impl FromStr for Unit {
    type Err = BadUnit;

    fn from_str(text: &str) -> Result<Unit, BadUnit> {
        let malformed = |why: String| BadUnit::Malformed(why);
        let mut lines = text.lines();
        if lines.next() != Some(VERSION) {
            return Err(malformed(format!("it does not begin with `{VERSION}`")));
        }
        let explore_rounds = match lines.next() {
            Some("rounds explored") => true,
            Some("rounds left out") => false,
            other => return Err(malformed(format!("`{}`", other.unwrap_or("")))),
        };
        let path = |line: &str| line.parse().map_err(|()| malformed(format!("`{line}`")));
        let paths = lines.map(path).collect::<Result<Vec<_>, _>>()?;
        match paths.is_empty() {
            true => Err(malformed("it has no choices".into())),
            false => Ok(Unit { explore_rounds, paths }),
        }
    }
}

//! A search in parts: subtrees as text, which any processes search in any order.
//!
//! The tree of the search has executions for nodes, and a subtree is named by the choices that lead there ([`Path`]). Who splits a search runs
//! executions from the root on, opens what they leave to choose, and goes on with the subtree that promises most, until there are enough; a [`Unit`] is
//! some of them. An execution is counted once, by who splits or in the one unit it belongs to, so counts add up to those of the whole search: no
//! execution fails if none fails in any unit and none failed on the way.
//!
//! # What a search learns
//!
//! Whether a round of a waiting loop can be left out is known only once it was compared with every other round that may come in its place (`waits`), and
//! these may be in different units; so may be what tells threads apart (`learnt`). Whether a failed try can be is a matter of one execution, but of a
//! rehearsal that another process may not repeat. So once a search learns anything its parts are unreduced:
//! [`Checker::split`] begins again that way, and a unit that learns what nobody knew before it is none ([`BadUnit::Learnt`]). [`Checker::unreduced`] is the
//! whole search to compare with.
//!
//! # The format
//!
//! A line `rc11.unit.2`, one that says `reduced` or `unreduced`, and for each subtree a line with its share of the search, by estimate, and
//! its choices, separated by spaces: `4r2` is event 4, in the order in which the graph has them, that reads from event 2, `4r2_1` by its
//! alternative 1, `4w1` that it is put at place 1 of its location, `4v2_0` that it revisits 2, `4o` that there was nothing to choose.

use std::fmt;
use std::str::FromStr;
use std::time::Instant;

use super::explore::{Dice, Path};
use super::learnt::Learnt;
use super::search::{Shared, run_workers};
use super::{Checker, Completed, Report, hook};

const VERSION: &str = "rc11.unit.2";

/// Subtrees for each unit: of more and smaller ones units can be made that are more alike. With 32 the largest unit was 1.5 to 4 times the mean in four
/// small searches, with 8 it was 2 to 5 times, and by the shares of `explore` alone 3 to 15 times. Of 10⁷ executions it was 17 times, as walks
/// missed two large subtrees: such a unit is to be split again.
const SUBTREES: usize = 32;
/// Walks that tell how large a subtree is.
const WALKS: u32 = 4;

/// A part of a search, as text: some of its subtrees.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    /// Nothing is left out of it.
    unreduced: bool,
    paths: Vec<Path>,
}

/// A search in parts.
#[derive(Clone, Debug)]
pub struct Split {
    /// What was run to split it, and is in no unit. If it failed there are no units.
    pub report: Report,
    /// The parts.
    pub units: Vec<Unit>,
    /// Nothing is left out of any part.
    pub unreduced: bool,
}

/// Why a unit cannot be searched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadUnit {
    /// It is none of this version.
    Malformed(String),
    /// The closure has not the choices of the unit.
    Mismatch(String),
    /// It is reduced, and holds a loop that comes round, threads that are alike and have no order, or a last one to leave that can be told: what was found is of
    /// no use.
    Learnt,
}

impl fmt::Display for BadUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BadUnit::Malformed(why) => write!(f, "malformed unit: {why}"),
            BadUnit::Mismatch(why) => write!(f, "the unit belongs to another program: {why}"),
            BadUnit::Learnt => f.write_str(
                "what may be left out shows only here: a loop comes round, threads are not alike, or it matters who leaves last; split the search again, unreduced",
            ),
        }
    }
}

impl std::error::Error for BadUnit {}

impl Unit {
    /// The whole search.
    pub fn whole() -> Unit {
        Unit { unreduced: false, paths: vec![Path::ROOT] }
    }

    /// Its share of the search, by estimate.
    pub fn share(&self) -> f64 {
        self.paths.iter().map(|path| path.share).sum()
    }

    /// Whether nothing is left out of it.
    pub fn is_unreduced(&self) -> bool {
        self.unreduced
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
        let mut checker = self.clone().unreduced(self.unreduced | unit.unreduced);
        loop {
            let (mut collected, learnt) = (C::default(), Learnt::default());
            let mut add =
                |value: T, completed: &Completed<'_>| add(&mut collected, value, completed);
            let shared = Shared::new(&checker, &body, Some(&mut add), &learnt, &[], start);
            let open = open(&shared, &unit.paths, n);
            let report = shared.report().map_err(BadUnit::Mismatch)?;
            if !learnt.is_empty() {
                checker.unreduced = true;
                continue;
            }
            let units = pack(open.unwrap_or_default(), n).into_iter();
            let unreduced = checker.unreduced;
            let units = units.map(|paths| Unit { unreduced, paths }).collect();
            return Ok((collected, Split { report, units, unreduced }));
        }
    }

    /// Explores every execution of a unit of `body`, as [`collect`](Self::collect) does of the whole.
    ///
    /// # Errors
    /// The unit is none of this closure, or it shows something of what may be left out that did not show when the search was split.
    pub fn collect_unit<T, C: Default + Send>(
        &self,
        unit: &Unit,
        body: impl Fn() -> T + Sync,
        mut add: impl FnMut(&mut C, T, &Completed<'_>) + Send,
    ) -> Result<(C, Report), BadUnit> {
        hook::install();
        let (mut collected, learnt) = (C::default(), Learnt::default());
        let checker = self.clone().unreduced(unit.unreduced);
        let mut add = |value: T, completed: &Completed<'_>| add(&mut collected, value, completed);
        let shared =
            Shared::new(&checker, &body, Some(&mut add), &learnt, &unit.paths, Instant::now());
        run_workers(&shared);
        let report = shared.report().map_err(BadUnit::Mismatch)?;
        // A failure is one, whatever is known of loops.
        if !learnt.is_empty() && report.failure().is_none() {
            return Err(BadUnit::Learnt);
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
        let reduced = if self.unreduced { "unreduced" } else { "reduced" };
        writeln!(f, "{VERSION}\n{reduced}")?;
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
        let unreduced = match lines.next() {
            Some("unreduced") => true,
            Some("reduced") => false,
            other => return Err(malformed(format!("`{}`", other.unwrap_or("")))),
        };
        let path = |line: &str| line.parse().map_err(|()| malformed(format!("`{line}`")));
        let paths = lines.map(path).collect::<Result<Vec<_>, _>>()?;
        match paths.is_empty() {
            true => Err(malformed("it has no choices".into())),
            false => Ok(Unit { unreduced, paths }),
        }
    }
}

//! Ways down the tree of the search: at random, along a path, or one step into every direction.

use std::time::Instant;

use super::super::ending::Stop;
use super::super::exec::Exec;
use super::super::explore::{Dice, Path};
use super::Shared;

impl<T> Shared<'_, T> {
    /// Walks at random through the search until `until`, and counts what it visits as any search does. The number of executions that each
    /// walk expects goes to `estimates`.
    pub fn walk(&self, exec: &mut Exec, until: Instant, estimates: &mut Vec<f64>) {
        let mut dice = Dice(0);
        while Instant::now() < until && (estimates.len() as u64) < self.checker.walks {
            exec.explorer.start(self.rules());
            let Some(expected) = self.walk_from(exec, true, &mut dice) else { return };
            estimates.push(expected);
        }
    }

    /// Walks on from a graph, that is to be `run` or leaves nothing but choices, to the end: how many executions that makes expect, unless
    /// the search is over.
    fn walk_from(&self, exec: &mut Exec, run: bool, dice: &mut Dice) -> Option<f64> {
        let (mut expected, mut scale) = (0.0, 1.0);
        let mut goes_on = run;
        loop {
            if goes_on {
                expected += if self.run_once(exec) { scale } else { 0.0 };
            }
            if self.is_halted() {
                return None;
            }
            let Some(probability) = exec.explorer.step(dice) else { return Some(expected) };
            (scale, goes_on) = (scale / probability, true);
        }
    }

    /// Goes along a path from the root. What is run on the way is counted by whoever has split the search there. Whether there is a graph to run at its
    /// end; none if the search is over.
    pub fn follow(&self, exec: &mut Exec, path: &Path) -> Option<bool> {
        exec.explorer.start(self.rules());
        exec.passing = true;
        let mut run = true;
        for (nth, &pick) in path.picks.iter().enumerate() {
            if run {
                self.run_once(exec);
            }
            if self.is_halted() {
                return None;
            }
            let Some(next) = exec.explorer.follow(pick, path.share) else {
                let why = format!("there is no choice {pick}, which is number {nth} of the path");
                self.keep(exec, Stop::Mismatch(why));
                return None;
            };
            run = next;
        }
        exec.passing = false;
        exec.explorer.done = 0.0;
        Some(run)
    }

    /// Runs the execution at the end of a path, if there is one, and opens what it leaves; none if the search is over.
    pub fn open(&self, exec: &mut Exec, path: &Path) -> Option<Vec<Path>> {
        if self.follow(exec, path)? {
            self.run_once(exec);
        }
        let further = exec.explorer.left().into_iter().map(|pick| path.then(pick));
        (!self.is_halted()).then(|| further.collect())
    }

    /// How many executions come after a path, by so many walks; none if the search is over.
    pub fn estimate(
        &self,
        exec: &mut Exec,
        path: &Path,
        walks: u32,
        dice: &mut Dice,
    ) -> Option<f64> {
        let mut sum = 0.0;
        for _ in 0..walks {
            let run = self.follow(exec, path)?;
            exec.passing = true;
            sum += self.walk_from(exec, run, dice)?;
            exec.passing = false;
        }
        Some(sum / f64::from(walks))
    }
}

//! `cargo casebook justify`: for each memory ordering of a crate, whether its loom tests need it.

use std::time::Instant;

use clap::Args;

use super::build::Library;
use super::calls::{self, Written};
use super::orderings::{self, Answer, Justified, Known};
use super::selection::Selection;
use super::shadow::Shadow;
use super::{patch, print_json, show};
use crate::cli::{self, End, Refusal};

#[derive(Args)]
pub struct Justify {
    #[command(flatten)]
    selection: Selection,
    /// One JSON object an ordering, on one line
    #[arg(long)]
    json: bool,
    /// Print a patch that makes the slack ones weaker, as many as pass together, and nothing else
    #[arg(long, conflicts_with = "json")]
    diff: bool,
}

impl Justify {
    pub fn run(self) -> Result<End, Refusal> {
        let start = Instant::now();
        let shadow = self.selection.shadow()?;
        let built = self.selection.build(Library::Ours, &shadow)?;
        let tests = self.selection.tests(&built)?;
        let before = self.selection.run((&tests, &shadow.cfg), Some(""), |_| Ok(()))?;
        // A test that fails as it is justifies nothing.
        if !before.iter().all(|tested| tested.verdict.passes()) {
            let table = show::table(&before, cli::width().0, start.elapsed());
            match self.json {
                true => before.iter().try_for_each(print_json)?,
                false => cli::print(&table)?,
            }
            return super::end(false);
        }
        let known = Known::new(&tests, &before, self.selection.limit());
        let found = known.justify(|justified| self.tell(justified))?;
        let written = calls::written(&shadow.root, &shadow.here, &shadow.target);
        if self.diff {
            self.patch(&known, &found, &written, &shadow)?;
            return super::end(true);
        }
        let unused = known.unused(&written);
        unused.iter().try_for_each(|justified| self.tell(justified))?;
        if !self.json {
            let all = [found, unused].concat();
            cli::print(&orderings::table(&all, cli::width().0))?;
        }
        super::end(true)
    }

    fn tell(&self, justified: &Justified) -> Result<(), Refusal> {
        if self.json { print_json(justified) } else { Ok(()) }
    }

    /// The patch on standard output, and on the other what it leaves out.
    fn patch(
        &self,
        known: &Known<'_>,
        found: &[Justified],
        written: &[Written],
        shadow: &Shadow,
    ) -> Result<(), Refusal> {
        let (changes, unwritten) = patch::changes(found, written);
        let suggested = changes.len();
        let changes = known.together(changes)?;
        for site in unwritten {
            eprintln!(
                "casebook: {site}: the ordering is slack, and stands there in no argument of its own: not in the patch"
            );
        }
        if changes.len() < suggested {
            let out = suggested - changes.len();
            eprintln!(
                "casebook: {out} more slack by themselves, but not together with these: not in the patch"
            );
        }
        let slack = found.iter().any(|of| matches!(of.answer, Answer::Slack { .. }));
        match changes.len() {
            0 if slack => eprintln!("casebook: nothing can be patched: the patch is empty"),
            0 => eprintln!("casebook: nothing is slack: the patch is empty"),
            _ => eprintln!(
                "casebook: these tests pass with the patch; that is all that is known of it"
            ),
        }
        cli::print(&patch::patch(&shadow.root, &changes)?)
    }
}

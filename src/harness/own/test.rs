//! `cargo casebook test`: the loom tests that a crate has, unedited, under rc11.

use std::path::PathBuf;
use std::time::Instant;

use clap::Args;

use super::build::Library;
use super::selection::Selection;
use super::{compare, junit, print_json, show};
use crate::cli::{self, End, Refusal};

#[derive(Args)]
pub struct Test {
    #[command(flatten)]
    selection: Selection,
    /// One JSON object a test, on one line
    #[arg(long)]
    json: bool,
    /// Write the verdicts to this file, too, as JUnit's XML
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Put the pictures of executions that fail into this folder, an SVG a test; else they are in a folder of the crate's
    /// in target/casebook/graphs
    #[arg(long, value_name = "DIR")]
    graph: Option<PathBuf>,
    /// Run the same tests under this engine, too, and show what it says beside: `loom`, the one that the crate asks
    /// for, with the same limit, for each test as a whole
    #[arg(long, value_parser = compare::engine)]
    engine: Option<()>,
}

impl Test {
    pub fn run(self) -> Result<End, Refusal> {
        let start = Instant::now();
        let shadow = self.selection.shadow()?;
        // What does not compile is said before anything runs.
        let beside =
            self.engine.map(|()| self.selection.build(Library::Loom, &shadow)).transpose()?;
        let built = self.selection.build(Library::Ours, &shadow)?;
        let tests = self.selection.tests(&built)?;
        let graphs = self.graph.clone().unwrap_or(shadow.graphs());
        let mut results = self.selection.run((&tests, &shadow.cfg), None, |tested| {
            tested.draw(&graphs, &shadow.root)?;
            if self.json && self.engine.is_none() { print_json(tested) } else { Ok(()) }
        })?;
        // What has been found is told, whatever goes wrong from here on.
        let compared = match &beside {
            Some(built) => compare::beside(&self.selection, built, &mut results),
            None => Ok(()),
        };
        if !self.json {
            cli::print(&show::table(&results, cli::width().0, start.elapsed()))?;
        } else if self.engine.is_some() {
            results.iter().try_for_each(print_json)?;
        }
        if let Some(path) = &self.junit {
            std::fs::write(path, junit::file(&results, start.elapsed()))
                .map_err(|e| format!("{} cannot be written: {e}", path.display()))?;
        }
        compared?;
        super::end(results.iter().all(|tested| tested.verdict.passes()))
    }
}

//! Which tests of the crate a command is about, and running all of them.

use std::collections::BTreeMap;
use std::time::Duration;

use clap::Args;

use super::build::{self, Built, Library, Program};
use super::run::{One, Tested, Verdict};
use super::shadow::Shadow;
use crate::cli::{self, Refusal};
use crate::run;

#[derive(Args)]
pub struct Selection {
    /// Only tests whose name contains this
    #[arg(default_value = "")]
    filter: String,
    /// Seconds for each model. Where the search is larger, it is bounded, and no proof: random walks say how large it
    /// is, and the rest of the time goes to executions with few preemptions. A test that takes ten times as long is
    /// killed
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=31_536_000))]
    limit: u64,
    /// The cfg under which the crate has its loom tests; found in its sources if not said
    #[arg(long)]
    cfg: Option<String>,
    /// Arguments for `cargo test`, such as `--all-features` or `--test NAME`
    #[arg(last = true)]
    cargo: Vec<String>,
}

impl Selection {
    pub fn limit(&self) -> Duration {
        Duration::from_secs(self.limit)
    }

    /// Where the crate's tests are compiled.
    pub fn shadow(&self) -> Result<Shadow, Refusal> {
        Shadow::of_this_crate(self.cfg.as_deref())
    }

    /// Compiles the crate's tests with this library for loom.
    pub fn build<'s>(&self, library: Library, shadow: &'s Shadow) -> Result<Built<'s>, Refusal> {
        build::build(library, shadow, &self.cargo)
    }

    /// The tests that are asked for.
    pub fn tests<'a>(&self, built: &'a Built<'_>) -> Result<Vec<One<'a>>, Refusal> {
        let mut tests = Vec::new();
        for program in &built.programs {
            let names =
                program.tests(self.limit())?.into_iter().filter(|name| name.contains(&self.filter));
            tests.extend(names.map(|name| (program, name)));
        }
        let mut programs: BTreeMap<String, usize> = BTreeMap::new();
        tests.iter().for_each(|(_, name)| *programs.entry(name.clone()).or_default() += 1);
        let one = |(program, name): (&'a Program, String)| {
            let title = match programs[&name] {
                1 => name.clone(),
                _ => format!("{}: {name}", program.name(&built.programs, &built.shadow.cast)),
            };
            One { program, name, title, folder: &built.shadow.folder }
        };
        let tests: Vec<One<'a>> = tests.into_iter().map(one).collect();
        match tests.is_empty() {
            true => Err(format!(
                "no test contains `{}` under `--cfg {}`",
                self.filter, built.shadow.cfg
            )),
            false => Ok(tests),
        }
    }

    /// Runs those that have a model of loom's; `told` hears of each as it ends, and may add to it. They come back by name.
    pub fn run(
        &self,
        (tests, cfg): (&[One<'_>], &str),
        orderings: Option<&str>,
        mut told: impl FnMut(&mut Tested) -> Result<(), Refusal> + Send,
    ) -> Result<Vec<Tested>, Refusal> {
        let progress = cli::progress(tests.len() as u64);
        let (mut results, mut refusal) = (Vec::new(), None);
        let work = |test: &One<'_>| test.run(self.limit(), orderings);
        run::on_all_cores(tests, work, |tested| {
            match tested {
                Ok(Tested { verdict: Verdict::NoModel, .. }) => progress.bar.inc(1),
                Ok(mut tested) => {
                    progress.step(tested.test.clone());
                    refusal = refusal.take().or(told(&mut tested).err());
                    results.push(tested);
                }
                Err(error) => _ = refusal.get_or_insert(error),
            }
            refusal.is_none()
        });
        progress.bar.finish_and_clear();
        if let Some(refusal) = refusal {
            return Err(refusal);
        }
        if results.is_empty() {
            return Err(format!("no test under `--cfg {cfg}` runs a model of loom's"));
        }
        results.sort_by(|a, b| a.test.cmp(&b.test));
        Ok(results)
    }
}

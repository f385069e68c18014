//! `casebook test --justify`: for each memory ordering that the tests of a crate use, whether they need it.
//!
//! One ordering at a time is made weaker, where the operation stands and as it runs; nothing is compiled again. The tests that
//! use it are run until one of them does not end as before: then the ordering is needed, and that test says why. If all of
//! them end as before, the weaker ordering suffices for what these tests look at. A search that is cut
//! off decides nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use casebook_core::ordering::{Strength, Use};
use comfy_table::{ContentArrangement, Table};
use serde::Serialize;

use super::{One, Tested, Verdict};
use crate::cli::Refusal;
use crate::justify::search::{self, Answer as Decided, Domain};
use crate::{report, run};

/// What the tests say of one ordering.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "answer")]
pub enum Answer {
    /// Each weaker ordering makes a test fail: one of them, which test, and how.
    Needed { with: Strength, test: String, why: String },
    /// With these weaker ones all tests end as before; with none that is weaker still, as far as it was decided.
    Slack { suffices: Vec<Strength> },
    /// A search was cut off with this weaker one.
    Undecided { with: Strength, test: String },
}

/// An ordering and its answer.
#[derive(Clone, Debug, Serialize)]
pub struct Justified {
    #[serde(flatten)]
    pub of: Use,
    /// How many tests use it.
    pub tests: usize,
    #[serde(flatten)]
    pub answer: Answer,
}

/// How the tests end with a weaker ordering.
enum Tried {
    Passes,
    Fails { test: String, why: String },
    CutOff { test: String },
}

/// Asks for each ordering that the tests have used; `told` hears each answer, and says whether to go on.
pub fn justify(
    tests: &[One<'_>],
    before: &[Tested],
    limit: Duration,
    mut told: impl FnMut(&Justified) -> bool + Send,
) -> Result<Vec<Justified>, Refusal> {
    let tests: BTreeMap<&str, &One<'_>> = tests.iter().map(|one| (&one.name[..], one)).collect();
    let mut used: BTreeMap<&Use, BTreeSet<&str>> = BTreeMap::new();
    let before: BTreeMap<&str, &Tested> = before.iter().map(|t| (&t.test[..], t)).collect();
    for (name, tested) in &before {
        // What stands in another package, or in std, is not for this crate to change.
        let uses = tested.models.iter().flat_map(|model| &model.orderings);
        let own = uses.filter(|of| !of.site.file.starts_with('/'));
        let own = own.filter(|of| !of.role.weaker(of.ordering).is_empty());
        own.for_each(|of| _ = used.entry(of).or_default().insert(name));
    }
    let jobs: Vec<(&Use, BTreeSet<&str>)> = used.into_iter().collect();
    let (mut found, mut refusal) = (Vec::new(), None);
    let work = |(of, names): &(&Use, BTreeSet<&str>)| {
        let trial = Trial {
            of,
            tests: names.iter().map(|name| (tests[name], before[name])).collect(),
            limit,
        };
        trial.answer().map(|answer| Justified { of: (*of).clone(), tests: names.len(), answer })
    };
    run::on_all_cores(&jobs, work, |justified| {
        match justified {
            Ok(justified) if told(&justified) => found.push(justified),
            Ok(_) => return false,
            Err(error) => refusal = Some(error),
        }
        refusal.is_none()
    });
    found.sort_by(|a, b| a.of.cmp(&b.of));
    refusal.map_or(Ok(found), Err)
}

/// The trials of one ordering.
struct Trial<'a> {
    of: &'a Use,
    tests: Vec<(&'a One<'a>, &'a Tested)>,
    limit: Duration,
}

impl Trial<'_> {
    /// Searches for the weakest orderings that pass.
    fn answer(&self) -> Result<Answer, Refusal> {
        let Use { role, ordering, .. } = *self.of;
        let (mut fails, mut cut_off, mut refusal) = (None, None, None);
        let domain = Domain { role, strengths: role.up_to(ordering) };
        let found = search::minimal(&[domain], u64::MAX, |strengths| {
            let with = strengths[0];
            if with == ordering {
                return Decided::Holds;
            }
            match self.run(with) {
                Ok(Tried::Passes) => return Decided::Holds,
                Ok(Tried::Fails { test, why }) => {
                    fails = Some(Answer::Needed { with, test, why });
                    return Decided::Breaks;
                }
                Ok(Tried::CutOff { test }) => cut_off = Some(Answer::Undecided { with, test }),
                Err(error) => refusal = Some(error),
            }
            Decided::Unknown
        });
        if let Some(refusal) = refusal {
            return Err(refusal);
        }
        let suffices: Vec<Strength> = found.minimal.into_iter().flatten().collect();
        Ok(match cut_off.or(fails) {
            Some(answer) if suffices == [ordering] => answer,
            _ => Answer::Slack { suffices },
        })
    }

    /// Runs the tests with a weaker ordering, until one fails.
    fn run(&self, weaker: Strength) -> Result<Tried, Refusal> {
        let Use { site, role, ordering } = self.of;
        let by = format!("{}:{}:{} {role} {ordering} {weaker}", site.file, site.line, site.column);
        let mut cut_off = None;
        for (one, before) in &self.tests {
            let tested = one.run(self.limit, Some(&by))?;
            // What is told is what was used: without this, a place that is not met would be slack.
            if tested.models.iter().any(|model| model.orderings.contains(self.of)) {
                return Err(format!("{site}: {ordering} could not be replaced in {}", tested.test));
            }
            let bounded = matches!(tested.verdict, Verdict::Bounded | Verdict::BoundedAndFails);
            if bounded {
                cut_off.get_or_insert(Tried::CutOff { test: tested.test });
            } else if tested.verdict != before.verdict {
                return Ok(Tried::Fails { why: tested.why(), test: tested.test });
            }
        }
        Ok(cut_off.unwrap_or(Tried::Passes))
    }
}

/// A row an ordering, then what it comes to.
pub fn table(found: &[Justified], width: u16) -> String {
    let mut table = Table::new();
    table.load_style(report::STYLE);
    table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    table.set_header(["ordering", "of", "answer", "because"]);
    for Justified { of, tests, answer } in found {
        let (word, why) = match answer {
            Answer::Needed { with, test, why } => ("needed", format!("{with}: {test}: {why}")),
            Answer::Slack { suffices } => {
                let names: Vec<String> = suffices.iter().map(Strength::to_string).collect();
                ("slack", format!("{} passes each test that uses it ({tests})", names.join(" or ")))
            }
            Answer::Undecided { with, test } => {
                ("not decided", format!("{with}: {test} is cut off"))
            }
        };
        let place = format!("{}: {}", of.site, of.ordering);
        table.add_row([place, of.role.to_string(), word.to_string(), why]);
    }
    let count = |is: fn(&&Justified) -> bool| found.iter().filter(is).count();
    format!(
        "{table}\n\n{} orderings: {} needed, {} slack, {} not decided.\n\
         needed       with a weaker one a test fails\n\
         slack        each test that uses it ends with the weaker one as it does now, proved or failed as expected, the\n\
        \x20            other orderings as they are; load buffering aside, and only for what these tests look at\n\
         not decided  a search was cut off\n\
         Relaxed ones are not asked about; an ordering that no test uses is not in the table.\n",
        found.len(),
        count(|j| matches!(j.answer, Answer::Needed { .. })),
        count(|j| matches!(j.answer, Answer::Slack { .. })),
        count(|j| matches!(j.answer, Answer::Undecided { .. })),
    )
}

//! `casebook test --justify`: for each memory ordering that the tests of a crate use, whether they need it.
//!
//! One ordering at a time is made weaker, where the operation stands and as it runs; nothing is compiled again. The tests that
//! use it are run until one of them does not end as before: then the ordering is needed, and that test says why. If all of
//! them are proved as before, the weaker ordering suffices for what these tests look at. A search that is cut
//! off decides nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use casebook_core::ordering::{Strength, Use};
use comfy_table::{ContentArrangement, Table};
use serde::Serialize;

use super::{One, Tested, Verdict};
use crate::cli::Refusal;
use crate::{report, run};

/// What the tests say of one ordering.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "answer")]
pub enum Answer {
    /// Each weaker ordering makes a test fail: the last one tried, which test, and how.
    Needed { with: Strength, test: String, why: String },
    /// These weaker ones pass all tests; none that is weaker still does.
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
    /// Goes from each ordering that passes to those a step weaker.
    fn answer(&self) -> Result<Answer, Refusal> {
        let mut suffices: Vec<Strength> = Vec::new();
        let mut answer = None;
        let mut next = vec![self.of.ordering];
        while let Some(strength) = next.pop() {
            for &weaker in self.of.role.weaker(strength) {
                match self.run(weaker)? {
                    Tried::Passes => {
                        suffices.retain(|stronger| !stronger.covers(weaker));
                        suffices.push(weaker);
                        next.push(weaker);
                    }
                    Tried::Fails { test, why } => {
                        answer.get_or_insert(Answer::Needed { with: weaker, test, why });
                    }
                    Tried::CutOff { test } => {
                        answer = Some(Answer::Undecided { with: weaker, test });
                    }
                }
            }
        }
        suffices.sort();
        suffices.dedup();
        Ok(match answer {
            Some(answer) if suffices.is_empty() => answer,
            _ => Answer::Slack { suffices },
        })
    }

    /// Runs the tests with a weaker ordering, until one fails.
    fn run(&self, weaker: Strength) -> Result<Tried, Refusal> {
        let Use { site, role, ordering } = self.of;
        let role = format!("{role:?}").to_lowercase();
        let by = format!("{}:{}:{} {role} {ordering} {weaker}", site.file, site.line, site.column);
        let mut cut_off = None;
        for (one, before) in &self.tests {
            let tested = one.run(self.limit, Some(&by))?;
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
        table.add_row([place, format!("{:?}", of.role).to_lowercase(), word.to_string(), why]);
    }
    let count = |is: fn(&&Justified) -> bool| found.iter().filter(is).count();
    format!(
        "{table}\n\n{} orderings: {} needed, {} slack, {} not decided.\n\
         needed       with a weaker one a test fails\n\
         slack        each test that uses it is proved with the weaker one, the other orderings as they are; load\n\
        \x20            buffering aside, and only for what these tests look at\n\
         not decided  a search was cut off\n\
         Relaxed ones are not asked about; an ordering that no test uses is not in the table.\n",
        found.len(),
        count(|j| matches!(j.answer, Answer::Needed { .. })),
        count(|j| matches!(j.answer, Answer::Slack { .. })),
        count(|j| matches!(j.answer, Answer::Undecided { .. })),
    )
}

//! For each memory ordering that the tests of a crate use, whether they need it.
//!
//! One ordering at a time is made weaker, where the operation stands and as it runs; nothing is compiled again. The tests that
//! use it are run until one of them does not end as before: then the ordering is needed, and that test says why. If all of
//! them end as before, the weaker ordering suffices for what these tests look at. A search that is cut
//! off or cannot be carried out decides nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use casebook_core::ordering::{Strength, Use};
use comfy_table::{ContentArrangement, Table};
use serde::Serialize;

use super::calls::Written;
use super::patch::Change;
use super::run::{One, Tested, Verdict};
use crate::cli::Refusal;
use crate::justify::search::{self, Answer as Decided, Domain};
use crate::{report, run};

/// What the tests say of one ordering.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "answer")]
pub enum Answer {
    /// Each weaker ordering makes a test fail: one of them, which test, how, and the command that shows it again.
    Needed { with: Strength, test: String, why: String, replay: Option<String> },
    /// With these weaker ones all tests end as before; with none that is weaker still, as far as it was decided.
    Slack { suffices: Vec<Strength> },
    /// With this weaker one a search was cut off, or came to no end, and `why` says how.
    Undecided { with: Strength, test: String, why: String },
    /// It is written in the crate's sources, and no model was seen to use it.
    NoTest,
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

/// How the tests end with weaker orderings.
pub enum Tried {
    Passes,
    Fails { test: String, why: String, replay: Option<String> },
    CutOff { test: String, why: String },
}

/// What the end of a test with weaker orderings says of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Says {
    Passes,
    Fails,
    /// Nothing, as the test does so.
    Nothing(&'static str),
}

impl Says {
    fn of(before: &Verdict, after: &Verdict) -> Says {
        match after {
            Verdict::Untimed | Verdict::Bounded | Verdict::BoundedAndFails => {
                Says::Nothing("is cut off")
            }
            Verdict::Killed => Says::Nothing("is killed: too long"),
            Verdict::Error => Says::Nothing("cannot be explored"),
            Verdict::NoModel => Says::Nothing("runs no model"),
            // Where the search was cut off before, it may come to its end now.
            Verdict::Proved if *before != Verdict::FailedAsExpected => Says::Passes,
            Verdict::FailedAsExpected if before == after => Says::Passes,
            Verdict::Proved | Verdict::FailedAsExpected | Verdict::Failed | Verdict::Ended(_) => {
                Says::Fails
            }
        }
    }
}

/// The tests of a crate and what they found with the orderings as they are.
pub struct Known<'a> {
    tests: BTreeMap<&'a str, (&'a One<'a>, &'a Tested)>,
    limit: Duration,
}

impl<'a> Known<'a> {
    pub fn new(tests: &'a [One<'a>], found: &'a [Tested], limit: Duration) -> Known<'a> {
        let one = |found: &'a Tested| {
            let test = tests.iter().find(|one| one.title == found.test);
            (&found.test[..], (test.expect("it has been run"), found))
        };
        Known { tests: found.iter().map(one).collect(), limit }
    }

    /// Every ordering that the tests use, and which tests do.
    fn used(&self) -> BTreeMap<&'a Use, BTreeSet<&'a str>> {
        let mut used: BTreeMap<&Use, BTreeSet<&str>> = BTreeMap::new();
        for (name, (_, tested)) in &self.tests {
            for of in tested.orderings() {
                used.entry(of).or_default().insert(name);
            }
        }
        used
    }

    /// Asks for each ordering of the crate that could be weaker; `told` hears each answer as it comes.
    pub fn justify(
        &self,
        mut told: impl FnMut(&Justified) -> Result<(), Refusal> + Send,
    ) -> Result<Vec<Justified>, Refusal> {
        // What stands in another package, or in std, is not for this crate to change.
        let own = |of: &Use| !of.site.file.starts_with('/');
        let used = self.used().into_iter();
        let jobs: Vec<(&Use, BTreeSet<&str>)> =
            used.filter(|(of, _)| own(of) && !of.role.weaker(of.ordering).is_empty()).collect();
        let (mut found, mut refusal) = (Vec::new(), None);
        let work = |(of, tests): &(&Use, BTreeSet<&str>)| {
            let answer = self.answer(of)?;
            Ok(Justified { of: (*of).clone(), tests: tests.len(), answer })
        };
        run::on_all_cores(&jobs, work, |justified: Result<Justified, Refusal>| {
            match justified {
                Ok(justified) => {
                    refusal = refusal.take().or(told(&justified).err());
                    found.push(justified);
                }
                Err(error) => _ = refusal.get_or_insert(error),
            }
            refusal.is_none()
        });
        found.sort_by(|a, b| a.of.cmp(&b.of));
        refusal.map_or(Ok(found), Err)
    }

    /// Those of the crate's sources that no test has used.
    pub fn unused(&self, written: &[Written]) -> Vec<Justified> {
        let used = self.used();
        let unused = written.iter().filter(|written| {
            !used.keys().any(|of| of.site == written.site && of.ordering == written.ordering)
        });
        let told = unused.map(|Written { site, role, ordering, .. }| Justified {
            of: Use { site: site.clone(), role: *role, ordering: *ordering },
            tests: 0,
            answer: Answer::NoTest,
        });
        told.collect()
    }

    /// Searches for the weakest orderings that pass.
    fn answer(&self, of: &Use) -> Result<Answer, Refusal> {
        let Use { role, ordering, .. } = *of;
        let (mut fails, mut cut_off, mut refusal) = (None, None, None);
        let domain = Domain { role, strengths: role.up_to(ordering) };
        let found = search::minimal(&[domain], u64::MAX, |strengths| {
            let with = strengths[0];
            if with == ordering {
                return Decided::Holds;
            }
            match self.run(&[(of.clone(), with)]) {
                Ok(Tried::Passes) => return Decided::Holds,
                Ok(Tried::Fails { test, why, replay }) => {
                    fails = Some(Answer::Needed { with, test, why, replay });
                    return Decided::Breaks;
                }
                Ok(Tried::CutOff { test, why }) => {
                    cut_off = Some(Answer::Undecided { with, test, why });
                }
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

    /// Runs the tests that use any of these with the weaker orderings, until one fails.
    pub fn run(&self, weaker: &[(Use, Strength)]) -> Result<Tried, Refusal> {
        let one = |(Use { site, role, ordering }, weaker): &(Use, Strength)| {
            format!("{}:{}:{} {role} {ordering} {weaker}", site.file, site.line, site.column)
        };
        let by = weaker.iter().map(one).collect::<Vec<_>>().join(";");
        let uses = |tested: &Tested| {
            tested
                .orderings()
                .find(|of| weaker.iter().any(|(weakened, _)| weakened == *of))
                .cloned()
        };
        let mut cut_off = None;
        for (test, before) in self.tests.values().filter(|(_, before)| uses(before).is_some()) {
            let tested = test.run(self.limit, Some(&by))?;
            // What is told is what was used: without this, a place that is not met would be slack.
            if let Some(Use { site, ordering, .. }) = uses(&tested) {
                return Err(format!("{site}: {ordering} could not be replaced in {}", tested.test));
            }
            match Says::of(&before.verdict, &tested.verdict) {
                Says::Passes => {}
                Says::Nothing(why) => {
                    cut_off.get_or_insert(Tried::CutOff { test: tested.test, why: why.into() });
                }
                Says::Fails => {
                    let (why, replay) = (tested.why(), tested.replay);
                    return Ok(Tried::Fails { why, replay, test: tested.test });
                }
            }
        }
        Ok(cut_off.unwrap_or(Tried::Passes))
    }

    /// As many of the changes as pass together: all of them, or else one after the other.
    pub fn together(&self, changes: Vec<Change>) -> Result<Vec<Change>, Refusal> {
        let all = |changes: &[Change]| -> Vec<(Use, Strength)> {
            changes.iter().flat_map(|change| change.uses.clone()).collect()
        };
        let passes = |changes: &[Change]| match self.run(&all(changes)) {
            Ok(tried) => Ok(matches!(tried, Tried::Passes)),
            Err(error) => Err(error),
        };
        if passes(&changes)? {
            return Ok(changes);
        }
        let mut kept = Vec::new();
        for change in changes {
            kept.push(change);
            if !passes(&kept)? {
                kept.pop();
            }
        }
        Ok(kept)
    }
}

/// A row an ordering, then what it comes to, and the commands that show what fails.
pub fn table(found: &[Justified], width: u16) -> String {
    let mut table = Table::new();
    table.load_style(report::STYLE);
    table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    table.set_header(["ordering", "of", "answer", "because"]);
    let place = |of: &Use| format!("{}:{}: {}", of.site.file, of.site.line, of.ordering);
    for Justified { of, tests, answer } in found {
        let (word, why) = match answer {
            Answer::Needed { with, test, why, .. } => ("needed", format!("{with}: {test}: {why}")),
            Answer::Slack { suffices } => {
                let names: Vec<String> = suffices.iter().map(Strength::to_string).collect();
                ("slack", format!("{} passes each test that uses it ({tests})", names.join(" or ")))
            }
            Answer::Undecided { with, test, why } => {
                ("not decided", format!("{with}: {test} {why}"))
            }
            Answer::NoTest => ("no test", "no model was seen to use it".to_string()),
        };
        table.add_row([place(of), of.role.to_string(), word.to_string(), why]);
    }
    let mut text = format!("{table}\n\n");
    for Justified { of, answer, .. } in found {
        if let Answer::Needed { with, replay: Some(replay), .. } = answer {
            text += &format!("{}, as {with}, fails again: {replay}\n", place(of));
        }
    }
    let count = |is: fn(&&Justified) -> bool| found.iter().filter(is).count();
    text += &format!(
        "\n{}: {} needed, {} slack, {} not decided, {} seen in no test.\n\
         needed       with a weaker one a test fails\n\
         slack        each test that uses it ends with the weaker one as it does now, proved or failed as expected, the\n\
        \x20            other orderings as they are; load buffering aside, and only for what these tests look at\n\
         not decided  a search was cut off, or could not be carried out\n\
         no test      written in the crate's sources, and no model was seen to use it; one may all the same, where the\n\
        \x20            call is one of a wrapper without #[track_caller], or where the atomic is std's own\n\
         A Relaxed one that a test runs is not asked about.\n",
        report::many(found.len(), "ordering"),
        count(|j| matches!(j.answer, Answer::Needed { .. })),
        count(|j| matches!(j.answer, Answer::Slack { .. })),
        count(|j| matches!(j.answer, Answer::Undecided { .. })),
        count(|j| matches!(j.answer, Answer::NoTest)),
    );
    text.replace("\n\n\n", "\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_failure_says_that_an_ordering_is_needed() {
        use Verdict::*;
        for before in [Proved, Bounded, FailedAsExpected] {
            for after in [Bounded, BoundedAndFails, Killed, Error, NoModel] {
                let says = Says::of(&before, &after);
                assert!(matches!(says, Says::Nothing(_)), "{before}, {after}: {says:?}");
            }
            for after in [Failed, Ended("signal: 6".to_string())] {
                assert_eq!(Says::of(&before, &after), Says::Fails, "{before}, {after}");
            }
        }
        assert_eq!(Says::of(&Proved, &Proved), Says::Passes);
        assert_eq!(Says::of(&Bounded, &Proved), Says::Passes);
        assert_eq!(Says::of(&FailedAsExpected, &FailedAsExpected), Says::Passes);
        assert_eq!(Says::of(&FailedAsExpected, &Proved), Says::Fails);
        assert_eq!(Says::of(&Proved, &FailedAsExpected), Says::Fails);
    }
}

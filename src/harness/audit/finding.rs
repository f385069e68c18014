//! What the audit can find: its rules, each with the case that shows it and the question to ask.

use std::fmt;

use serde::Serialize;

/// How sure a finding is, and what it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The corpus refutes it, or it says something of the corpus that is not so. These are few, and each is open until it is
    /// mended, allowed with a reason, or known.
    Wrong,
    /// An ordering without a reason: nothing is known to be wrong. Advisory, unless asked for.
    Unexplained,
}

/// A rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// A comment cites a case that does not exist.
    UnknownCitation,
    /// A comment cites a case that fails as the reason of an ordering.
    FailingCitation,
    /// What a citation says of an ordering is not what the operation has, or not what the case says.
    OtherCitation,
    /// A Relaxed flag guards plain data.
    RelaxedFlag,
    /// A lock that is taken or given back by a Relaxed operation.
    RelaxedLock,
    /// A load and a store where another thread's update is lost in between.
    LoadThenStore,
    /// What a failed compare-exchange read is used with a Relaxed failure ordering.
    RelaxedFailure,
    /// Store buffering of which one side is not SeqCst.
    WeakStoreBuffering,
    /// A count of references without what orders the destruction.
    LastReference,
    /// The guard of a blocking lock is held across an `await`.
    GuardAcrossAwait,
    /// `casebook: allow(…)` without a reason, or of a rule that does not exist.
    Allow,
    /// An ordering without a comment that says why.
    NoReason,
}

impl Rule {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Rule; 12] = [
        Rule::UnknownCitation,
        Rule::FailingCitation,
        Rule::OtherCitation,
        Rule::RelaxedFlag,
        Rule::RelaxedLock,
        Rule::LoadThenStore,
        Rule::RelaxedFailure,
        Rule::WeakStoreBuffering,
        Rule::LastReference,
        Rule::GuardAcrossAwait,
        Rule::Allow,
        Rule::NoReason,
    ];

    /// The rule of this name.
    pub fn find(name: &str) -> Option<Rule> {
        Rule::ALL.into_iter().find(|rule| rule.name() == name)
    }

    /// By which it is allowed.
    pub fn name(self) -> &'static str {
        match self {
            Rule::UnknownCitation => "unknown-citation",
            Rule::FailingCitation => "failing-citation",
            Rule::OtherCitation => "other-citation",
            Rule::RelaxedFlag => "relaxed-flag",
            Rule::RelaxedLock => "relaxed-lock",
            Rule::LoadThenStore => "load-then-store",
            Rule::RelaxedFailure => "relaxed-failure",
            Rule::WeakStoreBuffering => "weak-store-buffering",
            Rule::LastReference => "last-reference",
            Rule::GuardAcrossAwait => "guard-across-await",
            Rule::Allow => "allow",
            Rule::NoReason => "no-reason",
        }
    }

    /// How sure it is.
    pub fn kind(self) -> Kind {
        if self == Rule::NoReason { Kind::Unexplained } else { Kind::Wrong }
    }

    /// What it looks for, in a sentence.
    pub fn looks_for(self) -> &'static str {
        match self {
            Rule::UnknownCitation => "a comment cites a case that does not exist",
            Rule::FailingCitation => {
                "a comment gives a case that is declared to fail as an ordering's reason"
            }
            Rule::OtherCitation => {
                "a citation says something else than the operation has, or the case"
            }
            Rule::RelaxedFlag => "a Relaxed flag guards plain data",
            Rule::RelaxedLock => "a lock is taken or given back by a Relaxed operation",
            Rule::LoadThenStore => "a load and a store lose what another thread does in between",
            Rule::RelaxedFailure => {
                "what a failed compare-exchange read is followed with a Relaxed failure ordering"
            }
            Rule::WeakStoreBuffering => {
                "two threads store and then look at each other's store, and not all of it is SeqCst"
            }
            Rule::LastReference => {
                "the last reference frees without having acquired the others' use"
            }
            Rule::GuardAcrossAwait => "the guard of a blocking lock is held across an await",
            Rule::Allow => "an allow without a reason, or of a rule that does not exist",
            Rule::NoReason => "an ordering without a comment that says why",
        }
    }

    /// The cases that show it: what fails.
    pub fn cases(self) -> &'static [&'static str] {
        match self {
            Rule::RelaxedFlag => &["message_passing/relaxed_load", "message_passing/relaxed_store"],
            Rule::RelaxedLock => &["spin_lock/relaxed_lock", "spin_lock/relaxed_unlock"],
            Rule::LoadThenStore => &["lost_update/load_store_seq_cst", "spin_lock/load_then_store"],
            Rule::RelaxedFailure => {
                &["lazy_pointer/relaxed_failure", "compare_exchange_failure/relaxed_on_failure"]
            }
            Rule::WeakStoreBuffering => {
                &["store_buffering/one_load_acquire", "store_buffering/one_store_release"]
            }
            Rule::LastReference => &["last_reference/relaxed_decrement", "last_reference/no_fence"],
            Rule::GuardAcrossAwait => &["guard_across_await/guard_held"],
            _ => &[],
        }
    }

    /// What to ask the author.
    pub fn question(self) -> &'static str {
        match self {
            Rule::UnknownCitation => "Which case is meant?",
            Rule::FailingCitation => "Which case that holds needs this ordering?",
            Rule::OtherCitation => "Which of the two is meant, the comment or the code?",
            Rule::RelaxedFlag => {
                "What else orders the plain data between the thread that raises the flag and the one that sees it?"
            }
            Rule::RelaxedLock => {
                "What else orders what the last owner wrote before what the next one reads?"
            }
            Rule::LoadThenStore => "What keeps another thread from writing in between?",
            Rule::RelaxedFailure => {
                "What else makes the contents visible that the failed exchange has found?"
            }
            Rule::WeakStoreBuffering => {
                "Must at least one of the two see the other's store? Then all four are to be SeqCst, or a SeqCst fence stands between."
            }
            Rule::LastReference => "What orders the other owners' last use before the destruction?",
            Rule::GuardAcrossAwait => {
                "Who else takes this lock on the thread that polls the task, or while it is suspended?"
            }
            Rule::Allow => "Why is it right all the same?",
            Rule::NoReason => "What does it pair with, and why will a weaker one not do?",
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Serialize for Rule {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.name())
    }
}

/// Something found.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// By which rule.
    pub rule: Rule,
    /// Its kind.
    pub kind: Kind,
    /// The file, from the folder that was asked for.
    pub file: String,
    /// The line and the column, from 1.
    pub line: usize,
    /// As above.
    pub column: usize,
    /// The function around, and the operation: `Queue::push: self.tail.store`. With the rule and the file it is what a
    /// baseline knows it by.
    pub place: String,
    /// What is there, in a sentence.
    pub says: String,
    /// The case that shows what can happen; of the rule's, the one that is nearest.
    pub case: Option<String>,
    /// What to ask the author.
    pub ask: &'static str,
    /// Whether only tests have it.
    pub in_tests: bool,
    /// Why it does not count: allowed in the source, and the reason given there; or known by a baseline.
    pub settled: Option<Settled>,
}

/// Why a finding does not count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "by", content = "reason")]
pub enum Settled {
    /// The source allows it, for this reason.
    Allowed(String),
    /// The baseline knows it.
    Baseline,
}

//! The answer to a litmus test, printed as herd prints it.

use std::fmt;
use std::time::Duration;

use serde::Serialize;

use super::ast::{Observable, Prop, Quantifier, Test, Value, location_at};

/// What all executions of a test say to its condition.
#[derive(Clone, Debug, Serialize)]
pub struct Answer {
    /// The name of the test.
    pub test: String,
    /// `Allowed`, `Forbidden` or `Required`: how the condition is meant.
    pub kind: Kind,
    /// The final states of the executions, in herd's order.
    pub states: Vec<State>,
    /// Whether the condition, as it is meant, is true.
    pub ok: bool,
    /// Executions whose final state satisfies the condition's proposition.
    pub positive: u64,
    /// Executions whose final state does not.
    pub negative: u64,
    /// Some execution has a data race, so that in C the program means nothing.
    pub undefined: bool,
    /// Whether load buffering could add executions to those of the model; none where they are counted.
    pub exposed: Option<bool>,
    /// The condition, in herd's spelling.
    pub condition: String,
    /// `Never`, `Sometimes` or `Always`.
    pub observation: Observation,
    /// How long it took; in JSON, in seconds.
    #[serde(rename = "seconds", serialize_with = "seconds")]
    pub elapsed: Duration,
    /// herd's hash of the test.
    pub hash: String,
}

/// A final state.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct State {
    /// Registers and locations with their values, in the order of printing.
    pub values: Vec<(String, String)>,
    /// How many executions end in it.
    pub executions: u64,
}

/// herd's word for a quantifier.
#[derive(Clone, Copy, Debug, Serialize, PartialEq, Eq)]
pub enum Kind {
    /// `exists`
    Allowed,
    /// `~exists`
    Forbidden,
    /// `forall`
    Required,
}

/// How often the condition's proposition is observed.
#[derive(Clone, Copy, Debug, Serialize, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are herd's words")]
pub enum Observation {
    Never,
    Sometimes,
    Always,
}

impl Answer {
    /// Puts together what the executions of a test showed: each final state, as values of [`Test::shown`], with its
    /// number of executions.
    pub(super) fn new(
        test: &Test,
        found: impl Iterator<Item = (Vec<Value>, u64)>,
        undefined: bool,
    ) -> Self {
        let (mut positive, mut negative, mut states) = (0, 0, Vec::new());
        for (values, executions) in found {
            let value = |observable: &Observable| {
                let index = test
                    .shown
                    .binary_search(observable)
                    .expect("all that the condition mentions is shown");
                values[index]
            };
            let counter = if test.condition.holds(&value) { &mut positive } else { &mut negative };
            *counter += executions;
            states.push(State::new(test, &values, executions));
        }
        let kind = Kind::of(test);
        let ok = match kind {
            Kind::Allowed => positive > 0,
            Kind::Forbidden => positive == 0,
            Kind::Required => negative == 0,
        };
        let observation = match (positive, negative) {
            (0, _) => Observation::Never,
            (_, 0) => Observation::Always,
            _ => Observation::Sometimes,
        };
        let condition = condition(test);
        let (name, hash) = (test.name.clone(), test.hash.clone());
        Answer {
            test: name,
            kind,
            states,
            ok,
            positive,
            negative,
            undefined,
            exposed: None,
            condition,
            observation,
            elapsed: Duration::ZERO,
            hash,
        }
    }
}

impl Kind {
    /// How the condition of a test is meant.
    pub fn of(test: &Test) -> Kind {
        match test.quantifier {
            Quantifier::Exists => Kind::Allowed,
            Quantifier::NotExists => Kind::Forbidden,
            Quantifier::Forall => Kind::Required,
        }
    }
}

impl State {
    /// A final state from the values of [`Test::shown`].
    pub fn new(test: &Test, values: &[Value], executions: u64) -> Self {
        let shown = test.shown.iter().zip(values);
        let values = shown
            .map(|(observable, value)| (observable.to_string(), print(test, *value)))
            .collect();
        State { values, executions }
    }
}

fn seconds<S: serde::Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(time.as_secs_f64())
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Answer { test, kind, states, positive, negative, condition, observation, .. } = self;
        writeln!(f, "Test {test} {kind:?}")?;
        writeln!(f, "States {}", states.len())?;
        for state in states {
            writeln!(f, "{state}")?;
        }
        writeln!(
            f,
            "{}",
            if self.undefined {
                "Undef"
            } else if self.ok {
                "Ok"
            } else {
                "No"
            }
        )?;
        // A witness of `~exists` is an execution that does not satisfy the proposition.
        let (witnesses, others) =
            if *kind == Kind::Forbidden { (negative, positive) } else { (positive, negative) };
        writeln!(f, "Witnesses\nPositive: {witnesses} Negative: {others}")?;
        if self.undefined {
            writeln!(f, "Flag *undef*")?;
        }
        writeln!(f, "Condition {condition}")?;
        writeln!(f, "Observation {test} {observation:?} {positive} {negative}")?;
        writeln!(f, "Time {test} {:.2}", self.elapsed.as_secs_f64())?;
        writeln!(f, "Hash={}\n", self.hash)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let values: Vec<String> =
            self.values.iter().map(|(what, value)| format!("{what}={value};")).collect();
        f.write_str(&values.join(" "))
    }
}

impl fmt::Display for Observable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Observable::Register { thread, name, .. } => write!(f, "{thread}:{name}"),
            Observable::Location { name, .. } => write!(f, "[{name}]"),
        }
    }
}

fn print(test: &Test, value: Value) -> String {
    match location_at(value, test.locations.len()) {
        Some(location) => test.locations[location].name.clone(),
        None => value.to_string(),
    }
}

fn condition(test: &Test) -> String {
    let quantifier = match test.quantifier {
        Quantifier::Exists => "exists",
        Quantifier::NotExists => "~exists",
        Quantifier::Forall => "forall",
    };
    format!("{quantifier} ({})", proposition(test, &test.condition, Operator::None))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Operator {
    None,
    And,
    Or,
    Implies,
}

/// herd sets parentheses where the operator around differs, except a conjunction in a disjunction.
fn proposition(test: &Test, prop: &Prop, around: Operator) -> String {
    let join = |p: &Prop, sign: &str, q: &Prop, own: Operator| {
        let text = format!("{}{sign}{}", proposition(test, p, own), proposition(test, q, own));
        let bare = around == Operator::None
            || around == own
            || (around, own) == (Operator::Or, Operator::And);
        if bare { text } else { format!("({text})") }
    };
    match prop {
        Prop::True => "true".to_owned(),
        Prop::False => "false".to_owned(),
        Prop::Is(observable, value) => format!("{observable}={}", print(test, *value)),
        Prop::Same(a, b) => format!("{a}={b}"),
        Prop::Not(p) => format!("not ({})", proposition(test, p, Operator::None)),
        Prop::And(p, q) => join(p, " /\\ ", q, Operator::And),
        Prop::Or(p, q) => join(p, " \\/ ", q, Operator::Or),
        Prop::Implies(p, q) => join(p, " => ", q, Operator::Implies),
    }
}

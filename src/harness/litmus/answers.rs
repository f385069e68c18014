//! What the engines say to one litmus test: herd's answer, a comparison of the states, or JSON.

use std::path::Path;

use super::Executions;
use crate::pool::litmus::states;
use casebook_core::verdict::{EngineId, Report, Verdict};
use casebook_litmus::{Answer, Error, Kind, State, Test};
use serde_json::{Value, json};

/// The answers to one test, in the order of the engines on the command line.
pub struct Answers {
    pub test: Test,
    /// Whose executions rc11 counts.
    pub model: Executions,
    /// What each engine found, or why it cannot run the test.
    pub found: Vec<(EngineId, Result<Found, String>)>,
}

/// What an engine found.
pub enum Found {
    /// Every execution of rc11's model, counted.
    Answered(Box<Answer>),
    /// The states that a search came to.
    Searched { word: &'static str, executions: u64, states: Vec<State> },
    /// A data race, where the search stopped.
    Race,
}

impl Found {
    /// What a report of loom or shuttle says.
    pub fn searched(test: &Test, report: &Report) -> Result<Found, String> {
        match &report.verdict {
            Verdict::Refuted { failure, .. }
                if failure.kind == casebook_core::verdict::Kind::DataRace =>
            {
                Ok(Found::Race)
            }
            Verdict::Refuted { failure, .. } => {
                Err(format!("{}: {}", failure.kind, failure.message))
            }
            Verdict::Inexpressible { reason } => Err(reason.sentence().into()),
            verdict => Ok(Found::Searched {
                word: verdict.word(),
                executions: verdict.executions(),
                states: states(test, report),
            }),
        }
    }

    /// The states seen, where the search went to its end.
    fn states(&self) -> Option<&[State]> {
        match self {
            Found::Answered(answer) => Some(&answer.states),
            Found::Searched { states, .. } => Some(states),
            Found::Race => None,
        }
    }

    fn sees(&self, state: &State) -> bool {
        self.states().is_some_and(|states| states.iter().any(|seen| seen.values == state.values))
    }
}

impl Answers {
    /// Whether every engine gave an answer.
    pub fn complete(&self) -> bool {
        self.found.iter().all(|(_, found)| found.is_ok())
    }

    /// Why an engine gave none, for standard error.
    pub fn errors(&self) -> impl Iterator<Item = String> {
        self.found.iter().filter_map(|(engine, found)| {
            let why = found.as_ref().err()?;
            Some(format!("{engine} cannot run this: {why}"))
        })
    }

    /// herd's answer, and a comparison where another engine was asked too.
    pub fn text(&self) -> String {
        let answer = self.answer();
        let mut text = answer.map(Answer::to_string).unwrap_or_default();
        if self.found.iter().any(|(engine, _)| !engine.is_exact()) {
            if answer.is_none() {
                text += &format!("Test {} {:?}\n", self.test.name, Kind::of(&self.test));
            }
            text += &self.table();
            for (engine, found) in &self.found {
                text += &self.note(*engine, found);
            }
            if answer.is_none() {
                text += "rc11 counts the executions of the memory model; without it there is no Ok, \
                         Witnesses or Observation\n";
            }
            text.push('\n');
        }
        text
    }

    /// rc11's answer.
    fn answer(&self) -> Option<&Answer> {
        self.found.iter().find_map(|(_, found)| match found {
            Ok(Found::Answered(answer)) => Some(&**answer),
            _ => None,
        })
    }

    /// Every state that some engine sees, rc11's first.
    fn states(&self) -> Vec<&State> {
        let mut all: Vec<&State> = self.answer().iter().flat_map(|answer| &answer.states).collect();
        for states in self.found.iter().filter_map(|(_, found)| found.as_ref().ok()?.states()) {
            for state in states {
                if all.iter().all(|known| known.values != state.values) {
                    all.push(state);
                }
            }
        }
        all
    }

    /// A line for each state, a column for each engine.
    fn table(&self) -> String {
        let title = format!("Engines {}", self.test.name);
        let states = self.states();
        let widths = states.iter().map(|state| state.to_string().chars().count());
        let width = widths.chain([title.chars().count()]).max().unwrap_or(0);
        let line = |first: &str, cells: Vec<&str>| {
            let cells: String = cells.iter().map(|cell| format!("  {cell:<7}")).collect();
            format!("{first:<width$}{cells}").trim_end().to_owned() + "\n"
        };
        let of = |engine: EngineId| match engine.is_exact() {
            true => self.model.model.of(engine) + if self.model.late { "-lb" } else { "" },
            false => engine.to_string(),
        };
        let names: Vec<String> = self.found.iter().map(|(engine, _)| of(*engine)).collect();
        let mut text = line(&title, names.iter().map(String::as_str).collect());
        for state in states {
            let cell = |found: &Result<Found, String>| match found {
                Ok(found) if found.sees(state) => "seen",
                Ok(Found::Race) => "race",
                Ok(_) => "-",
                Err(_) => "?",
            };
            text += &line(
                &state.to_string(),
                self.found.iter().map(|(_, found)| cell(found)).collect(),
            );
        }
        text
    }

    /// What an engine did, and how that compares to rc11.
    fn note(&self, engine: EngineId, found: &Result<Found, String>) -> String {
        match found {
            Ok(Found::Answered(_)) => String::new(),
            Ok(Found::Race) => {
                format!(
                    "{engine} reports a data race and stops there: it has no states to compare\n"
                )
            }
            Ok(Found::Searched { word, executions, .. }) => {
                let model = match engine.is_sequentially_consistent() {
                    true => "sequentially consistent ",
                    false => "",
                };
                let difference = self.difference(found.as_ref().ok());
                let many = crate::report::many(*executions as usize, &format!("{model}execution"));
                format!("{engine} {word} {many}{difference}\n")
            }
            Err(why) => format!("{engine} cannot run this: {why}\n"),
        }
    }

    fn difference(&self, found: Option<&Found>) -> String {
        let (Some(found), Some(answer)) = (found, self.answer()) else { return String::new() };
        let missed = self.missed(found, answer).len();
        let extra = self.extra(found, answer).len();
        let of = answer.states.len();
        match (missed, extra) {
            (0, 0) => ": the same states".into(),
            (missed, 0) => format!(": misses {missed} of {of} states"),
            (0, extra) => format!(": sees {extra} that {} does not allow", self.model),
            (missed, extra) => format!(
                ": misses {missed} of {of} states, sees {extra} that {} does not allow",
                self.model
            ),
        }
    }

    /// States of rc11 that another engine does not see.
    fn missed<'a>(&self, found: &Found, answer: &'a Answer) -> Vec<&'a State> {
        answer.states.iter().filter(|state| !found.sees(state)).collect()
    }

    /// States of another engine that rc11 does not see.
    fn extra<'a>(&self, found: &'a Found, answer: &Answer) -> Vec<&'a State> {
        let known = |state: &State| answer.states.iter().any(|seen| seen.values == state.values);
        found.states().unwrap_or(&[]).iter().filter(|state| !known(state)).collect()
    }

    /// What one engine says, as JSON.
    fn engine_json(&self, found: &Result<Found, String>) -> Value {
        match found {
            Ok(Found::Answered(answer)) => serde_json::to_value(answer).expect("it is plain data"),
            Ok(Found::Race) => json!({ "verdict": "race" }),
            Ok(other @ Found::Searched { word, executions, states }) => {
                let values = |states: Vec<&State>| {
                    states.into_iter().map(|state| json!(state.values)).collect::<Vec<_>>()
                };
                let all = values(states.iter().collect());
                let mut object =
                    json!({ "verdict": word, "executions": executions, "states": all });
                if let Some(answer) = self.answer() {
                    object["missed"] = json!(values(self.missed(other, answer)));
                    object["extra"] = json!(values(self.extra(other, answer)));
                }
                object
            }
            Err(why) => json!({ "error": why }),
        }
    }
}

/// One file as one object: a field for each engine, or `error`.
pub fn json(file: &Path, answers: &Result<Answers, Error>) -> Value {
    let mut object = json!({ "file": file.to_string_lossy() });
    match answers {
        Ok(answers) => {
            object["test"] = json!(answers.test.name);
            object["model"] = json!(answers.model.name());
            for (engine, found) in &answers.found {
                object[engine.name()] = answers.engine_json(found);
            }
        }
        Err(error) => {
            let (line, column, what) = (error.line(), error.column(), error.what());
            object["error"] = json!({ "line": line, "column": column, "message": what });
        }
    }
    object
}

//! What the engines answer to one litmus file. A worker does that, so a file that takes its process down takes no other file's answer with it.

mod answers;

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use casebook_core::verdict::{EngineId, Model};
use casebook_litmus::{self as litmus, Answer, Error, Test};
use rc11::Checker;
use serde::{Deserialize, Serialize};

use crate::pool::Pool;
use answers::{Answers, Found};

/// Which executions are counted.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Executions {
    /// The memory model.
    pub model: Model,
    /// Those with load buffering, too.
    pub late: bool,
}

impl std::str::FromStr for Executions {
    type Err = String;

    fn from_str(name: &str) -> Result<Executions, String> {
        let (model, late) = match name.strip_suffix("-lb") {
            Some(model) => (model, true),
            None => (name, false),
        };
        match model.parse() {
            Ok(model) => Ok(Executions { model, late }),
            Err(_) => Err("the models are rc11, c20, rc11-lb and c20-lb".into()),
        }
    }
}

impl Executions {
    /// Its name on the command line and in JSON.
    pub fn name(self) -> String {
        let late = if self.late { "-lb" } else { "" };
        format!("{}{late}", self.model.name())
    }
}

impl fmt::Display for Executions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let late = if self.late { " with load buffering" } else { "" };
        write!(f, "{}{late}", self.model)
    }
}

/// How files are to be answered.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Asked {
    /// By which engines.
    pub engines: Vec<EngineId>,
    /// Whose executions rc11 counts.
    pub model: Executions,
    /// As JSON, and not as herd prints it.
    pub json: bool,
    /// After so long rc11 gives a file up.
    pub time_limit: Option<Duration>,
    /// How many cores one file may have.
    pub workers: usize,
}

/// What there is to print of a file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Told {
    /// On standard output.
    pub out: String,
    /// On standard error.
    pub err: String,
    /// Whether every engine gave an answer.
    pub complete: bool,
}

/// How much longer than its limit a file may take, to be read and to be given up in good order.
const GRACE: Duration = Duration::from_secs(30);

impl Asked {
    /// Answers a file in a worker of the pool.
    pub fn ask(&self, file: &Path, pool: &Pool) -> Told {
        let limit = self.time_limit.map(|limit| limit + GRACE);
        let told = pool.litmus_file(self, file, limit);
        told.unwrap_or_else(|error| {
            let name = file.display().to_string();
            self.told(file, &Err(Error::unanswered(&name, &error.message)))
        })
    }

    /// Answers a file in this process; loom and shuttle are asked in workers of the pool.
    pub fn answer(&self, file: &Path, pool: &Pool) -> Told {
        self.told(file, &self.found(file, pool))
    }

    fn found(&self, file: &Path, pool: &Pool) -> Result<Answers, Error> {
        let name = file.display().to_string();
        let text = std::fs::read_to_string(file)
            .map_err(|error| Error::unreadable(&name, &error.to_string()))?;
        let test = litmus::parse(&text, &name)?;
        let found = self.engines.iter().map(|&engine| {
            let found = match engine {
                exact if exact.is_exact() => self
                    .counted(&test)
                    .map(|answer| Found::Answered(Box::new(answer)))
                    .map_err(|error| error.what().to_owned()),
                engine => pool
                    .litmus(engine, &text)
                    .map_err(|error| error.message)
                    .and_then(|report| Found::searched(&test, &report)),
            };
            (engine, found)
        });
        Ok(Answers { found: found.collect(), model: self.model, test })
    }

    /// Every execution of a test, counted.
    fn counted(&self, test: &Test) -> Result<Answer, Error> {
        let (model, late) = match self.model.model {
            Model::Rc11 => (rc11::Model::Rc11, litmus::Model::Rc11),
            Model::C20 => (rc11::Model::Cxx20, litmus::Model::Cxx20),
        };
        if self.model.late {
            return litmus::run_with_load_buffering(test, late);
        }
        let mut checker = Checker::new().model(model).workers(self.workers);
        if let Some(limit) = self.time_limit {
            checker = checker.time_limit(limit);
        }
        litmus::run(test, &checker)
    }

    /// What there is to print.
    fn told(&self, file: &Path, answers: &Result<Answers, Error>) -> Told {
        let complete = answers.as_ref().is_ok_and(Answers::complete);
        let (mut out, mut err) = (String::new(), String::new());
        match answers {
            _ if self.json => out = format!("{}\n", answers::json(file, answers)),
            Ok(answers) => {
                out = answers.text();
                let name = file.display();
                err.extend(answers.errors().map(|error| format!("{name}: {error}\n")));
            }
            Err(error) => err = format!("{error}\n"),
        }
        Told { out, err, complete }
    }
}

/// A file, and how it is to be answered: what a worker is told.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Job {
    /// The file.
    pub file: PathBuf,
    /// How.
    pub asked: Asked,
}

//! `casebook replay ID ENGINE TOKEN`: exactly one execution, again.

use crate::report;
use casebook_core::verdict::{EngineId, Model};
use casebook_engine::Request;
use clap::Args;

use super::{End, Refusal};

#[derive(Args)]
pub struct Replay {
    /// The case: `file/name`
    id: String,
    /// The engine that gave the token
    #[arg(value_parser = super::engine)]
    engine: EngineId,
    /// The token
    token: String,
    /// Whose executions rc11 replays: those of rc11, or of c20, the letter of C++20
    #[arg(long, default_value = "rc11", value_parser = super::model)]
    model: Model,
}

impl Replay {
    pub fn run(self) -> Result<End, Refusal> {
        let corpus = casebook_core::case::corpus();
        let entry = super::find(&corpus, &self.id)?;
        super::has_model(self.engine, self.model)?;
        let request = Request { replay: Some(self.token), ..Request::under(self.model) };
        let pool = super::pool()?;
        let report = pool.check(self.engine, &entry.id, &request).map_err(|e| e.to_string())?;
        let text = match report.verdict.failure() {
            Some(failure) => report::failure(failure),
            None => {
                let outcome = report.outcomes.keys().next_back().map_or("", String::as_str);
                format!("this execution does not fail; it returns {outcome}\n")
                    + &report::steps(&report.trace)
            }
        };
        super::print(&text)?;
        Ok(End::Done)
    }
}

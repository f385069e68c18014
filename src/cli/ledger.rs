//! `casebook ledger`: what articles claim, each with a verdict and the cases that show it.

use casebook::ledger::{self, Claim};
use clap::Args;

use super::{End, Refusal};

#[derive(Args)]
pub struct Ledger {
    /// Only claims whose article, words, verdict or cites contain this
    #[arg(default_value = "")]
    filter: String,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

const WIDTH: usize = 100;

impl Ledger {
    pub fn run(self) -> Result<End, Refusal> {
        let claims = ledger::matching(ledger::ledger(), &self.filter);
        if claims.is_empty() {
            return Err(format!("no claim of the ledger contains `{}`", self.filter));
        }
        let text = if self.json { claims.iter().map(json).collect() } else { plain(&claims) };
        super::print(&text)?;
        Ok(End::Done)
    }
}

fn json(claim: &Claim) -> String {
    serde_json::to_string(claim).expect("it is plain data") + "\n"
}

/// By article: each claim, its verdict and why, and what shows it.
fn plain(claims: &[Claim]) -> String {
    let mut text = String::new();
    let mut article = "";
    for claim in claims {
        if article != claim.article {
            article = &claim.article;
            text += &format!("\n{article}\n");
        }
        text += &format!("\n{}", wrapped("  ", &claim.claim));
        text += &wrapped("    ", &format!("{}: {}", claim.verdict, claim.why));
        text += &wrapped("      ", &claim.cites.join(" "));
    }
    text.trim_start().to_string()
}

/// The words in lines of at most [`WIDTH`] columns, each line indented.
fn wrapped(indent: &str, words: &str) -> String {
    let mut lines = vec![indent.to_string()];
    for word in words.split_whitespace() {
        let line = lines.last_mut().expect("there is a first line");
        let fresh = line.len() == indent.len();
        if !fresh && line.chars().count() + 1 + word.chars().count() > WIDTH {
            lines.push(format!("{indent}{word}"));
        } else {
            *line += if fresh { "" } else { " " };
            *line += word;
        }
    }
    lines.join("\n") + "\n"
}

//! `casebook ledger`: what articles claim, each with a verdict and the cases that show it.

use crate::ledger::{self, Claim};
use crate::report::wrapped;
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
            text += &format!("\n{}\n", claim.title);
        }
        text += &format!("\n{}", wrapped("  ", &claim.claim));
        text += &wrapped("    ", &format!("{}: {}", claim.verdict, claim.why));
        text += &wrapped("      ", &claim.cites.join(" "));
    }
    text.trim_start().to_string()
}

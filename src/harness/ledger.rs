//! The ledger: what articles claim about concurrency, each with a verdict and the cases that show it.
//!
//! `cases/ledger.toml` is the data; `tests/suite/ledger.rs` holds it to the corpus.

use std::fmt;

use serde::{Deserialize, Serialize};

const DATA: &str = include_str!("../../cases/ledger.toml");

/// One claim with its verdict.
#[derive(Clone, Debug, Serialize)]
pub struct Claim {
    /// A short name of the article, or `general` for what is said in many places.
    pub article: String,
    /// The article's title, by which people know it.
    pub title: String,
    /// What is claimed, shown or asked there.
    pub claim: String,
    /// Whether it is so.
    pub verdict: Verdict,
    /// Why, in one sentence.
    pub why: String,
    /// Ids of cases, and files from the package's root.
    pub cites: Vec<String>,
}

/// Whether a claim is so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// It is so as it stands.
    #[serde(rename = "upheld")]
    Upheld,
    /// It is not so.
    #[serde(rename = "refuted")]
    Refuted,
    /// It is so under a condition that it does not name.
    #[serde(rename = "needs a condition")]
    NeedsCondition,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Verdict::Upheld => "upheld",
            Verdict::Refuted => "refuted",
            Verdict::NeedsCondition => "needs a condition",
        })
    }
}

/// Every claim, article by article.
pub fn ledger() -> Vec<Claim> {
    parse(DATA).expect("the ledger is in its format; a test reads it")
}

/// The claims whose article, title, words, verdict or cites contain `filter`, in whatever case.
pub fn matching(claims: Vec<Claim>, filter: &str) -> Vec<Claim> {
    let filter = filter.to_lowercase();
    let matches = |claim: &Claim| {
        let verdict = claim.verdict.to_string();
        let words = [&claim.article, &claim.title, &claim.claim, &verdict, &claim.why];
        words.into_iter().chain(&claim.cites).any(|text| text.to_lowercase().contains(&filter))
    };
    claims.into_iter().filter(matches).collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    article: Vec<Article>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Article {
    name: String,
    title: String,
    claims: Vec<Line>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    claim: String,
    verdict: Verdict,
    why: String,
    cites: Vec<String>,
}

/// Reads a ledger in the format of `cases/ledger.toml`.
pub fn parse(text: &str) -> Result<Vec<Claim>, toml::de::Error> {
    let file: File = toml::from_str(text)?;
    let claims = file.article.into_iter().flat_map(|Article { name, title, claims }| {
        claims.into_iter().map(move |Line { claim, verdict, why, cites }| Claim {
            article: name.clone(),
            title: title.clone(),
            claim,
            verdict,
            why,
            cites,
        })
    });
    Ok(claims.collect())
}

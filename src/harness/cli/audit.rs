//! `casebook audit`: what a crate's sources say of their memory orderings, and what the corpus says of that.

use std::fs;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{End, Refusal};
use crate::audit::{self, Baseline, Kind, Rule};

#[derive(Args)]
#[command(after_help = rules())]
pub struct Audit {
    /// A crate, any folder with Rust files, or one such file
    #[arg(default_value = ".")]
    path: PathBuf,
    /// How it is told
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Show each ordering without a reason, and count it as open
    #[arg(long)]
    unexplained: bool,
    /// List every ordering with its comment and what it cites
    #[arg(long)]
    list: bool,
    /// Look into what only tests have, too; it is marked
    #[arg(long)]
    tests: bool,
    /// What is known: findings in this file are not open
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write what is open now to this file, for --baseline
    #[arg(long, value_name = "FILE", conflicts_with = "baseline")]
    write_baseline: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One JSON object a line: every ordering, every finding, a summary
    Json,
    /// SARIF 2.1.0, for code hosts
    Sarif,
}

/// The rules, for the help.
fn rules() -> String {
    let mut text = "Rules, for `// casebook: allow(RULE) reason` at the statement:\n".to_string();
    for rule in Rule::ALL {
        text += &format!("  {:<21} {}\n", rule.name(), rule.looks_for());
    }
    text + "\nExit codes: 0 if nothing is open; 1 if something is, or a file cannot be audited; 2 if the request \
            cannot be understood.\nOrderings without a reason are open with --unexplained alone."
}

impl Audit {
    pub fn run(self) -> Result<End, Refusal> {
        let corpus = casebook_core::case::corpus();
        let baseline = self.baseline.as_ref().map(read).transpose()?;
        let mut found = audit::audit(&self.path, &corpus, self.tests)?;
        if let Some(baseline) = baseline {
            found.gone = baseline.settle(&mut found.findings);
        }
        let unexplained = found.open(Kind::Unexplained).filter(|_| self.unexplained);
        let open: Vec<_> = found.open(Kind::Wrong).chain(unexplained).collect();
        if let Some(file) = &self.write_baseline {
            fs::write(file, Baseline::of(open.iter().copied())).map_err(|error| {
                format!("the baseline {} cannot be written: {error}", file.display())
            })?;
            let n = crate::report::many(open.len(), "finding");
            super::print(&format!("{}: {n}\n", file.display()))?;
            return Ok(if found.unread.is_empty() { End::Done } else { End::NotAsDeclared });
        }
        let is_done = open.is_empty() && found.unread.is_empty();
        super::print(&match self.format {
            Format::Text => audit::text(&found, self.unexplained, self.list),
            Format::Json => audit::lines(&found),
            Format::Sarif => audit::sarif(&found, self.unexplained),
        })?;
        Ok(if is_done { End::Done } else { End::NotAsDeclared })
    }
}

fn read(file: &PathBuf) -> Result<Baseline, Refusal> {
    let wrong = |what: String| format!("the baseline {} cannot be read: {what}", file.display());
    let text = fs::read_to_string(file).map_err(|error| wrong(error.to_string()))?;
    Baseline::parse(&text).map_err(wrong)
}

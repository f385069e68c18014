//! `casebook list`: every case with its claim.

use casebook::case::Entry;
use casebook::run;
use clap::Args;
use serde::Serialize;

use super::{End, Refusal};

#[derive(Args)]
pub struct List {
    /// Only cases whose `family/file/name` contains this
    #[arg(default_value = "")]
    filter: String,
    /// One JSON object a line
    #[arg(long, conflicts_with = "ids")]
    json: bool,
    /// Only the ids, in the form of `cases/ids.txt`
    #[arg(long)]
    ids: bool,
}

#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    family: &'a str,
    file: String,
    line: usize,
    claim: String,
    shows: String,
    expected: String,
    engines: &'a [casebook::verdict::EngineId],
}

impl List {
    pub fn run(self) -> Result<End, Refusal> {
        let corpus = super::corpus();
        let listed: Vec<&Entry> =
            corpus.iter().filter(|entry| run::matches(entry, &self.filter)).collect();
        if listed.is_empty() {
            return Err(format!("no case contains `{}`", self.filter));
        }
        let text = if self.ids {
            let mut ids: Vec<String> =
                listed.iter().map(|entry| format!("{}\n", entry.id)).collect();
            ids.sort();
            ids.concat()
        } else if self.json {
            listed.iter().map(|entry| json(entry)).collect()
        } else {
            plain(&listed)
        };
        super::print(&text)?;
        Ok(End::Done)
    }
}

fn json(entry: &Entry) -> String {
    let line = Line {
        id: &entry.id,
        family: entry.shape.family(),
        file: entry.shape.file(),
        line: entry.shape.line(entry.case),
        claim: entry.shape.prose().first().unwrap_or(&"").to_string(),
        shows: entry.doc(),
        expected: (entry.case.expect)().summary(),
        engines: &entry.engines,
    };
    serde_json::to_string(&line).expect("it is plain data") + "\n"
}

fn plain(listed: &[&Entry]) -> String {
    let mut text = String::new();
    let (mut family, mut path) = ("", "");
    for entry in listed {
        if family != entry.shape.family() {
            family = entry.shape.family();
            text += &format!("\n{family}\n");
        }
        if path != entry.shape.path {
            path = entry.shape.path;
            let claim = entry.shape.prose().first().copied().unwrap_or("");
            text += &format!("\n  {}: {claim}\n", entry.shape.stem());
        }
        let expected = (entry.case.expect)().summary();
        text += &format!("    {:<28} {expected:<14} {}\n", entry.case.name, entry.doc());
    }
    text.trim_start().to_string()
}

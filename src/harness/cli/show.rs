//! `casebook show ID`: all there is to know of a case, its verdicts checked now.

use std::path::{Path, PathBuf};

use crate::report;
use crate::run;
use casebook_core::case::Entry;
use casebook_core::expect::{BEYOND_MARK, EXPOSED_MARK};
use casebook_core::verdict::{Letter, Model, Verdict};
use casebook_engine::Request;
use clap::Args;

use super::{End, Refusal};

#[derive(Args)]
pub struct Show {
    /// The case: `file/name`
    id: String,
    /// Write the execution graph of rc11's failure to this file, as its ending says: .svg, .dot, .txt
    #[arg(long, value_name = "FILE")]
    graph: Option<PathBuf>,
}

impl Show {
    pub fn run(self) -> Result<End, Refusal> {
        let corpus = casebook_core::case::corpus();
        let entry = super::find(&corpus, &self.id)?;
        let expectation = (entry.case.expect)();
        let line = entry.shape.line(entry.case);
        let mut text = format!("{}  ({}:{line})\n\n", entry.id, entry.shape.file());
        text += &format!("{}\n\n", entry.doc());
        text += &format!("declared: {}\n", expectation.summary_under(Model::Rc11));
        if let casebook_core::expect::Expectation::Observation(observation) = &expectation {
            for outcome in observation.outcomes() {
                let grade = format!("{:?}", outcome.grade).to_lowercase();
                let beyond = observation.puts_beyond_letter(&outcome.value);
                let beyond = if beyond { format!("; {}", Letter::BEYOND) } else { String::new() };
                let (value, why) = (&outcome.value, outcome.why);
                text += format!("  {value:<12} {grade:<12} {why}{beyond}").trim_end();
                text.push('\n');
            }
        }
        for (engine, reason) in expectation.exceptions() {
            text += &format!("  {engine} differs ({reason:?}): {}\n", reason.sentence());
        }
        text += &format!("\n{}\n", entry.shape.source);
        super::print(&text)?;

        let pool = super::pool()?;
        let (mut results, mut said) = (Vec::new(), expectation.summary_under(Model::Rc11));
        for engine in &entry.engines {
            let checked = run::check(&pool, *engine, entry, &Request::default());
            let verdict = verdict(&checked);
            super::print(&verdict)?;
            said += &verdict;
            if let (Some(path), true) = (&self.graph, engine.is_exact()) {
                draw(entry, &checked, path)?;
            }
            results.push(checked);
        }
        super::print(&format!("\n{}", report::legend(Model::Rc11, results.iter(), &said)))?;
        let as_declared = results.iter().all(run::Checked::as_declared);
        Ok(if as_declared { End::Done } else { End::NotAsDeclared })
    }
}

/// Writes the graph of a failure, its locations named as the case's source names them.
fn draw(entry: &Entry, checked: &run::Checked, path: &Path) -> Result<(), Refusal> {
    let failure = checked.result.as_ref().ok().and_then(|report| report.verdict.failure());
    let graph = failure.and_then(|failure| failure.graph.clone());
    let mut graph = graph.ok_or_else(|| {
        format!("rc11 finds no failing execution of {}, so there is no graph of one", entry.id)
    })?;
    graph.name_locations(|site| entry.shape.text_at(site).map(str::to_string));
    let picture = report::graph::by_ending(&graph, path)
        .ok_or_else(|| format!("{}: a graph is written as .svg, .dot or .txt", path.display()))?;
    std::fs::write(path, picture)
        .map_err(|error| format!("{} cannot be written: {error}", path.display()))?;
    super::print(&format!("    the graph is in {}\n", path.display()))
}

fn verdict(checked: &run::Checked) -> String {
    let mark = if checked.as_declared() { ' ' } else { '✗' };
    let executions = report::count(checked.executions());
    let time = report::time(checked.millis);
    let beyond = checked.beyond_letter().map(|words| format!("  {BEYOND_MARK} {words}"));
    let (engine, beyond) = (checked.engine, beyond.unwrap_or_default());
    let said = match checked.result.as_ref().map(|report| &report.verdict) {
        Ok(Verdict::Inexpressible { reason }) => format!("not run: {}", reason.sentence()),
        _ => format!("{} {executions}  ({time}){beyond}", checked.word()),
    };
    let mut text = format!("{mark} {engine:<8} {said}\n");
    for complaint in &checked.complaints {
        text += &format!("    {complaint}\n");
    }
    let Ok(report) = &checked.result else { return text };
    if let Some(found) = &report.load_buffering {
        let mark = if checked.is_exposed() { EXPOSED_MARK } else { "" };
        text += &report::wrapped("    ", &format!("{found} {mark}"));
    }
    if report.has_outcomes() {
        for (outcome, seen) in &report.outcomes {
            let times = report::many_counted(seen.count, "time");
            let remark = seen.letter.and_then(Letter::remark);
            let remark = remark.map_or(String::new(), |remark| format!(", {remark}"));
            text += &format!("    {outcome:<12} seen {times}{remark}\n");
        }
        if let Some(processor) = &report.processor {
            text += &format!("    on {processor}\n");
        }
    }
    if let Some(failure) = report.verdict.failure() {
        let shown = report::failure(failure);
        text += &shown.lines().map(|line| format!("    {line}\n")).collect::<String>();
        if !failure.replay.is_empty() {
            let (id, engine) = (&checked.id, checked.engine);
            text += &format!("    again: casebook replay {id} {engine} {}\n", failure.replay);
        }
    }
    text
}

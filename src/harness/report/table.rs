//! The table of a run: a row per case, a column per engine, grouped by file.

use std::collections::{BTreeMap, BTreeSet};

use comfy_table::{Cell, CellAlignment, ContentArrangement, LineStyle, TableStyle};
use console::Style;

use super::{count, time};
use crate::run::Checked;
use casebook_core::case::Entry;
use casebook_core::expect::BEYOND_MARK;
use casebook_core::verdict::{EngineId, Letter, Model};

/// One line, under the header.
pub const STYLE: TableStyle =
    TableStyle::new().header_separator(LineStyle::new('─', '─', '─', '─'));

/// Results of a run, to be shown by case.
#[derive(Default)]
pub struct Table {
    model: Model,
    results: BTreeMap<(String, EngineId), Checked>,
}

impl Table {
    /// An empty table of verdicts under `model`.
    pub fn under(model: Model) -> Self {
        Table { model, results: BTreeMap::new() }
    }

    /// Adds a result.
    pub fn add(&mut self, checked: Checked) {
        self.results.insert((checked.id.clone(), checked.engine), checked);
    }

    /// The results that are not as declared.
    pub fn complaints(&self) -> impl Iterator<Item = &Checked> {
        self.results.values().filter(|checked| !checked.as_declared())
    }

    /// How many results there are.
    pub fn len(&self) -> usize {
        self.results.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.results.is_empty()
    }

    /// The table in at most `width` columns, in the order of `corpus`.
    pub fn render(&self, corpus: &[Entry], width: u16, colour: bool) -> String {
        let engines: Vec<EngineId> = EngineId::ALL
            .into_iter()
            .filter(|engine| self.results.keys().any(|(_, shown)| shown == engine))
            .collect();
        let mut table = comfy_table::Table::new();
        table.load_style(STYLE);
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
        let mut header = vec!["case".to_string(), "expected".to_string()];
        header.extend(engines.iter().map(|engine| self.model.of(*engine)));
        header.push("time".into());
        table.set_header(header);

        let (mut shape, mut files) = ("", BTreeSet::new());
        for entry in corpus {
            let shown: Vec<Option<&Checked>> = engines
                .iter()
                .map(|engine| self.results.get(&(entry.id.clone(), *engine)))
                .collect();
            if shown.iter().all(Option::is_none) {
                continue;
            }
            if shape != entry.shape.path {
                shape = entry.shape.path;
                let file = format!("{}/{}", entry.shape.family(), entry.shape.stem());
                table.add_row(vec![Cell::new(&file)]);
                files.insert(file);
            }
            let mut row = vec![
                Cell::new(format!("  {}", entry.case.name)),
                Cell::new((entry.case.expect)().summary_under(self.model)),
            ];
            row.extend(shown.iter().map(|checked| verdict(*checked)));
            let millis = shown.iter().flatten().map(|checked| checked.millis).sum();
            row.push(Cell::new(time(millis)).set_alignment(CellAlignment::Right));
            table.add_row(row);
        }
        if colour { coloured(&table.to_string(), &files) } else { table.to_string() }
    }

    /// What real threads saw, and on which processor: the outcomes of the observations.
    pub fn natively(&self, corpus: &[Entry]) -> String {
        let real = || EngineId::ALL.into_iter().filter(|engine| engine.runs_real_threads());
        let of =
            |entry: &Entry| real().find_map(|engine| self.results.get(&(entry.id.clone(), engine)));
        corpus.iter().filter_map(|entry| Some(natively(entry, of(entry)?))).collect()
    }
}

/// The rendered table with the rows of its files in cyan, and its crosses in red.
fn coloured(table: &str, files: &BTreeSet<String>) -> String {
    let (cyan, red) = (Style::new().cyan(), Style::new().red());
    let (cyan, cross) = (cyan.force_styling(true), red.force_styling(true).apply_to('✗'));
    let cross = cross.to_string();
    let lines = table.lines().map(|line| match files.contains(line.trim()) {
        true => cyan.apply_to(line).to_string(),
        false => line.replace('✗', &cross),
    });
    lines.collect::<Vec<String>>().join("\n")
}

fn natively(entry: &Entry, checked: &Checked) -> String {
    let Ok(report) = &checked.result else { return String::new() };
    let Some(processor) = report.processor.as_ref().filter(|_| report.has_outcomes()) else {
        return String::new();
    };
    let executions = report.verdict.executions();
    let mut text = format!("\n{} on {processor}, {executions} executions\n", checked.id);
    let expectation = (entry.case.expect)();
    for (outcome, seen) in &report.outcomes {
        let beyond = expectation.puts_beyond_letter(outcome);
        let remark = if beyond { format!(", {}", Letter::BEYOND) } else { String::new() };
        text += &format!("  {outcome:<12} seen {} times{remark}\n", seen.count);
    }
    text
}

/// One engine's verdict in a cell; a cross marks what is not as declared.
fn verdict(checked: Option<&Checked>) -> Cell {
    let Some(checked) = checked else { return Cell::new("") };
    let text = match (checked.word(), checked.executions()) {
        ("inexpressible", _) => "not run".to_string(),
        ("error", _) => "error".to_string(),
        (word, executions) => format!("{word} {}", count(executions)),
    };
    let text = match checked.beyond_letter() {
        Some(_) => format!("{text} {BEYOND_MARK}"),
        None => text,
    };
    if checked.as_declared() { Cell::new(text) } else { Cell::new(format!("✗ {text}")) }
}

/// What the words in a table of verdicts under `model` mean, and the mark where there is one.
pub fn legend(model: Model, marked: bool) -> String {
    let proved = match model {
        Model::Rc11 => {
            "\
proved    every execution of the engine's model was visited and none fails. rc11's model is RC11,
          but no load reads a later store, and each thread fails or wakes spuriously at most once;
          shuttle's is sequential consistency, with races of weaker orderings but not their outcomes"
        }
        Model::C20 => {
            "\
proved    every execution that the letter of C++20 allows was visited and none fails; but no load
          reads a later store, and each thread fails or wakes spuriously at most once"
        }
    };
    let mark =
        if marked { format!("\n{BEYOND_MARK}         {LEGEND_OF_MARK}") } else { String::new() };
    format!("{proved}\n{LEGEND}{mark}")
}

const LEGEND: &str = "\
explored  loom's search came to its end; it is known to skip executions, so this is no proof
sampled   that many executions passed; under native: on this machine, just now
bounded   the search was cut off at a bound
refuted   an execution fails; the number says how many were visited until then
not run   the engine cannot express the case, or its failure must not be run for real";

const LEGEND_OF_MARK: &str = "\
beyond the letter (LWG 3941): RC11 allows the failure, or the outcome, and the letter of
          C++20 does not";

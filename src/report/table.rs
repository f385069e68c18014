//! The table of a run: a row per case, a column per engine, grouped by file.

use std::collections::BTreeMap;

use comfy_table::{Cell, CellAlignment, Color, ContentArrangement, LineStyle, TableStyle};

use super::{count, time};
use crate::case::Entry;
use crate::run::Checked;
use crate::verdict::EngineId;

/// One line, under the header.
pub(super) const STYLE: TableStyle =
    TableStyle::new().header_separator(LineStyle::new('─', '─', '─', '─'));

/// Results of a run, to be shown by case.
#[derive(Default)]
pub struct Table {
    results: BTreeMap<(String, EngineId), Checked>,
}

impl Table {
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
        if colour {
            table.enforce_styling();
        } else {
            table.force_no_tty();
        }
        let mut header = vec!["case".to_string(), "expected".to_string()];
        header.extend(engines.iter().map(|engine| engine.to_string()));
        header.push("time".into());
        table.set_header(header);

        let mut shape = "";
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
                table.add_row(vec![Cell::new(file).fg(Color::Cyan)]);
            }
            let mut row = vec![
                Cell::new(format!("  {}", entry.case.name)),
                Cell::new((entry.case.expect)().summary()),
            ];
            row.extend(shown.iter().map(|checked| verdict(*checked)));
            let millis = shown.iter().flatten().map(|checked| checked.millis).sum();
            row.push(Cell::new(time(millis)).set_alignment(CellAlignment::Right));
            table.add_row(row);
        }
        table.to_string()
    }
}

/// One engine's verdict in a cell; a cross marks what is not as declared.
fn verdict(checked: Option<&Checked>) -> Cell {
    let Some(checked) = checked else { return Cell::new("") };
    let text = match (checked.word(), checked.executions()) {
        ("inexpressible", _) => "not run".to_string(),
        ("error", _) => "error".to_string(),
        (word, executions) => format!("{word} {}", count(executions)),
    };
    if checked.as_declared() {
        Cell::new(text)
    } else {
        Cell::new(format!("✗ {text}")).fg(Color::Red)
    }
}

/// What the words in the table mean.
pub fn legend() -> &'static str {
    "\
proved    every execution of the engine's model was visited and none fails. rc11's model is C++20's,
          but no load reads a later store, and each thread fails or wakes spuriously at most once;
          shuttle's is sequential consistency, with races of weaker orderings but not their outcomes
explored  loom's search came to its end; it is known to skip executions, so this is no proof
sampled   that many executions passed; under native: on this machine, just now
bounded   the search was cut off at a bound
refuted   an execution fails; the number says how many were visited until then
not run   the engine cannot express the case, or its failure must not be run for real"
}

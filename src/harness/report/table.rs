//! The table of a run: a row per case, a column per engine, grouped by file.

use std::collections::{BTreeMap, BTreeSet};

use comfy_table::{Cell, CellAlignment, ContentArrangement, LineStyle, TableStyle};
use console::Style;

use super::{count, time};
use crate::run::Checked;
use casebook_core::case::Entry;
use casebook_core::expect::{BEYOND_MARK, EXPOSED_MARK, Expectation, Way};
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

    /// The results.
    pub fn results(&self) -> impl Iterator<Item = &Checked> + Clone {
        self.results.values()
    }

    /// How many results there are.
    pub fn len(&self) -> usize {
        self.results.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.results.is_empty()
    }

    /// The table in the order of `corpus`, as wide as it has to be and at most `width` columns if it can be: where all columns are too
    /// many the times go first, then what is expected, and then a case's verdicts stand below it. No word is broken.
    pub fn render(&self, corpus: &[Entry], width: u16, colour: bool) -> String {
        let fits = |table: &String| widest(table) <= usize::from(width);
        let mut tables = Shown::ALL.into_iter().map(|shown| self.arranged(corpus, shown));
        let text = tables.find(fits).unwrap_or_else(|| self.stacked(corpus, width));
        if colour { coloured(&text, corpus) } else { text }
    }

    /// The table with these columns.
    fn arranged(&self, corpus: &[Entry], what: Shown) -> String {
        let engines = self.engines();
        let mut table = comfy_table::Table::new();
        table.load_style(STYLE).set_content_arrangement(ContentArrangement::Disabled);
        let mut header = vec!["case".to_string()];
        header.extend((what >= Shown::Expected).then(|| "expected".to_string()));
        header.extend(engines.iter().map(|engine| self.model.of(*engine)));
        header.extend((what >= Shown::Times).then(|| "time".to_string()));
        table.set_header(header);

        let mut shape = "";
        for entry in corpus {
            let shown: Vec<Option<&Checked>> = self.of(&engines, entry);
            if shown.iter().all(Option::is_none) {
                continue;
            }
            if shape != entry.shape.path {
                shape = entry.shape.path;
                table.add_row(vec![Cell::new(file(entry))]);
            }
            let expectation = (entry.case.expect)();
            let mut row = vec![Cell::new(format!("  {}", entry.case.name))];
            if what >= Shown::Expected {
                row.push(Cell::new(expectation.summary_under(self.model)));
            }
            row.extend(shown.iter().map(|checked| verdict(*checked, &expectation)));
            if what >= Shown::Times {
                let millis = shown.iter().flatten().map(|checked| checked.millis).sum();
                row.push(Cell::new(time(millis)).set_alignment(CellAlignment::Right));
            }
            table.add_row(row);
        }
        trimmed(&table.to_string())
    }

    /// Each case above its verdicts, for a narrow terminal.
    fn stacked(&self, corpus: &[Entry], width: u16) -> String {
        let engines = self.engines();
        let (mut text, mut shape) = (String::new(), "");
        for entry in corpus {
            let shown: Vec<&Checked> = self.of(&engines, entry).into_iter().flatten().collect();
            if shown.is_empty() {
                continue;
            }
            if shape != entry.shape.path {
                shape = entry.shape.path;
                text += &format!("{}\n", file(entry));
            }
            let expectation = (entry.case.expect)();
            text += &format!("  {}: {}\n", entry.case.name, expectation.summary_under(self.model));
            let said = |checked: &&Checked| {
                let engine = self.model.of(checked.engine);
                format!("{engine} {}", said(checked, &expectation)).replace(' ', "\u{a0}")
            };
            let said = shown.iter().map(said).collect::<Vec<_>>().join(", ");
            let lines = super::graph::wrap(&said, usize::from(width).saturating_sub(4));
            lines.iter().for_each(|line| text += &format!("    {line}\n"));
        }
        text.trim_end().to_string()
    }

    /// The engines that were asked.
    fn engines(&self) -> Vec<EngineId> {
        let asked = |engine: &EngineId| self.results.keys().any(|(_, shown)| shown == engine);
        EngineId::ALL.into_iter().filter(asked).collect()
    }

    fn of(&self, engines: &[EngineId], entry: &Entry) -> Vec<Option<&Checked>> {
        engines.iter().map(|engine| self.results.get(&(entry.id.clone(), *engine))).collect()
    }

    /// A run in which all is as declared, in short: the families with their cases and times, what each engine said, what was cut off at a
    /// bound, and what took longest.
    pub fn summary(&self, corpus: &[Entry], width: u16) -> String {
        let engines = self.engines();
        let cases: Vec<(&Entry, Vec<&Checked>)> = corpus
            .iter()
            .map(|entry| (entry, self.of(&engines, entry).into_iter().flatten().collect()))
            .filter(|(_, checked): &(_, Vec<_>)| !checked.is_empty())
            .collect();
        let millis = |checked: &[&Checked]| checked.iter().map(|c| c.millis).sum::<u64>();
        let mut families: BTreeMap<&str, (usize, u64)> = BTreeMap::new();
        for (entry, checked) in &cases {
            let (count, time) = families.entry(entry.shape.family()).or_default();
            (*count, *time) = (*count + 1, *time + millis(checked));
        }
        let mut table = comfy_table::Table::new();
        table.load_style(STYLE).set_content_arrangement(ContentArrangement::Disabled);
        table.set_header(vec!["family", "cases", "time"]);
        let right = |text: String| Cell::new(text).set_alignment(CellAlignment::Right);
        for (family, (count, spent)) in families {
            table.add_row(vec![Cell::new(family), right(count.to_string()), right(time(spent))]);
        }
        let mut text = trimmed(&table.to_string()) + "\n";
        let mut list = |head: &str, items: Vec<String>| {
            let items: Vec<String> = items.iter().map(|item| item.replace(' ', "\u{a0}")).collect();
            let lines =
                super::graph::wrap(&items.join(", "), usize::from(width).saturating_sub(12));
            for (nth, line) in lines.iter().enumerate() {
                text += &format!("\n  {:<9} {line}", if nth == 0 { head } else { "" });
            }
        };
        for engine in &engines {
            let mut words: BTreeMap<&str, usize> = BTreeMap::new();
            let said =
                cases.iter().flat_map(|(_, checked)| checked).filter(|c| c.engine == *engine);
            said.for_each(|checked| *words.entry(checked.word()).or_default() += 1);
            let said = words.iter().map(|(word, count)| format!("{count} {word}"));
            list(&self.model.of(*engine), said.collect());
        }
        let cut_off = cases.iter().flat_map(|(_, checked)| checked);
        let cut_off = cut_off.filter(|checked| checked.word() == "bounded");
        let cut_off = cut_off.map(|checked| format!("{} by {}", checked.id, checked.engine));
        list("bounded", shortened(cut_off.collect()));
        let mut slowest: Vec<_> = cases.iter().map(|(e, c)| (millis(c), &e.id)).collect();
        slowest.sort_by(|a, b| b.cmp(a));
        let slowest = slowest.iter().take(MOST_NAMED);
        list("slowest", slowest.map(|(millis, id)| format!("{id} {}", time(*millis))).collect());
        text
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
fn coloured(table: &str, corpus: &[Entry]) -> String {
    let files: BTreeSet<String> = corpus.iter().map(file).collect();
    let (cyan, red) = (Style::new().cyan(), Style::new().red());
    let (cyan, cross) = (cyan.force_styling(true), red.force_styling(true).apply_to('✗'));
    let cross = cross.to_string();
    let lines = table.lines().map(|line| match files.contains(line.trim()) {
        true => cyan.apply_to(line).to_string(),
        false => line.replace('✗', &cross),
    });
    lines.collect::<Vec<String>>().join("\n")
}

/// What a table has room for: each has what those before it have.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Shown {
    Verdicts,
    Expected,
    Times,
}

impl Shown {
    const ALL: [Shown; 3] = [Shown::Times, Shown::Expected, Shown::Verdicts];
}

/// How many cases a summary names of a kind.
const MOST_NAMED: usize = 5;

/// The first items, and how many more there are.
fn shortened(mut items: Vec<String>) -> Vec<String> {
    let more = items.len().saturating_sub(MOST_NAMED);
    items.truncate(MOST_NAMED);
    items.extend((more > 0).then(|| format!("and {more} more")));
    items
}

/// The row above the cases of a file.
fn file(entry: &Entry) -> String {
    format!("{}/{}", entry.shape.family(), entry.shape.stem())
}

/// The lines without the spaces that they end with.
pub(crate) fn trimmed(table: &str) -> String {
    table.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

/// How many columns the widest line takes.
pub(crate) fn widest(table: &str) -> usize {
    table.lines().map(|line| line.chars().count()).max().unwrap_or(0)
}

fn natively(entry: &Entry, checked: &Checked) -> String {
    let Ok(report) = &checked.result else { return String::new() };
    let Some(processor) = report.processor.as_ref().filter(|_| report.has_outcomes()) else {
        return String::new();
    };
    let executions = report.verdict.executions();
    let executions = super::many(executions as usize, "execution");
    let mut text = format!("\n{} on {processor}, {executions}\n", checked.id);
    let expectation = (entry.case.expect)();
    for (outcome, seen) in &report.outcomes {
        let beyond = expectation.puts_beyond_letter(outcome);
        let remark = if beyond { format!(", {}", Letter::BEYOND) } else { String::new() };
        text +=
            &format!("  {outcome:<12} seen {}{remark}\n", super::many(seen.count as usize, "time"));
    }
    text
}

/// One engine's verdict in a cell.
fn verdict(checked: Option<&Checked>, expectation: &Expectation) -> Cell {
    Cell::new(checked.map(|checked| said(checked, expectation)).unwrap_or_default())
}

/// One engine's verdict; a cross marks what is not as declared, another mark that the engine is declared to differ from the truth, and another a proof
/// that load buffering could go beyond.
fn said(checked: &Checked, expectation: &Expectation) -> String {
    let text = match (checked.word(), checked.executions()) {
        (word @ ("not run" | "error"), _) => word.to_string(),
        (word, executions) => format!("{word} {}", count(executions)),
    };
    let differs = expectation
        .ways()
        .iter()
        .any(|(engine, way, _)| *engine == checked.engine && *way != Way::NoVerdict);
    let mut text = match (checked.beyond_letter(), differs) {
        (Some(_), _) => format!("{text} {BEYOND_MARK}"),
        (None, true) => format!("{text} {DIFFERS_MARK}"),
        (None, false) => text,
    };
    if checked.is_exposed() {
        text += &format!(" {EXPOSED_MARK}");
    }
    if checked.as_declared() { text } else { format!("✗ {text}") }
}

/// Marks the verdict of an engine that is declared to miss the failure, or to raise a false alarm.
const DIFFERS_MARK: &str = "°";

/// What the words of these results mean, and the marks that are in a `text` about them.
pub fn legend<'a>(
    model: Model,
    results: impl Iterator<Item = &'a Checked> + Clone,
    text: &str,
) -> String {
    let asked = |is: fn(EngineId) -> bool| results.clone().any(|checked| is(checked.engine));
    let mut proved = match model {
        Model::Rc11 => "every execution of the engine's model was visited and none fails.",
        Model::C20 => "every execution that the letter of C++20 allows was visited and none fails.",
    }
    .to_string();
    if asked(EngineId::is_exact) {
        proved += match model {
            Model::Rc11 => " rc11's model is RC11; load buffering, which it does not have,",
            Model::C20 => " Load buffering, which the models do not have,",
        };
        proved += " cannot arise, unless a † says that it could. Each thread fails or wakes spuriously at most once.";
    }
    if asked(EngineId::is_sequentially_consistent) {
        proved += " shuttle's is sequential consistency, with races of weaker orderings but not \
                   their outcomes.";
    }
    let is_shown = |of: &str| text.contains(of) && !of.is_ascii();
    let words = std::iter::once(("proved", proved.as_str())).chain(LEGEND);
    let shown = words
        .filter(|(of, _)| is_shown(of) || results.clone().any(|checked| checked.word() == *of));
    let entry = |(of, meaning): (&str, &str)| {
        let meaning = super::wrapped("          ", meaning);
        format!("{of:<10}{}", meaning.trim_start())
    };
    shown.map(entry).collect()
}

const LEGEND: [(&str, &str); 8] = [
    (
        "explored",
        "loom's search came to its end; it is known to skip executions, so this is no proof",
    ),
    ("sampled", "that many executions passed; under native: on this machine, just now"),
    ("bounded", "the search was cut off at a bound"),
    ("refuted", "an execution fails; the number says how many were visited until then"),
    ("not run", "the engine cannot express the case, or its failure must not be run for real"),
    (
        DIFFERS_MARK,
        "as declared, and not the truth: the engine misses the failure, or raises a false alarm; `show` says why",
    ),
    (
        EXPOSED_MARK,
        "load buffering could arise, which C++ and Rust allow and the model does not; `show` says where",
    ),
    (
        BEYOND_MARK,
        "beyond the letter (LWG 3941): RC11 allows the failure, or the outcome, and the letter of C++20 does not",
    ),
];

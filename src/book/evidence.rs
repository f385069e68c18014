//! The execution that refutes a case: a picture, its steps, and how to run it again.

use super::Book;
use super::html::{block, code, escaped, table};
use casebook_core::case::{Entry, Shape};
use casebook_core::graph::Graph;
use casebook_core::verdict::{Failure, Letter, Step};
use casebook_harness::report;
use casebook_harness::run::Checked;

/// Steps shown of a long execution; the failure is at its end.
const SHOWN: usize = 60;

/// A check that refutes, and its failure.
type Refuted<'a> = (&'a Checked, &'a Failure);

/// What the repeatable engines have to show for a refutation; nothing for a case that none refutes.
pub(super) fn evidence(book: &Book, entry: &Entry) -> String {
    let failures: Vec<Refuted> = book
        .results(entry)
        .into_iter()
        .filter_map(|(engine, checked)| {
            let checked = checked.filter(|_| !engine.runs_real_threads())?;
            Some((checked, checked.result.as_ref().ok()?.verdict.failure()?))
        })
        .collect();
    // One execution is enough to look at: the one with a graph.
    let shown = failures.iter().find(|(_, failure)| failure.graph.is_some());
    let Some((checked, failure)) = shown.or(failures.last()) else { return String::new() };
    let name = entry.case.name;
    let holds = (entry.case.expect)().summary() == "holds";
    let what = match (holds && checked.as_declared(), failure.letter) {
        (true, _) => "A false alarm: an execution that the memory model does not allow".to_string(),
        (false, Some(Letter::Beyond)) => format!("An execution that fails, {}", Letter::BEYOND),
        (false, _) => "An execution that fails".to_string(),
    };
    let mut html = format!("<h3 id=\"{name}-execution\">{what}, by {}</h3>\n", checked.engine);
    html += &execution(entry.shape, failure);
    html + &replays(entry, &failures)
}

/// A failing execution of a case of this file: its picture, its steps, and the picture in words.
pub(super) fn execution(shape: &Shape, failure: &Failure) -> String {
    let graph = failure.graph.clone().map(|mut graph| {
        graph.name_locations(|site| shape.text_at(site).map(str::to_string));
        graph
    });
    let picture = graph.as_ref().map_or(String::new(), picture);
    let steps = steps(shape, &failure.trace);
    let words = graph.as_ref().map_or(String::new(), in_words);
    format!("<div class=\"evidence\">\n{picture}{steps}</div>\n{words}")
}

fn picture(graph: &Graph) -> String {
    let svg = report::graph::element_of_page(graph);
    format!(
        "<figure class=\"execution\" tabindex=\"0\" aria-label=\"execution graph\">\n{svg}</figure>\n"
    )
}

/// The picture for those who cannot see it.
fn in_words(graph: &Graph) -> String {
    let text = block(&report::graph::text(graph));
    format!("<details><summary>The picture in words</summary>\n{text}</details>\n")
}

/// The steps, one a row; a line number leads to the source.
fn steps(shape: &Shape, trace: &[Step]) -> String {
    let hidden = trace.len().saturating_sub(SHOWN);
    let earlier = match hidden {
        0 => String::new(),
        1 => "<p>1 earlier step is left out.</p>\n".to_string(),
        n => format!("<p>{n} earlier steps are left out.</p>\n"),
    };
    let rows: Vec<Vec<String>> = trace[hidden..]
        .iter()
        .map(|step| {
            vec![
                step.thread.to_string(),
                operation(step),
                code_or_nothing(&step.value),
                line(shape, step),
            ]
        })
        .collect();
    format!("<div>{earlier}{}</div>\n", table("steps", &["thread", "step", "value", "line"], &rows))
}

fn operation(step: &Step) -> String {
    let mut words = step.operation.clone();
    for more in [&step.object, &step.orderings].into_iter().filter(|more| !more.is_empty()) {
        words += " ";
        words += more;
    }
    escaped(&words)
}

fn code_or_nothing(value: &str) -> String {
    if value.is_empty() { String::new() } else { code(value) }
}

fn line(shape: &Shape, step: &Step) -> String {
    let (line, how) = (step.site.line, step.site.relation.short());
    match step.site.file == shape.file() {
        true => format!("{how}<a href=\"#L{line}\">{line}</a>"),
        false => escaped(&step.site.place()),
    }
}

/// The commands that run the failing executions again.
fn replays(entry: &Entry, failures: &[Refuted]) -> String {
    let commands: String = failures
        .iter()
        .filter(|(_, failure)| !failure.replay.is_empty())
        .map(|(checked, failure)| {
            format!("casebook replay {} {} {}\n", entry.id, checked.engine, failure.replay)
        })
        .collect();
    match commands.is_empty() {
        true => String::new(),
        false => {
            format!("<details><summary>Run it again</summary>\n{}</details>\n", block(&commands))
        }
    }
}

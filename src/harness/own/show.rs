//! The tests of a crate as a table.

use std::time::Duration;

use casebook_core::expect::EXPOSED_MARK;
use comfy_table::{Cell, CellAlignment, ContentArrangement, Table};

use super::compare::Compared;
use super::run::{Model, Tested, Verdict};
use crate::report;
use crate::report::graph::wrap;
use crate::report::{trimmed, widest};

/// How many lines of what a failing test printed are shown, the last ones; but from its last panic on, all are.
const LINES: usize = 60;

/// A test in the table.
struct Row {
    /// Its name, and what each column has of it.
    cells: Vec<String>,
    why: String,
}

/// The columns of which each number ends in the same place.
const NUMBERS: [&str; 4] = ["executions", "blocked", "time", "its time"];

/// A row a test, then what failed, then what it all comes to.
pub fn table(results: &[Tested], width: u16, elapsed: Duration) -> String {
    let compared = results.iter().any(|tested| tested.loom.is_some());
    let loom = if compared { &["loom", "its time"][..] } else { &[] };
    let heads = [&["test", "verdict", "executions", "blocked", "time"], loom].concat();
    let rows: Vec<Row> = results.iter().map(|tested| Row::of(tested, compared)).collect();
    let rows = listed(&heads, &rows, width.into());
    rows + &failures(results) + &summary(results, elapsed, compared)
}

/// The rows, each with what there is to say below it. No word is broken: where the columns are too many, all that is said of a test stands below its
/// name.
fn listed(heads: &[&str], rows: &[Row], width: usize) -> String {
    let wide = in_columns(heads, rows);
    let fits = widest(&wide) <= width;
    let (head, lines): (Vec<&str>, Vec<&str>) = match fits {
        true => (wide.lines().take(2).collect(), wide.lines().skip(2).collect()),
        false => (Vec::new(), rows.iter().map(|row| &row.cells[0][..]).collect()),
    };
    let mut text: String = head.iter().map(|line| format!("{line}\n")).collect();
    for (line, row) in lines.iter().zip(rows) {
        let said = heads.iter().zip(&row.cells).skip(1).filter(|(_, cell)| !cell.is_empty());
        let said = said.map(|(head, cell)| format!("{head} {cell}")).collect::<Vec<_>>().join(", ");
        let below = [if fits { "" } else { &said }, &row.why];
        let below = below.into_iter().filter(|text| !text.is_empty());
        text += &format!("{line}\n");
        for line in below.flat_map(|below| wrap(below, width.saturating_sub(4))) {
            text += &format!("    {line}\n");
        }
    }
    text
}

/// What failed, and how.
fn failures(results: &[Tested]) -> String {
    let mut text = String::new();
    for tested in results.iter().filter(|tested| !tested.output.is_empty()) {
        text += &format!("\n✗ {}: {}\n", tested.test, tested.verdict);
        let (before, lines) = ending(&tested.output);
        if before > 0 {
            text += &format!("  ({before} lines before)\n");
        }
        for line in lines {
            text += &format!("  {line}\n");
        }
        if let Some(replay) = &tested.replay {
            text += &format!("  again: {replay}\n");
        }
        if let Some(graph) = &tested.graph {
            text += &format!("  graph: {}\n", graph.display());
        }
    }
    text
}

/// What it all comes to, and what the words mean.
fn summary(results: &[Tested], elapsed: Duration, compared: bool) -> String {
    let count = |is: fn(&&Tested) -> bool| results.iter().filter(is).count();
    let untimed = match count(|tested| tested.verdict == Verdict::Untimed) {
        0 => String::new(),
        n => format!("{n} {}, ", Verdict::Untimed),
    };
    let mut text = format!(
        "\n{} in {}: {} proved, {untimed}{} bounded, {} failed as expected, {} not as they should be.\n\
         proved   every execution that RC11 allows was visited, and none fails; load buffering, which RC11\n\
         \x20        does not have, cannot arise, unless a {EXPOSED_MARK} says that it could\n",
        report::many(results.len(), "test"),
        report::time(elapsed.as_millis() as u64),
        count(|tested| tested.verdict == Verdict::Proved),
        count(|tested| tested.verdict == Verdict::Bounded),
        count(|tested| tested.verdict == Verdict::FailedAsExpected),
        count(|tested| !tested.verdict.passes()),
    );
    if !untimed.is_empty() {
        text += "untimed  in those executions no wait ends by its time-out; with time-outs, one for each thread, the\n\
                 \x20        search was cut off\n";
    }
    text += "bounded  the search was cut off; what it visited passed, and that is no proof\n";
    if compared {
        text += "loom: explored is no proof, since its search is known to skip executions; refuted may be an alarm that \
                 no\nexecution of the memory model bears out; bounded: not ended in time\n";
    }
    text
}

impl Row {
    fn of(tested: &Tested, compared: bool) -> Row {
        let sum = |of: fn(&Model) -> u64| tested.models.iter().map(of).sum::<u64>();
        let why = tested.models.iter().map(|model| model.why.lines().next().unwrap_or_default());
        let mut why: Vec<String> = why.filter(|why| !why.is_empty()).map(str::to_string).collect();
        let loom = tested.loom.as_ref();
        let loom_why = loom.map(|loom| &loom.why).filter(|why| !why.is_empty());
        why.extend(loom_why.map(|why| format!("loom: {why}")));
        let is_proved = matches!(tested.verdict, Verdict::Proved | Verdict::Untimed);
        let mut exposed = tested.models.iter().map(|model| &model.exposed);
        let exposed = exposed.find(|exposed| is_proved && !exposed.is_empty());
        why.extend(exposed.map(|how| format!("load buffering could arise: {how}")));
        let mark = if exposed.is_some() { EXPOSED_MARK } else { "" };
        let mut cells = vec![
            tested.test.clone(),
            format!("{} {mark}", tested.verdict).trim_end().to_string(),
            sum(|model| model.complete).to_string(),
            sum(|model| model.blocked).to_string(),
            report::time(sum(|model| model.millis)),
        ];
        if compared {
            cells.push(loom.map_or("not there".to_string(), Compared::words));
            cells.push(loom.map_or(String::new(), |loom| report::time(loom.millis)));
        }
        Row { cells, why: why.join("; ") }
    }
}

/// The cells below their heads, a line a row.
fn in_columns(heads: &[&str], rows: &[Row]) -> String {
    let mut table = Table::new();
    table.load_style(report::STYLE).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(heads);
    for row in rows {
        let cells = heads.iter().zip(&row.cells).map(|(head, cell)| {
            let right = NUMBERS.contains(head);
            let alignment = if right { CellAlignment::Right } else { CellAlignment::Left };
            Cell::new(cell).set_alignment(alignment)
        });
        table.add_row(cells);
    }
    trimmed(&table.to_string())
}

/// The end of what a test printed, without empty lines, and how many lines precede it.
fn ending(output: &str) -> (usize, Vec<&str>) {
    let mut lines: Vec<&str> = output.lines().filter(|line| !line.trim().is_empty()).collect();
    let panic = lines.iter().rposition(|line| line.contains(" panicked at "));
    let before = lines.len().saturating_sub(LINES).min(panic.unwrap_or(usize::MAX));
    (before, lines.split_off(before))
}

#[cfg(test)]
mod tests {
    use std::process::ExitStatus;

    use super::*;
    use crate::own::run::Found;

    fn numbered(what: &str, count: usize) -> String {
        (0..count).map(|n| format!("{what} {n}\n")).collect()
    }

    #[test]
    fn a_proof_without_time_outs_is_told_from_one_with_them() {
        let mut untimed = tested(Found::Untimed, "with time-outs: 9 seen, stopped at 3s");
        untimed.verdict = Verdict::of(Some(Found::Untimed), Some(ExitStatus::default()));
        let text = table(&[untimed], 100, Duration::ZERO);
        assert!(text.contains("closing_and_sending   proved untimed"), "{text}");
        assert!(
            text.contains(": 0 proved, 1 proved untimed, 0 bounded")
                && text.contains("\nuntimed  ")
        );
        let bounded = table(&[tested(Found::Bounded, "")], 100, Duration::ZERO);
        assert!(!bounded.contains("untimed"), "{bounded}");
    }

    /// A test, and what was found of it.
    fn tested(found: Found, why: &str) -> Tested {
        let model = Model {
            verdict: found,
            complete: 73_625,
            blocked: 0,
            millis: 4_000,
            why: why.to_string(),
            exposed: String::new(),
            token: String::new(),
            orderings: Vec::new(),
            graph: None,
        };
        Tested {
            test: "sync::tests::loom_mpsc::closing_and_sending".to_string(),
            verdict: Verdict::Bounded,
            models: vec![model],
            output: String::new(),
            replay: None,
            graph: None,
            loom: None,
        }
    }

    #[test]
    fn no_word_is_broken_at_any_width() {
        let why = "stopped at 3s: under 1 % of about 1e7 (± 6e6) by estimate";
        for width in [60, 80, 100, 160] {
            let text = table(&[tested(Found::Bounded, why)], width, Duration::ZERO);
            let rows = text.split("\n\n").next().unwrap();
            assert!(widest(rows) <= usize::from(width), "{text}");
            for word in "sync::tests::loom_mpsc::closing_and_sending bounded 73625".split(' ') {
                assert!(rows.split_whitespace().any(|shown| shown.trim_end_matches(',') == word));
            }
            let shown = rows.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(shown.contains(why), "{text}");
        }
    }

    #[test]
    fn of_much_the_end_is_shown_and_the_failure_never_lost() {
        let (before, shown) = ending("a\n\nb\n");
        assert_eq!((before, shown), (0, vec!["a", "b"]));
        let noise = numbered("noise", 100);
        let (before, shown) = ending(&noise);
        assert_eq!((before, shown[0], shown.len()), (40, "noise 40", LINES));
        let failure = format!("{noise}thread 'a' panicked at b:\n{}", numbered("step", 100));
        let (before, shown) = ending(&failure);
        assert_eq!((before, shown[0], shown.len()), (100, "thread 'a' panicked at b:", 101));
    }
}

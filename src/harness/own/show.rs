//! The tests of a crate as a table.

use std::time::Duration;

use casebook_core::expect::EXPOSED_MARK;
use comfy_table::{Cell, CellAlignment, ContentArrangement, Table};

use super::compare::Compared;
use super::run::{Model, Tested, Verdict};
use crate::report;

/// How many lines of what a failing test printed are shown, the last ones; but from its last panic on, all are.
const LINES: usize = 60;

/// A row a test, then what failed, then what it all comes to.
pub fn table(results: &[Tested], width: u16, elapsed: Duration) -> String {
    let mut table = Table::new();
    table.load_style(report::STYLE);
    table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    let compared = results.iter().any(|tested| tested.loom.is_some());
    let heads = ["test", "verdict", "executions", "blocked", "time"];
    let loom = if compared { &["loom", "its time"][..] } else { &[] };
    table.set_header([&heads, loom, &["why"]].concat());
    for tested in results {
        let sum = |of: fn(&Model) -> u64| tested.models.iter().map(of).sum::<u64>();
        let number = |n: String| Cell::new(n).set_alignment(CellAlignment::Right);
        let why = tested.models.iter().map(|model| model.why.lines().next().unwrap_or_default());
        let mut why: Vec<String> = why.filter(|why| !why.is_empty()).map(str::to_string).collect();
        let loom = tested.loom.as_ref();
        let loom_why = loom.map(|loom| &loom.why).filter(|why| !why.is_empty());
        why.extend(loom_why.map(|why| format!("loom: {why}")));
        let is_proved = tested.verdict == Verdict::Proved;
        let exposed = tested.models.iter().map(|model| &model.exposed);
        let exposed =
            exposed.filter(|exposed| is_proved && !exposed.is_empty()).collect::<Vec<_>>();
        why.extend(exposed.first().map(|first| format!("load buffering could arise: {first}")));
        let mark = if exposed.is_empty() { "" } else { EXPOSED_MARK };
        let mut row = vec![
            Cell::new(&tested.test),
            Cell::new(format!("{} {mark}", tested.verdict).trim_end()),
            number(sum(|model| model.complete).to_string()),
            number(sum(|model| model.blocked).to_string()),
            number(report::time(sum(|model| model.millis))),
        ];
        if compared {
            row.push(Cell::new(loom.map_or("not there".to_string(), Compared::words)));
            row.push(number(loom.map_or(String::new(), |loom| report::time(loom.millis))));
        }
        row.push(Cell::new(why.join("; ")));
        table.add_row(row);
    }
    let mut text = format!("{table}\n");
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
    let count = |is: fn(&&Tested) -> bool| results.iter().filter(is).count();
    text += &format!(
        "\n{} in {}: {} proved, {} bounded, {} failed as expected, {} not as they should be.\n\
         proved   every execution that RC11 allows was visited, and none fails; load buffering, which RC11\n\
         \x20        does not have, cannot arise, unless a {EXPOSED_MARK} says that it could\n\
         bounded  the search was cut off; what it visited passed, and that is no proof\n",
        report::many(results.len(), "test"),
        report::time(elapsed.as_millis() as u64),
        count(|tested| tested.verdict == Verdict::Proved),
        count(|tested| tested.verdict == Verdict::Bounded),
        count(|tested| tested.verdict == Verdict::FailedAsExpected),
        count(|tested| !tested.verdict.passes()),
    );
    if compared {
        text += "loom: explored is no proof, since its search is known to skip executions; refuted may be an alarm that \
                 no\nexecution of the memory model bears out; bounded: not ended in time\n";
    }
    text
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
    use super::*;

    fn numbered(what: &str, count: usize) -> String {
        (0..count).map(|n| format!("{what} {n}\n")).collect()
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

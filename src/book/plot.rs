//! Plots on a logarithmic scale: bars of several series, lines over a size, and ranges around a middle.

use std::fmt::Write;

use super::html::escaped;

const WIDTH: f64 = 720.0;
/// Where values begin, to the right of the labels.
const LEFT: f64 = 190.0;
/// Room for a value's own label to the right of the longest bar.
const RIGHT: f64 = 104.0;
const BAR: f64 = 12.0;
const GAP: f64 = 8.0;
const TOP: f64 = 22.0;

/// A bar: the series it belongs to, its value, and what is written behind it.
pub(super) struct Bar {
    pub series: &'static str,
    pub value: f64,
    pub label: String,
}

/// Where a value stands on an axis from `low` to `high`.
fn x(value: f64, [low, high]: [f64; 2]) -> f64 {
    let share = (value.max(low) / low).ln() / (high / low).ln();
    LEFT + share.min(1.0) * (WIDTH - LEFT - RIGHT)
}

/// A group of bars for each row, under one scale whose ticks are given.
pub(super) fn bars(title: &str, rows: &[(String, Vec<Bar>)], ticks: &[(f64, &str)]) -> String {
    let scale = [ticks[0].0, ticks[ticks.len() - 1].0];
    let mut body = String::new();
    let mut y = TOP;
    for (label, bars) in rows {
        let middle = y + bars.len() as f64 * BAR / 2.0 + 4.0;
        let _ = writeln!(body, "<text x=\"0\" y=\"{middle:.0}\">{}</text>", escaped(label));
        for bar in bars {
            let (end, text) = (x(bar.value, scale), y + BAR - 2.0);
            let (width, height) = ((end - LEFT).max(1.0), BAR - 2.0);
            let _ = writeln!(
                body,
                "<rect class=\"{}\" x=\"{LEFT}\" y=\"{y:.0}\" width=\"{width:.1}\" height=\"{height}\"/>\
                 <text class=\"tick\" x=\"{:.1}\" y=\"{text:.0}\">{}</text>",
                bar.series,
                end + 4.0,
                escaped(&bar.label)
            );
            y += BAR;
        }
        y += GAP;
    }
    framed(title, y, ticks, scale, &body)
}

/// A series over sizes.
pub(super) struct Line {
    pub series: &'static str,
    pub points: Vec<(usize, f64)>,
}

/// Lines over sizes from the first to the last one, in a small plot: many stand side by side.
pub(super) fn lines(
    title: &str,
    lines: &[Line],
    [first, last]: [usize; 2],
    ticks: &[(f64, &str)],
) -> String {
    const SIZE: [f64; 2] = [222.0, 140.0];
    const MARGIN: [f64; 4] = [24.0, 4.0, 22.0, 46.0]; // above, right, below, left
    let [top, right, below, left] = MARGIN;
    let [width, height] = SIZE;
    let (low, high) = (ticks[0].0, ticks[ticks.len() - 1].0);
    let x = |n: usize| {
        let share = (n - first) as f64 / (last - first) as f64;
        left + 6.0 + share * (width - left - right - 12.0)
    };
    let y = |value: f64| {
        let share = (value.max(low) / low).ln() / (high / low).ln();
        height - below - share.min(1.0) * (height - top - below)
    };
    let mut body = String::new();
    for (value, label) in ticks {
        let (at, end) = (y(*value), width - right);
        let _ = writeln!(
            body,
            "<line class=\"axis\" x1=\"{left}\" y1=\"{at:.1}\" x2=\"{end}\" y2=\"{at:.1}\"/>\
             <text class=\"tick\" x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{label}</text>",
            left - 4.0,
            at + 4.0
        );
    }
    for n in first..=last {
        let (at, foot) = (x(n), height - 6.0);
        let _ = writeln!(
            body,
            "<text class=\"tick\" x=\"{at:.1}\" y=\"{foot}\" text-anchor=\"middle\">{n}</text>"
        );
    }
    for Line { series, points } in lines {
        let at = |&(n, value): &(usize, f64)| (x(n), y(value));
        let path: Vec<_> = points.iter().map(at).map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        let _ = writeln!(body, "<polyline class=\"{series}\" points=\"{}\"/>", path.join(" "));
        for (x, y) in points.iter().map(at) {
            let _ =
                writeln!(body, "<circle class=\"{series}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\"/>");
        }
    }
    let title = escaped(title);
    format!(
        "<svg class=\"plot\" role=\"img\" aria-label=\"{title}\" viewBox=\"0 0 {width} {height}\" \
         width=\"{width}\" height=\"{height}\"><text x=\"0\" y=\"12\">{title}</text>\n{body}</svg>\n"
    )
}

/// A range with its middle for each row, under one scale whose ticks are given.
pub(super) fn ranges(title: &str, rows: &[(String, [f64; 3])], ticks: &[(f64, &str)]) -> String {
    let scale = [ticks[0].0, ticks[ticks.len() - 1].0];
    let mut body = String::new();
    let mut y = TOP + BAR;
    for (label, values) in rows {
        let [low, middle, high] = values.map(|value| x(value, scale));
        let _ = writeln!(
            body,
            "<text x=\"0\" y=\"{:.0}\">{}</text><line class=\"range\" x1=\"{low:.1}\" y1=\"{y:.0}\" \
             x2=\"{high:.1}\" y2=\"{y:.0}\"/><circle class=\"mark\" cx=\"{middle:.1}\" cy=\"{y:.0}\" r=\"4\"/>",
            y + 4.0,
            escaped(label)
        );
        y += BAR + GAP / 2.0;
    }
    framed(title, y, ticks, scale, &body)
}

fn framed(title: &str, end: f64, ticks: &[(f64, &str)], scale: [f64; 2], body: &str) -> String {
    let mut axis = String::new();
    for (value, label) in ticks {
        let at = x(*value, scale);
        let _ = writeln!(
            axis,
            "<line class=\"axis\" x1=\"{at:.1}\" y1=\"{TOP}\" x2=\"{at:.1}\" y2=\"{end:.0}\"/>\
             <text class=\"tick\" x=\"{at:.1}\" y=\"12\" text-anchor=\"middle\">{label}</text>"
        );
    }
    let title = escaped(title);
    format!(
        "<div class=\"table-wrapper\" tabindex=\"0\" role=\"group\" aria-label=\"{title}\">\
         <svg class=\"plot\" role=\"img\" viewBox=\"0 0 {WIDTH} {end:.0}\" width=\"{WIDTH}\" \
         height=\"{end:.0}\"><title>{title}</title>\n{axis}{body}</svg></div>\n"
    )
}

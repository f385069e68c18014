//! A failure as text: what happened, step by step, and how to run it again.

use std::fmt::Write;

use casebook_core::verdict::{Failure, Letter, Step};

/// Steps shown of a long trace; the failure is at its end.
const SHOWN: usize = 60;

/// A failure with its trace.
pub fn failure(failure: &Failure) -> String {
    let mut text = format!("{}: {}\n", failure.kind, failure.message);
    if let Some(Letter::Beyond | Letter::Undecided) = failure.letter {
        text += &format!("{}: the letter of C++20 forbids this execution\n", Letter::BEYOND);
    }
    text += &steps(&failure.trace);
    text
}

/// The steps of an execution, one a line: thread, operation, value, site.
pub fn steps(trace: &[Step]) -> String {
    let mut text = String::new();
    let hidden = trace.len().saturating_sub(SHOWN);
    if hidden > 0 {
        let _ = writeln!(text, "  ... {hidden} earlier steps");
    }
    let shown = &trace[hidden..];
    let operations: Vec<String> = shown.iter().map(operation).collect();
    let widest = |lengths: &mut dyn Iterator<Item = usize>| lengths.max().unwrap_or(0);
    let wide = widest(&mut operations.iter().map(|operation| operation.chars().count()));
    let wide_thread = widest(&mut shown.iter().map(|step| step.thread.to_string().len()));
    let wide_value = widest(&mut shown.iter().map(|step| step.value.chars().count()));
    for (step, operation) in shown.iter().zip(&operations) {
        let (thread, value, site) = (step.thread, &step.value, step.site.place());
        let thread = format!("thread {thread:<wide_thread$}");
        let line = format!("  {thread}  {operation:<wide$}  {value:<wide_value$}  {site}");
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

/// What a step does, to what, with which orderings.
fn operation(step: &Step) -> String {
    let mut operation = step.operation.clone();
    if !step.object.is_empty() {
        let _ = write!(operation, " {}", step.object);
    }
    if !step.orderings.is_empty() {
        let _ = write!(operation, " ({})", step.orderings);
    }
    operation
}

/// A text as character data or as an attribute's value, of XML or HTML; characters that XML does not
/// have become replacement characters.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}

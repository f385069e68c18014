//! The tests of a crate as JUnit's XML, which CI services read.
//!
//! The format has no word for a bounded search: it is a passed test here that says so in its output.

use std::time::Duration;

use super::run::{Model, Tested, Verdict};
use crate::report::{self, escaped};

/// A file for the tests of one crate.
pub fn file(results: &[Tested], elapsed: Duration) -> String {
    let failed = results.iter().filter(|tested| !tested.verdict.passes()).count();
    let counts = format!(
        "tests=\"{}\" failures=\"{failed}\" time=\"{:.3}\"",
        results.len(),
        elapsed.as_secs_f64()
    );
    let cases: String = results.iter().map(case).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {counts}>\n\
         <testsuite name=\"cargo casebook test\" {counts}>\n{cases}</testsuite>\n</testsuites>\n"
    )
}

fn case(tested: &Tested) -> String {
    let sum = |of: fn(&Model) -> u64| tested.models.iter().map(of).sum::<u64>();
    let seconds = Duration::from_millis(sum(|model| model.millis)).as_secs_f64();
    let counts = format!(
        "{}: {}, {} more blocked",
        tested.verdict,
        report::many(sum(|model| model.complete) as usize, "execution"),
        sum(|model| model.blocked)
    );
    let loom = tested.loom.as_ref().map(|loom| format!("\nloom: {} {}", loom.words(), loom.why));
    let counts = counts + &loom.unwrap_or_default();
    let told = if tested.verdict.passes() {
        let cut_off = matches!(tested.verdict, Verdict::Untimed | Verdict::Bounded);
        let why = if cut_off { format!("; {}", tested.why()) } else { String::new() };
        format!("<system-out>{}</system-out>", escaped(&format!("{counts}{why}")))
    } else {
        let replay = tested.replay.as_deref().unwrap_or_default();
        let graph = tested.graph.as_ref().map(|path| format!("graph: {}", path.display()));
        let graph = graph.unwrap_or_default();
        format!(
            "<failure message=\"{}\">{}</failure>",
            escaped(&tested.why()),
            escaped(&format!("{counts}\n{}\n{replay}\n{graph}", tested.output))
        )
    };
    let name = escaped(&tested.test);
    format!("<testcase name=\"{name}\" time=\"{seconds:.3}\">{told}</testcase>\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_test_prints_cannot_break_the_file() {
        let tested = |verdict, output: &str| Tested {
            test: "a::<b>".to_string(),
            verdict,
            models: Vec::new(),
            output: output.to_string(),
            replay: None,
            graph: None,
            loom: None,
        };
        let hostile = tested(Verdict::Ended("signal: 6".to_string()), "]]></failure>\u{1b}[1m&\0");
        let file = file(&[tested(Verdict::Proved, ""), hostile], Duration::from_millis(1_500));
        assert!(file.contains("tests=\"2\" failures=\"1\" time=\"1.500\""), "{file}");
        assert!(file.contains("name=\"a::&lt;b&gt;\""), "{file}");
        assert!(file.contains("]]&gt;&lt;/failure&gt;\u{fffd}[1m&amp;\u{fffd}\n"), "{file}");
        assert!(file.contains("message=\"signal: 6\""), "{file}");
    }
}

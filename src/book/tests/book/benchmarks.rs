//! The benchmarks' page shows what is recorded, all of it and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use casebook_book::Book;
use serde_json::Value;

use super::pages;

/// Every recorded search and line stands on the page, and each shape that loom finishes is plotted.
#[test]
fn recorded_benchmarks_are_shown() {
    let recorded = |name: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../benches/recorded").join(name);
        let text = fs::read_to_string(path).expect("it is recorded");
        text.lines().map(|l| serde_json::from_str(l).expect("it is JSON")).collect::<Vec<Value>>()
    };
    let (proof, contention) = (recorded("proof.jsonl"), recorded("contention.jsonl"));
    let own_code = recorded("own_code.jsonl");
    assert!(proof.len() > 50 && contention.len() > 20, "a whole run is recorded");
    assert!(own_code.len() > 50, "a whole run is recorded");
    let book = Book::new([], [], []).expect("its sources are there");
    let page = pages(&book).into_iter().find(|page| page.path == "benchmarks.html");
    let html = page.expect("it is there").html;
    let heads = html.matches("<thead>").count();
    assert_eq!(
        html.matches("<tr>").count(),
        heads + proof.len() + contention.len() + own_code.len()
    );
    let finished = |line: &&Value| line["engine"] == "loom" && line["finished"] == true;
    let shapes: BTreeSet<&str> =
        proof.iter().filter(finished).filter_map(|line| line["shape"].as_str()).collect();
    assert_eq!(html.matches("<rect class=\"rc11\"").count(), shapes.len());
    let all: BTreeSet<&str> = proof.iter().filter_map(|line| line["shape"].as_str()).collect();
    let lines = html.matches("<polyline class=\"rc11\"").count();
    assert_eq!(lines, 2 * all.len(), "executions and time over the size, for each shape");
    let ended = proof.iter().filter(|line| line["finished"] == true);
    assert_eq!(html.matches("<circle class=\"").count() - contention.len(), 2 * ended.count());
    let complete = |engine: &str| -> BTreeMap<(&str, u64), u64> {
        let ended = proof.iter().filter(|it| it["engine"] == engine && it["finished"] == true);
        let number = |value: &Value| value.as_u64().expect("a number");
        ended
            .map(|it| {
                ((it["shape"].as_str().expect("a name"), number(&it["n"])), number(&it["complete"]))
            })
            .collect()
    };
    let (ours, theirs) = (complete("rc11"), complete("genmc"));
    let both: Vec<_> = theirs.iter().filter_map(|(shape, n)| Some((n, ours.get(shape)?))).collect();
    assert!(both.len() > 100, "GenMC is beside it");
    assert!(both.iter().all(|(ours, theirs)| ours == theirs), "each finds what the other finds");
    assert_eq!(html.matches("class=\"range\"").count(), contention.len());
    // What lies outside of a plot's scale would stand at its edge.
    let ratios =
        contention.iter().flat_map(|line| [1, 2, 3].map(|nth| line["ratio"][nth].as_f64()));
    assert!(ratios.flatten().all(|ratio| (0.5..=8.0).contains(&ratio)), "the scale is too short");
    // A search that is cut off stands at the edge.
    let seconds = proof.iter().filter(|line| line["finished"] == true);
    let seconds = seconds.filter_map(|line| line["seconds"].as_f64());
    assert!(seconds.into_iter().all(|it| (1e-5..=10.0).contains(&it)), "the scale is too short");
}

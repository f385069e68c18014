//! The benchmarks' page: what was recorded on one machine, as plots and as tables.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::Page;
use super::html::{code, escaped, heading, table};
use super::indexes::leaf;
use super::plot::{self, Bar, Line};
use casebook_harness::report::count;

/// `GENMC=/path/to/genmc cargo bench --bench proof -- --json 10`.
const PROOF: &str = include_str!("../../benches/recorded/proof.jsonl");
/// `cargo bench --bench contention -- --json`.
const CONTENTION: &str = include_str!("../../benches/recorded/contention.jsonl");

/// `benches/own_code/run --json 10`.
const OWN_CODE: &str = include_str!("../../benches/recorded/own_code.jsonl");

/// One search of the benchmark of proofs.
#[derive(Deserialize)]
struct Search {
    shape: String,
    n: usize,
    engine: String,
    limit: u64,
    finished: bool,
    complete: u64,
    blocked: u64,
    seconds: f64,
}

/// One line of the benchmark of locks.
#[derive(Deserialize)]
struct Cell {
    lock: String,
    threads: usize,
    inside: u64,
    cores: usize,
    std: f64,
    parking_lot: f64,
    ratio: [f64; 5],
    std_fairness: f64,
    parking_lot_fairness: f64,
}

/// A test of a published crate, under rc11 and under loom.
#[derive(Deserialize)]
struct Test {
    package: String,
    test: String,
    verdict: String,
    models: Vec<Model>,
    loom: Option<Loom>,
}

#[derive(Deserialize)]
struct Model {
    complete: u64,
    blocked: u64,
    millis: u64,
    why: String,
}

#[derive(Deserialize)]
struct Loom {
    verdict: String,
    executions: Option<u64>,
    millis: u64,
}

fn lines<T: DeserializeOwned>(recorded: &str) -> Vec<T> {
    let parse = |line| serde_json::from_str(line).expect("the benchmark wrote it; a test reads it");
    recorded.lines().map(parse).collect()
}

pub(super) fn page() -> Page {
    let mut html = heading(1, "benchmarks", "How long a proof takes, and what a lock costs");
    html += "<p>Recorded on one machine, the searches or rounds that are compared side by side in one run. \
             Another machine gives other times; the ratios travel better. Each section names its command.</p>\n";
    let searched = html.clone();
    html += &proof(&lines(PROOF));
    html += &contention(&lines(CONTENTION));
    html += &own_code(&lines(OWN_CODE));
    // Numbers are nothing to search for.
    Page { searched: Some(searched), ..leaf("Benchmarks", "benchmarks.html", html) }
}

fn time(search: &Search) -> String {
    match (search.finished, search.seconds) {
        (false, _) => format!("> {} s", search.limit),
        (true, seconds @ ..0.001) => format!("{:.0} µs", seconds * 1e6),
        (true, seconds @ ..1.0) => format!("{:.1} ms", seconds * 1e3),
        (true, seconds) => format!("{seconds:.1} s"),
    }
}

/// Seconds, as far as searches take some.
const SECONDS: [(f64, &str); 7] = [
    (1e-5, "10 µs"),
    (1e-4, ""),
    (1e-3, "1 ms"),
    (1e-2, ""),
    (0.1, "0.1 s"),
    (1.0, "1 s"),
    (10.0, "10 s"),
];
const EXECUTIONS: [(f64, &str); 4] = [(1.0, "1"), (1e2, "100"), (1e4, "10⁴"), (1e6, "10⁶")];
/// The last one stands before the others.
const ENGINES: [&str; 4] = ["genmc", "loom", "shuttle", "rc11"];

/// Executions and time of each shape over its size, where a search came to its end.
fn growth(searches: &[Search]) -> String {
    let mut html = heading(3, "growth", "How it grows");
    let legend = ENGINES.map(|engine| format!("<b class=\"series {engine}\">{engine}</b>"));
    html += &format!(
        "<p>Executions, those that end blocked among them, and time over N, as far as each search comes to its end: {}. \
         GenMC 0.11.0 explores RC11 as well, of the same shapes in C; its time has the compilation in it. Its line \
         is the broad one, as rc11's often covers it.</p>\n\
         <div class=\"growth\">\n",
        legend.join(", ")
    );
    let sizes = || searches.iter().map(|search| search.n);
    let sizes = [sizes().min().unwrap_or(0), sizes().max().unwrap_or(0)];
    let executions = |search: &Search| (search.complete + search.blocked) as f64;
    for shape in searches.chunk_by(|a, b| a.shape == b.shape) {
        let lines = |of: &dyn Fn(&Search) -> f64| {
            ENGINES.map(|series| {
                let ended = shape.iter().filter(|it| it.engine == series && it.finished);
                Line { series, points: ended.map(|it| (it.n, of(it))).collect() }
            })
        };
        let name = &shape[0].shape;
        let plot = |what, lines: &[Line], ticks| {
            plot::lines(&format!("{name}: {what}"), lines, sizes, ticks)
        };
        html += "<div>";
        html += &plot("executions", &lines(&executions), &EXECUTIONS);
        html += &plot("time", &lines(&|search| search.seconds), &SECONDS);
        html += "</div>\n";
    }
    html + "</div>\n"
}

fn proof(searches: &[Search]) -> String {
    let mut html = heading(2, "proof", "Time to the end of a search");
    html += &format!(
        "<p>{}: every engine searches the same shape, N threads or steps large, each search in a process of its \
         own and cut off at {} s. rc11 visits each execution of RC11 once; loom part of C11's \
         behaviours, shuttle every sequentially consistent interleaving. Plotted: the largest size that loom \
         finishes. The scale is logarithmic.</p>\n",
        code("cargo bench --bench proof"),
        searches.first().map_or(0, |search| search.limit)
    );
    let shapes = searches.chunk_by(|a, b| a.shape == b.shape);
    let rows: Vec<(String, Vec<Bar>)> = shapes
        .filter_map(|sizes| {
            let loom = |search: &&Search| search.engine == "loom" && search.finished;
            let largest = sizes.iter().filter(loom).map(|search| search.n).max()?;
            let bars = ["rc11", "loom", "shuttle"].into_iter().filter_map(|engine| {
                let here = |search: &&Search| search.n == largest && search.engine == engine;
                let search = sizes.iter().find(here)?;
                let label = format!("{engine} {}", time(search));
                Some(Bar { series: engine, value: search.seconds, label })
            });
            Some((format!("{}({largest})", sizes[0].shape), bars.collect()))
        })
        .collect();
    html += &plot::bars("Seconds to the end of a search, by shape and engine", &rows, &SECONDS);
    html += &growth(searches);
    let row = |search: &Search| {
        let complete = match (search.finished, search.complete) {
            (true, n) => count(n),
            // GenMC says nothing before its end.
            (false, 0) => "not all".into(),
            (false, n) => format!("{}, not all", count(n)),
        };
        vec![
            escaped(&format!("{}({})", search.shape, search.n)),
            search.engine.clone(),
            complete,
            count(search.blocked),
            time(search),
        ]
    };
    let rows: Vec<Vec<String>> = searches.iter().map(row).collect();
    html + "<details><summary>All searches</summary>\n"
        + &table("searches", &["shape(N)", "engine", "executions", "blocked", "time"], &rows)
        + "</details>\n"
}

fn contention(cells: &[Cell]) -> String {
    let cores = cells.first().map_or(0, |cell| cell.cores);
    let mut html = heading(2, "contention", "parking_lot's locks beside std's");
    html += &format!(
        "<p>{} on {cores} cores, in alternating rounds: parking_lot's rate of acquisitions over std's, the \
         median pair of rounds and the middle half of the pairs. Right of 1, parking_lot is faster. \
         <b>control</b> is std's mutex against itself: that far from 1 is noise.</p>\n",
        code("cargo bench --bench contention"),
    );
    let name = |cell: &Cell| format!("{} ×{} {} ns", cell.lock, cell.threads, cell.inside);
    let rows: Vec<(String, [f64; 3])> = cells
        .iter()
        .map(|cell| (name(cell), [cell.ratio[1], cell.ratio[2], cell.ratio[3]]))
        .collect();
    let ticks = [(0.5, "½"), (1.0, "1"), (2.0, "2"), (4.0, "4"), (8.0, "8")];
    html += &plot::ranges(
        "parking_lot's rate over std's, by lock, threads and work under it",
        &rows,
        &ticks,
    );
    let row = |cell: &Cell| {
        let [least, lower, ratio, upper, most] = cell.ratio;
        vec![
            cell.lock.clone(),
            cell.threads.to_string(),
            format!("{} ns", cell.inside),
            format!("{:.2}", cell.std),
            format!("{:.2}", cell.parking_lot),
            format!("{ratio:.2}"),
            format!("{lower:.2}–{upper:.2}"),
            format!("{least:.2}–{most:.2}"),
            format!("{:.2}, {:.2}", cell.std_fairness, cell.parking_lot_fairness),
        ]
    };
    let rows: Vec<Vec<String>> = cells.iter().map(row).collect();
    let heads = [
        "lock",
        "threads",
        "inside",
        "std, M/s",
        "parking_lot",
        "ratio",
        "middle half",
        "all",
        "fair: least over most",
    ];
    html + "<details><summary>All lines</summary>\n"
        + &table("contention", &heads, &rows)
        + "</details>\n"
}

fn own_code(tests: &[Test]) -> String {
    let mut html = heading(2, "own-code", "The loom tests of published crates");
    let packages = tests.chunk_by(|a, b| a.package == b.package).count();
    let proved = tests.iter().filter(|test| test.verdict == "proved").count();
    let explored = |loom: &Loom| loom.verdict == "explored";
    let explored = tests.iter().filter(|test| test.loom.as_ref().is_some_and(explored)).count();
    html += &format!(
        "<p>{}: {} loom tests of {packages} packages, unedited, under rc11 and under loom itself, with ten seconds \
         for each model. rc11 proves {proved}; loom comes to the end of {explored}, and that is no proof.</p>\n",
        code("benches/own_code/run --json 10"),
        tests.len(),
    );
    let row = |test: &Test| {
        let sum = |of: fn(&Model) -> u64| test.models.iter().map(of).sum();
        let why: Vec<_> = test.models.iter().map(|model| model.why.as_str()).collect();
        let loom = test.loom.as_ref();
        vec![
            escaped(&test.package),
            escaped(&test.test),
            escaped(&test.verdict.replace('_', " ")),
            count(sum(|model| model.complete)),
            count(sum(|model| model.blocked)),
            milliseconds(sum(|model| model.millis)),
            loom.map_or(String::new(), |loom| escaped(&loom.verdict.replace('_', " "))),
            loom.and_then(|loom| loom.executions).map_or(String::new(), count),
            loom.map_or(String::new(), |loom| milliseconds(loom.millis)),
            escaped(why.join(" ").trim()),
        ]
    };
    let rows: Vec<Vec<String>> = tests.iter().map(row).collect();
    let head = ["package", "test", "rc11", "executions", "blocked", "time"];
    let head = [&head[..], &["loom", "executions", "time", "why rc11 stopped"]].concat();
    html + "<details><summary>All tests</summary>\n"
        + &table("own-code", &head, &rows)
        + "</details>\n"
}

fn milliseconds(millis: u64) -> String {
    match millis {
        ..1_000 => format!("{millis} ms"),
        _ => format!("{:.1} s", millis as f64 / 1e3),
    }
}

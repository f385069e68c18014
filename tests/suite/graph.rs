//! Execution graphs are shown completely, in bounds, without overlaps, and always by the same bytes.

mod samples;

use casebook::graph::{Edge, EdgeKind, EventId, Graph, binding};
use casebook::report::graph::{by_ending, dot, svg, text};
use proptest::prelude::*;
use roxmltree::{Document, Node};
use std::path::Path;

#[test]
fn text_is_as_agreed() {
    let agreed = [
        (samples::race(), include_str!("graph/race.txt")),
        (samples::store_buffering(), include_str!("graph/store_buffering.txt")),
        (samples::use_after_free(), include_str!("graph/use_after_free.txt")),
        (samples::long(30), include_str!("graph/long.txt")),
    ];
    for (graph, agreed) in agreed {
        let shown = text(&graph);
        assert!(shown == agreed, "{}: now it is\n{shown}", graph.title);
    }
}

#[test]
fn dot_is_as_agreed() {
    let shown = dot(&samples::race());
    assert!(shown == include_str!("graph/race.dot"), "now it is\n{shown}");
}

#[test]
fn text_has_at_most_100_columns() {
    for (name, graph) in samples::all() {
        for line in text(&graph).lines() {
            assert!(line.chars().count() <= 100, "{name}: {line}");
        }
    }
}

#[test]
fn a_file_s_ending_says_what_it_holds() {
    let graph = samples::deadlock();
    assert_eq!(by_ending(&graph, Path::new("a/b.svg")), Some(svg(&graph)));
    assert_eq!(by_ending(&graph, Path::new("b.gv")), Some(dot(&graph)));
    assert_eq!(by_ending(&graph, Path::new("b.png")), None);
    assert_eq!(by_ending(&graph, Path::new("svg")), None);
}

/// An operation's frame is around its own events and no others.
#[test]
fn operations_are_framed() {
    let svg = svg(&samples::operations());
    let picture = Document::parse(&svg).expect("it is well-formed");
    let sides = |node: &Node| {
        let [x, y, w, h] = ["x", "y", "width", "height"].map(|name| number(node, name));
        [x, y, x + w, y + h]
    };
    let events: Vec<_> = of_class(&picture, "event").map(|node| sides(&node)).collect();
    let inside = |frame: Node| {
        let [left, top, right, bottom] = sides(&frame);
        let is_in = |&&[l, t, r, b]: &&[f64; 4]| left < l && top < t && r < right && b < bottom;
        let meets = |&&[l, t, r, b]: &&[f64; 4]| left < r && l < right && top < b && t < bottom;
        let count = events.iter().filter(is_in).count();
        assert_eq!(events.iter().filter(meets).count(), count);
        count
    };
    let framed: Vec<usize> = of_class(&picture, "operation").map(inside).collect();
    assert_eq!(framed, [3, 3, 3, 1]);
}

#[test]
fn pictures_are_readable() {
    for (name, graph) in samples::all() {
        let svg = svg(&graph);
        let picture = Document::parse(&svg).unwrap_or_else(|error| panic!("{name}: {error}"));
        check_boxes(&picture).unwrap_or_else(|fault| panic!("{name}: {fault}"));
        check_lines(&picture).unwrap_or_else(|fault| panic!("{name}: {fault}"));
        let edges = of_class(&picture, "edge")
            .filter(|edge| edge.attribute("d").is_some_and(|d| !d.contains('H')));
        assert_eq!(of_class(&picture, "tag").count(), edges.count(), "{name}: an edge has no name");
        assert_eq!(of_class(&picture, "bad").count(), graph.marks.len(), "{name}: marks");
    }
}

#[test]
fn pictures_have_an_alternative_in_words() {
    for (name, graph) in samples::all() {
        let svg = svg(&graph);
        let picture = Document::parse(&svg).expect("it is well-formed");
        let root = picture.root_element();
        assert_eq!(root.attribute("role"), Some("img"));
        let content = |tag| root.children().find(|n| n.has_tag_name(tag)).and_then(|n| n.text());
        assert_eq!(
            content("title"),
            Some(&*format!("{}: {}", graph.title, graph.caption)),
            "{name}"
        );
        assert_eq!(content("desc"), Some(&*text(&graph)), "{name}: with <, > and & as they are");
    }
}

/// Each colour in the light sheet has a counterpart in the dark one.
#[test]
fn pictures_know_light_and_dark() {
    let svg = svg(&samples::race());
    let (light, dark) = svg.split_once("@media (prefers-color-scheme:dark)").expect("both");
    let uses = |sheet: &str| sheet.matches("var(--graph-").count();
    assert!(uses(light) > 0 && uses(light) == uses(dark));
    assert!(light.contains("currentColor"));
}

#[test]
fn what_is_left_out_is_said() {
    let graph = samples::long(30);
    let (words, picture) = (text(&graph), svg(&graph));
    let picture = Document::parse(&picture).expect("it is well-formed");
    assert!(
        words.contains("with their edges: 140 events"),
        "180 less 13 of each thread and an early mark: {words}"
    );
    assert_eq!(of_class(&picture, "event").count(), 40);
    assert_eq!(of_class(&picture, "gap").count(), 4);
}

#[test]
fn forty_events_are_shown() {
    let hidden = |events: usize| {
        let writes = "W x = 1 Relaxed\n".repeat(events);
        let graph = samples::Sample::new("any", "a graph", &["x"]).thread(1, &writes).graph();
        text(&graph).contains("with their edges: 1 event")
    };
    assert!(!hidden(40) && hidden(41));
}

/// The order in which edges and marks are listed says nothing.
#[test]
fn equal_graphs_have_equal_bytes() {
    for (_, graph) in samples::all() {
        let json = serde_json::to_string(&graph).expect("it is plain data");
        let mut other: Graph = serde_json::from_str(&json).expect("it is what was written");
        assert_eq!(other, graph);
        other.edges.reverse();
        assert!(
            svg(&other) == svg(&graph)
                && text(&other) == text(&graph)
                && dot(&other) == dot(&graph)
        );
    }
}

#[test]
fn contradictions_are_what_no_interleaving_has() {
    let cycle = |graph: Graph| {
        let edges = graph.contradictions();
        edges.iter().map(|edge| format!("{} -> {}", edge.from, edge.to)).collect::<Vec<_>>()
    };
    assert_eq!(cycle(samples::store_buffering()), ["t1.2 -> t2.1", "t2.2 -> t1.1"]);
    assert_eq!(cycle(samples::independent_reads()), ["t3.2 -> t2.1", "t4.2 -> t1.1"]);
    assert_eq!(cycle(samples::race()), [""; 0]);
    assert_eq!(cycle(samples::deadlock()), [""; 0]);
}

#[test]
fn locations_are_called_what_the_source_calls_them() {
    let at = |line: &'static str, what: &str| {
        binding(line, line.find(what).expect("it is there") as u32 + 1)
    };
    assert_eq!(at("    let flag = AtomicBool::new(false);", "Atomic"), Some("flag"));
    assert_eq!(at("    let mut x: AtomicU32 = AtomicU32::new(0);", "AtomicU32::new"), Some("x"));
    assert_eq!(
        at("let (value, ready) = (Cell::new(f(0, 1)), AtomicBool::new(false));", "AtomicB"),
        Some("ready")
    );
    assert_eq!(at("let shared = Arc::new(Mutex::new(0));", "Mutex"), Some("shared"));
    assert_eq!(
        at("    Self { head: AtomicPtr::new(p), len: AtomicUsize::new(0) }", "AtomicU"),
        Some("len")
    );
    assert_eq!(at("        Arc::new(AtomicU32::new(0))", "Atomic"), None);
    assert_eq!(binding("let é = 1;", 6), None);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the edges, cyclic ones included, nothing overlaps, nothing is outside, no line runs through a box.
    #[test]
    fn any_graph_is_readable(
        lengths in prop::collection::vec(1_usize..9, 1..6),
        edges in prop::collection::vec((0_usize..5, any::<prop::sample::Index>(), any::<prop::sample::Index>()), 0..24),
    ) {
        let mut sample = samples::Sample::new("any", "a graph", &["x", "y"]).init("x = 0, y = 0");
        for length in lengths {
            sample = sample.thread(1, &"W x = 1 Release\n".repeat(length));
        }
        let mut graph = sample.graph();
        let mut events: Vec<EventId> = (0..2).map(EventId::Init).collect();
        for (thread, list) in graph.threads.iter().enumerate() {
            events.extend((0..list.len()).map(|at| EventId::At(thread, at)));
        }
        for (kind, from, to) in edges {
            let (from, to) = (*from.get(&events), *to.get(&events[2..]));
            if from != to {
                graph.edges.push(Edge { kind: EdgeKind::ALL[kind], from, to });
            }
        }
        let svg = svg(&graph);
        let picture = Document::parse(&svg).expect("it is well-formed");
        prop_assert_eq!(check_boxes(&picture), Ok(()));
        prop_assert_eq!(check_lines(&picture), Ok(()));
    }
}

fn of_class<'a>(picture: &'a Document<'a>, class: &'a str) -> impl Iterator<Item = Node<'a, 'a>> {
    let is = move |n: &Node| n.attribute("class").is_some_and(|c| c.split(' ').any(|c| c == class));
    picture.descendants().filter(is)
}

/// Boxes and edges' names overlap nowhere, are inside the picture, and are as wide as what they say.
fn check_boxes(picture: &Document) -> Result<(), String> {
    let root = picture.root_element();
    let (width, height) = (number(&root, "width"), number(&root, "height"));
    let mut boxes: Vec<Node> =
        ["event", "gap", "tag"].iter().flat_map(|c| of_class(picture, c)).collect();
    boxes.sort_by_key(|node| node.range().start);
    let sides = |n: &Node| {
        let [x, y, w, h] = ["x", "y", "width", "height"].map(|name| number(n, name));
        (x, y, x + w, y + h)
    };
    for (at, node) in boxes.iter().enumerate() {
        let (left, top, right, bottom) = sides(node);
        if left < 0.0 || top < 0.0 || right > width || bottom > height {
            return Err(format!("outside: {node:?}"));
        }
        for other in &boxes[at + 1..] {
            let (l, t, r, b) = sides(other);
            if left < r && l < right && top < b && t < bottom {
                return Err(format!("overlap: {node:?} {other:?}"));
            }
        }
        let says = node.next_siblings().skip(1).filter(Node::is_element);
        for words in says.take_while(|n| n.has_tag_name("text")) {
            let size = if words.attribute("class") == Some("what") { 13.0 } else { 11.0 };
            let said: String = words
                .descendants()
                .filter_map(|n| n.is_text().then(|| n.text()).flatten())
                .collect();
            if said.chars().count() as f64 * size * 0.602 > right - left {
                return Err(format!("too narrow for `{said}`"));
            }
        }
    }
    Ok(())
}

/// No line runs through the box of an event or of a gap.
fn check_lines(picture: &Document) -> Result<(), String> {
    let boxes: Vec<[f64; 4]> = ["event", "gap"]
        .iter()
        .flat_map(|class| of_class(picture, class))
        .map(|node| ["x", "y", "width", "height"].map(|name| number(&node, name)))
        .collect();
    let paths = of_class(picture, "edge").filter_map(|edge| edge.attribute("d"));
    // The legend's samples are horizontal.
    for path in paths.filter(|path| !path.contains('H')) {
        for (x, y) in points(path) {
            let inside = |[l, t, w, h]: &[f64; 4]| *l < x && x < l + w && *t < y && y < t + h;
            if let Some(hit) = boxes.iter().find(|rect| inside(rect)) {
                return Err(format!("{path} runs through {hit:?}"));
            }
        }
    }
    Ok(())
}

/// Points on a path of absolute commands, each a Bézier curve of its order.
fn points(path: &str) -> Vec<(f64, f64)> {
    let (mut points, mut at) = (Vec::new(), (0.0, 0.0));
    for command in path.split(['M', 'L', 'Q', 'C']).filter(|command| !command.is_empty()) {
        let numbers: Vec<f64> =
            command.split_whitespace().map(|n| n.parse().expect("a number")).collect();
        let mut stops: Vec<(f64, f64)> = numbers.chunks(2).map(|pair| (pair[0], pair[1])).collect();
        let end = *stops.last().expect("a command has a point");
        if at != (0.0, 0.0) {
            stops.insert(0, at);
            points.extend((0..=40).map(|step| bezier(&stops, f64::from(step) / 40.0)));
        }
        at = end;
    }
    points
}

/// A point of a Bézier curve, by de Casteljau's construction.
fn bezier(stops: &[(f64, f64)], t: f64) -> (f64, f64) {
    let [only] = stops else {
        let mix = |pair: &[(f64, f64)]| {
            (pair[0].0 + (pair[1].0 - pair[0].0) * t, pair[0].1 + (pair[1].1 - pair[0].1) * t)
        };
        return bezier(&stops.windows(2).map(mix).collect::<Vec<_>>(), t);
    };
    *only
}

fn number(node: &Node, name: &str) -> f64 {
    node.attribute(name).and_then(|value| value.parse().ok()).expect("it is a number")
}

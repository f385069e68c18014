//! Executions by hand: a race, weak outcomes of two and four threads, a deadlock, a use after free, a long one.

use casebook::graph::{Action, Edge, EdgeKind, Event, EventId, Graph, Location, Mark};
use casebook::verdict::Site;

/// A graph that is put together piece by piece, in the words in which it is shown.
pub struct Sample(Graph);

impl Sample {
    pub fn new(title: &str, caption: &str, locations: &[&str]) -> Self {
        let named = |name: &&str| Location { name: name.to_string(), site: None };
        let locations = locations.iter().map(named).collect();
        Sample(Graph {
            title: title.into(),
            caption: caption.into(),
            locations,
            ..Graph::default()
        })
    }

    /// Initial writes: `x = 0`.
    pub fn init(mut self, text: &str) -> Self {
        for part in text.split(", ") {
            let (name, value) = part.split_once(" = ").map_or((part, None), |(n, v)| (n, Some(v)));
            let event = self.event(Action::Create, Some(name), value, None, 10);
            self.0.init.push(event);
        }
        self
    }

    /// A thread's events, one a line: `W x = 1 Release`, `lock a`, `fence SeqCst`.
    pub fn thread(mut self, line: u32, text: &str) -> Self {
        let lines = text.lines().map(str::trim).filter(|text| !text.is_empty());
        let events = (line..).zip(lines).map(|(line, text)| self.parse(text, line)).collect();
        self.0.threads.push(events);
        self
    }

    fn parse(&self, text: &str, line: u32) -> Event {
        let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
        let action = match first {
            "R" => Action::Read,
            "W" => Action::Write,
            "RMW" => Action::Update,
            "fence" => return self.event(Action::Fence, None, None, Some(rest), line),
            "free" => return self.event(Action::Free, Some(rest), None, None, line),
            "begin" => return self.event(Action::Begin(rest.into()), None, None, None, line),
            "end" => return self.event(Action::End(rest.into()), None, None, None, line),
            call => return self.event(Action::Call(call.into()), Some(rest), None, None, line),
        };
        let (access, ordering) = rest.rsplit_once(' ').expect("an access has an ordering");
        let (name, value) = access.split_once(" = ").map_or((access, None), |(n, v)| (n, Some(v)));
        let ordering = (ordering != "plain").then_some(ordering);
        self.event(action, Some(name), value, ordering, line)
    }

    fn event(
        &self,
        action: Action,
        name: Option<&str>,
        value: Option<&str>,
        ordering: Option<&str>,
        line: u32,
    ) -> Event {
        let place = |name: &str| self.0.locations.iter().position(|l| l.name == name);
        Event {
            action,
            location: name.map(|name| place(name).expect("the location is declared")),
            value: value.map(String::from),
            ordering: ordering.map(String::from),
            site: Some(Site {
                file: "cases/samples/sample.rs".into(),
                line,
                column: 9,
                relation: Default::default(),
            }),
        }
    }

    /// Edges of a kind: `t1.1 -> t2.2, init.1 -> t2.1`.
    pub fn edges(mut self, kind: EdgeKind, text: &str) -> Self {
        self.0.edges.extend(text.split(", ").map(|pair| {
            let (from, to) = pair.split_once(" -> ").expect("an edge has two ends");
            Edge { kind, from: id(from), to: id(to) }
        }));
        self
    }

    /// Marks events.
    pub fn marks(mut self, note: &str, text: &str) -> Self {
        let mark = |event| Mark { event: id(event), note: note.into() };
        self.0.marks.extend(text.split(", ").map(mark));
        self
    }

    /// Adds what contradicts sequential consistency.
    pub fn contradictions(mut self) -> Self {
        let cycle = self.0.contradictions();
        self.0.edges.extend(cycle.into_iter().filter(|edge| edge.kind == EdgeKind::Rb));
        self
    }

    pub fn graph(self) -> Graph {
        self.0
    }
}

/// An event's name, as it is displayed.
fn id(text: &str) -> EventId {
    let (thread, at) = text.split_once('.').expect("a name has a dot");
    let at = at.parse::<usize>().expect("a number") - 1;
    match thread.strip_prefix('t') {
        Some(thread) => EventId::At(thread.parse().expect("a number"), at),
        None => EventId::Init(at),
    }
}

/// Message passing without the release: the read of the data races.
pub fn race() -> Graph {
    Sample::new(
        "data race",
        "t1.1 and t2.2 access `value`, one of them writes, and happens-before orders neither before the other",
        &["value", "ready"],
    )
    .init("value, ready = 0")
    .thread(0, "")
    .thread(31, "W value plain\nW ready = 1 Relaxed")
    .thread(37, "R ready = 1 Acquire\nR value plain")
    .edges(EdgeKind::Rf, "t1.2 -> t2.1, t1.1 -> t2.2")
    .edges(EdgeKind::Co, "init.1 -> t1.1, init.2 -> t1.2")
    .edges(EdgeKind::Race, "t1.1 -> t2.2")
    .marks("races", "t1.1, t2.2")
    .graph()
}

/// Store buffering: both reads miss the other thread's write.
pub fn store_buffering() -> Graph {
    Sample::new("assertion", "somebody sees the other's write: left: (0, 0)", &["x", "y"])
        .init("x = 0, y = 0")
        .thread(0, "")
        .thread(20, "W x = 1 Release\nR y = 0 Acquire")
        .thread(24, "W y = 1 Release\nR x = 0 Acquire")
        .edges(EdgeKind::Rf, "init.2 -> t1.2, init.1 -> t2.2")
        .edges(EdgeKind::Co, "init.1 -> t1.1, init.2 -> t2.1")
        .contradictions()
        .marks("in the cycle", "t1.1, t1.2, t2.1, t2.2")
        .graph()
}

/// Independent reads of independent writes: the readers disagree about the order of the writes.
pub fn independent_reads() -> Graph {
    Sample::new("assertion", "the readers disagree about which write came first", &["x", "y"])
        .init("x = 0, y = 0")
        .thread(0, "")
        .thread(20, "W x = 1 Release")
        .thread(23, "W y = 1 Release")
        .thread(26, "R x = 1 Acquire\nR y = 0 Acquire")
        .thread(30, "R y = 1 Acquire\nR x = 0 Acquire")
        .edges(EdgeKind::Rf, "t1.1 -> t3.1, t2.1 -> t4.1, init.2 -> t3.2, init.1 -> t4.2")
        .edges(EdgeKind::Sw, "t1.1 -> t3.1, t2.1 -> t4.1")
        .edges(EdgeKind::Co, "init.1 -> t1.1, init.2 -> t2.1")
        .contradictions()
        .marks("in the cycle", "t3.2, t4.2")
        .graph()
}

/// Two locks in opposite orders.
pub fn deadlock() -> Graph {
    Sample::new(
        "deadlock",
        "thread 1 waits at t1.2 for a lock, held by thread 2; thread 2 waits at t2.2 for a lock, held by thread 1",
        &["a", "b"],
    )
    .init("a, b")
    .thread(0, "")
    .thread(20, "lock a\nlock b")
    .thread(24, "lock b\nlock a")
    .edges(EdgeKind::Rf, "init.1 -> t1.1, init.2 -> t2.1, t2.1 -> t1.2, t1.1 -> t2.2")
    .edges(EdgeKind::Co, "init.1 -> t1.1, init.2 -> t2.1")
    .marks("waits", "t1.2, t2.2")
    .graph()
}

/// A thread that puts something in and finds nothing, beside one that waits in its second operation.
pub fn operations() -> Graph {
    let put = "begin Put(1)\nRMW last = 0 → 1 Relaxed\nend Put(1) → None\n";
    let caption = "Put(1) → None; Take → None ∥ Put(2) → None; Take waits";
    Sample::new("not linearizable", caption, &["last"])
        .init("last = 0")
        .thread(0, "")
        .thread(20, &format!("{put}begin Take\nR last = 1 Relaxed\nend Take → None"))
        .thread(20, "begin Put(2)\nRMW last = 1 → 2 Relaxed\nend Put(2) → None\nbegin Take")
        .edges(EdgeKind::Rf, "init.1 -> t1.2, t1.2 -> t2.2")
        .graph()
}

/// A reference count whose decrement does not wait for the other owner.
pub fn use_after_free() -> Graph {
    Sample::new(
        "use after free",
        "t1.2 uses memory that t2.3 frees, and happens-before orders neither before the other",
        &["count", "node"],
    )
    .init("count = 2, node")
    .thread(0, "")
    .thread(40, "R count = 2 Relaxed\nR node plain\nRMW count = 2 → 1 Relaxed")
    .thread(47, "RMW count = 1 → 0 Relaxed\nfence Acquire\nfree node")
    .edges(EdgeKind::Rf, "init.1 -> t1.1, init.1 -> t1.3, init.2 -> t1.2, t1.3 -> t2.1")
    .edges(EdgeKind::Co, "init.1 -> t1.3, t1.3 -> t2.1, init.2 -> t2.3")
    .edges(EdgeKind::Race, "t1.2 -> t2.3")
    .marks("uses", "t1.2")
    .marks("frees", "t2.3")
    .graph()
}

/// Three threads that hand a counter around, for as many rounds as are asked for; names that need escaping.
pub fn long(rounds: usize) -> Graph {
    let threads = 3;
    let mut sample = Sample::new("assertion", "left: \"1\" < right: 2 & <more>", &["n<T>", "m&m"]);
    sample = sample.init("n<T> = 0, m&m = 0").thread(0, "");
    for thread in 0..threads {
        let step = |round: usize| {
            let n = round * threads + thread;
            format!("RMW n<T> = {n} → {} AcqRel\nW m&m = {n} Relaxed\n", n + 1)
        };
        sample = sample.thread(20, &(0..rounds).map(step).collect::<String>());
    }
    let mut edges = vec!["init.1 -> t1.1".to_string()];
    for n in 1..rounds * threads {
        let name = |n: usize| format!("t{}.{}", n % threads + 1, n / threads * 2 + 1);
        edges.push(format!("{} -> {}", name(n - 1), name(n)));
    }
    let writes = |n: usize| format!("t{}.{}", n % threads + 1, n / threads * 2 + 2);
    let co: Vec<_> =
        (1..rounds * threads).map(|n| format!("{} -> {}", writes(n - 1), writes(n))).collect();
    sample
        .edges(EdgeKind::Rf, &edges.join(", "))
        .edges(EdgeKind::Sw, &edges[1..].join(", "))
        .edges(EdgeKind::Co, &co.join(", "))
        .marks("fails", &format!("t3.{}, t1.2", rounds * 2))
        .graph()
}

/// Every sample, by name.
pub fn all() -> Vec<(&'static str, Graph)> {
    vec![
        ("race", race()),
        ("store_buffering", store_buffering()),
        ("independent_reads", independent_reads()),
        ("deadlock", deadlock()),
        ("operations", operations()),
        ("use_after_free", use_after_free()),
        ("three_rounds", long(3)),
        ("long", long(30)),
    ]
}

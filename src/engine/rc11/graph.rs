//! A failure of the `rc11` engine as a graph for readers: without what its threads begin and end with, and an update as one event.

mod sites;

use std::collections::{BTreeMap, BTreeSet};

use casebook_core::graph::{Action, Edge, EdgeKind, Event, EventId, Graph, Location, Mark};
use casebook_core::verdict::{Kind, Relation, Site, is_own};
use rc11::{EventKind, FailureKind};
use sites::Sites;

/// The graph of a failure.
pub fn of(failure: &rc11::Failure) -> Graph {
    let names = Names::new(&failure.graph);
    let mut graph = names.graph(&failure.graph);
    graph.title = kind(failure).to_string();
    graph.marks = names.marks(failure);
    graph.caption = caption(failure, &graph.marks, &names);
    match failure.kind {
        FailureKind::DataRace | FailureKind::UseAfterFree | FailureKind::DoubleFree => {
            graph.edges.extend(names.race(failure));
        }
        FailureKind::Leak => {}
        FailureKind::Assertion | FailureKind::Deadlock | FailureKind::Livelock => {
            add_contradictions(&mut graph, failure.kind);
        }
    }
    graph
}

/// Adds the `rb` edges of an outcome that no interleaving has, and says that it has none.
fn add_contradictions(graph: &mut Graph, kind: FailureKind) {
    let cycle = graph.contradictions();
    if cycle.is_empty() {
        return;
    }
    graph.caption += ". No interleaving of the threads gives this: the rb and co edges that are \
                      drawn close a cycle with po and rf";
    if kind == FailureKind::Assertion {
        let ends: BTreeSet<EventId> = cycle.iter().flat_map(|e| [e.from, e.to]).collect();
        let note = || "in the cycle".to_string();
        graph.marks.extend(ends.into_iter().map(|event| Mark { event, note: note() }));
    }
    graph.edges.extend(cycle.into_iter().filter(|edge| edge.kind == EdgeKind::Rb));
}

/// The engine's events that are kept, by their new names.
struct Names {
    /// By event: its name; both halves of an update have the same.
    of: BTreeMap<rc11::EventId, EventId>,
    /// By thread: how many events are kept.
    lengths: Vec<usize>,
    /// The kept events, the initial writes first.
    kept: Vec<rc11::EventId>,
    /// The locations that something acts on after they are created.
    locations: Vec<usize>,
}

impl Names {
    fn new(graph: &rc11::Graph) -> Self {
        let mut names = Names {
            of: BTreeMap::new(),
            lengths: Vec::new(),
            kept: Vec::new(),
            locations: used(graph),
        };
        for (thread, events) in graph.threads.iter().enumerate() {
            let setup = if thread == 0 { setup(events) } else { 0 };
            let acts = |e: &rc11::Event| !names.is_silent(e) && !is_thread(e.kind);
            let first = events.iter().skip(setup).position(acts).map(|at| at + setup);
            let last = events.iter().rposition(acts).filter(|last| setup <= *last);
            let mut length = 0;
            let mut previous = None;
            for (at, event) in events.iter().enumerate() {
                // What precedes a spawn is ordered before the child, what follows a join after it: else neither says anything.
                let orders = match event.kind {
                    EventKind::Create => first.is_some_and(|first| first < at),
                    EventKind::Join => last.is_some_and(|last| at < last),
                    _ => true,
                };
                if names.is_silent(event) || !orders {
                    continue;
                }
                let name = match (event.kind, previous) {
                    (EventKind::ExclusiveWrite, Some(read)) => read,
                    _ if at < setup => EventId::Init(names.kept.len()),
                    _ => EventId::At(thread, length),
                };
                if Some(name) != previous {
                    names.kept.push(event.id);
                    length += usize::from(at >= setup);
                }
                names.of.insert(event.id, name);
                previous = Some(name);
            }
            names.lengths.push(length);
        }
        names
    }

    /// Whether an event tells a reader nothing: a thread's begin and end, a choice, the birth of what nobody uses.
    fn is_silent(&self, event: &rc11::Event) -> bool {
        let used = || event.location.is_some_and(|location| self.locations.contains(&location));
        match event.kind {
            EventKind::Begin | EventKind::End => true,
            _ if is_choice(event) => true,
            EventKind::Init => !used(),
            _ => false,
        }
    }

    /// The graph without what is wrong with it.
    fn graph(&self, graph: &rc11::Graph) -> Graph {
        let valued = |e: &&rc11::Event| e.ordering.is_some() && is_access(&e.operation);
        let valued: BTreeSet<usize> =
            graph.threads.iter().flatten().filter(valued).filter_map(|e| e.location).collect();
        let mut new = Graph { threads: vec![Vec::new(); graph.threads.len()], ..Graph::default() };
        let sites = Sites::new(graph);
        for (at, location) in self.locations.iter().enumerate() {
            let site = graph.locations[*location].co.first().and_then(|made| sites.of(*made));
            new.locations.push(Location { name: letters(at), site });
        }
        for id in &self.kept {
            let mut event = event(&graph.threads[id.thread], id.index, &valued);
            event.site = sites.of(*id);
            event.location =
                event.location.and_then(|l| self.locations.iter().position(|u| *u == l));
            match self.of[id] {
                EventId::Init(_) => {
                    event.action = Action::Create;
                    new.init.push(event);
                }
                EventId::At(thread, _) => new.threads[thread].push(event),
            }
        }
        let mut edges = BTreeSet::new();
        let mut add = |kind, from: Option<EventId>, to: Option<EventId>| {
            if let (Some(from), Some(to)) = (from, to)
                && from != to
            {
                edges.insert((kind, from, to));
            }
        };
        for (from, to) in &graph.rf {
            add(EdgeKind::Rf, self.name(*from), self.name(*to));
        }
        for location in &graph.locations {
            for pair in location.co.windows(2) {
                add(EdgeKind::Co, self.name(pair[0]), self.name(pair[1]));
            }
        }
        for (from, to) in &graph.sw {
            add(EdgeKind::Sw, self.release(*from), self.acquire(graph, *to));
        }
        new.edges = edges.into_iter().map(|(kind, from, to)| Edge { kind, from, to }).collect();
        new
    }

    fn name(&self, id: rc11::EventId) -> Option<EventId> {
        self.of.get(&id).copied()
    }

    /// The last kept event up to `id`: an end is not kept, and what happens before it does is.
    fn release(&self, id: rc11::EventId) -> Option<EventId> {
        let start = rc11::EventId { thread: id.thread, index: 0 };
        self.of
            .range(start..=id)
            .next_back()
            .map(|(_, name)| *name)
            .filter(|name| matches!(name, EventId::At(..)))
    }

    /// The first kept event from `id` on.
    fn acquire(&self, graph: &rc11::Graph, id: rc11::EventId) -> Option<EventId> {
        let end = rc11::EventId { thread: id.thread, index: graph.threads[id.thread].len() };
        self.of.range(id..end).next().map(|(_, name)| *name)
    }

    fn marks(&self, failure: &rc11::Failure) -> Vec<Mark> {
        let mut marks: Vec<Mark> = Vec::new();
        for id in &failure.graph.marked {
            let frees = failure.graph.threads[id.thread][id.index].kind == EventKind::Free;
            let note = match failure.kind {
                FailureKind::Assertion => "fails",
                FailureKind::DataRace => "races",
                FailureKind::Deadlock => "waits",
                FailureKind::Livelock => "spins",
                FailureKind::UseAfterFree | FailureKind::DoubleFree if frees => "frees",
                FailureKind::UseAfterFree | FailureKind::DoubleFree => "uses",
                FailureKind::Leak => "leaks",
            };
            let event = self.name(*id);
            let is_new = |event: &EventId| marks.iter().all(|mark| mark.event != *event);
            let new = event.filter(is_new);
            marks.extend(new.map(|event| Mark { event, note: note.to_string() }));
        }
        marks
    }

    /// The edge between two marked events that happens-before does not order.
    fn race(&self, failure: &rc11::Failure) -> Option<Edge> {
        let [a, b] = failure.graph.marked[..] else { return None };
        let graph = &failure.graph;
        if a == b || graph.happens_before(a, b) || graph.happens_before(b, a) {
            return None;
        }
        let (a, b) = (self.name(a)?, self.name(b)?);
        Some(Edge { kind: EdgeKind::Race, from: a.min(b), to: a.max(b) })
    }
}

/// How many events the first thread begins with that only create locations.
fn setup(events: &[rc11::Event]) -> usize {
    let creates = |e: &rc11::Event| matches!(e.kind, EventKind::Begin | EventKind::Init);
    events.iter().position(|e| !creates(e)).unwrap_or(events.len())
}

/// The locations that a marked event or one besides their creation acts on.
fn used(graph: &rc11::Graph) -> Vec<usize> {
    let counts = |e: &&rc11::Event| {
        (e.kind != EventKind::Init || graph.marked.contains(&e.id)) && !is_choice(e)
    };
    let used = graph.threads.iter().flatten().filter(counts).filter_map(|e| e.location);
    used.collect::<BTreeSet<_>>().into_iter().collect()
}

/// Whether it chooses what the body is run with, which is no step of any thread.
fn is_choice(event: &rc11::Event) -> bool {
    event.operation == "choose"
}

fn is_thread(kind: EventKind) -> bool {
    matches!(kind, EventKind::Create | EventKind::Join)
}

fn event(thread: &[rc11::Event], at: usize, valued: &BTreeSet<usize>) -> Event {
    let old = &thread[at];
    let next = thread.get(at + 1).filter(|next| next.kind == EventKind::ExclusiveWrite);
    let child = old.child.unwrap_or(0);
    let action = match old.kind {
        EventKind::Create => Action::Spawn(child),
        EventKind::Join => Action::Join(child),
        EventKind::Fence => Action::Fence,
        EventKind::Free => Action::Free,
        EventKind::Init => Action::Call("new".to_string()),
        EventKind::Call => Action::Begin(old.operation.clone()),
        EventKind::Return => Action::End(old.operation.clone()),
        _ if !is_access(&old.operation) => Action::Call(old.operation.clone()),
        EventKind::Read if next.is_some() => Action::Update,
        EventKind::Read => Action::Read,
        _ => Action::Write,
    };
    let both = |write: &rc11::Event| old.value.zip(write.value);
    let value = match (&action, next) {
        (Action::Update, Some(write)) => {
            both(write).map(|(old, new)| format!("{} → {}", number(old), number(new)))
        }
        (Action::Call(_), _) if old.kind != EventKind::Init => None,
        // What a lock or a plain access holds is nothing that the engine could show.
        _ if !old.location.is_some_and(|location| valued.contains(&location)) => None,
        _ => old.value.map(number),
    };
    let is_call = matches!(action, Action::Call(_));
    let ordering = old.ordering.filter(|_| !is_call).map(|ordering| format!("{ordering:?}"));
    Event { action, location: old.location, value, ordering, site: None }
}

/// Whether an operation is a memory access, and not a lock, a wait or the like.
fn is_access(operation: &str) -> bool {
    let words = [
        "load",
        "store",
        "swap",
        "compare_exchange",
        "compare_exchange_weak",
        "read",
        "write",
        "get_mut",
        "into_inner",
        "Box: read",
        "Box: write",
    ];
    words.contains(&operation) || operation.starts_with("fetch_")
}

/// A value as its type most likely shows it: what is close to 2⁶⁴ is a negative number.
fn number(value: u64) -> String {
    let signed = value.cast_signed();
    if (-1000..0).contains(&signed) { signed.to_string() } else { value.to_string() }
}

/// The n-th of `a`, `b`, ..., `z`, `a1`, ...
fn letters(n: usize) -> String {
    let letter = char::from(b'a' + (n % 26) as u8);
    if n < 26 { letter.to_string() } else { format!("{letter}{}", n / 26) }
}

/// A place as cases name it.
pub fn site(site: &rc11::Site) -> Site {
    let file = casebook_core::verdict::tidy_path(site.file);
    Site { file, line: site.line, column: site.column, relation: Relation::At }
}

/// What the engine says of a failure, with the places of its events as they are found in the program.
pub fn message(failure: &rc11::Failure) -> String {
    let sites = Sites::new(&failure.graph);
    let mut message = failure.message.clone();
    for id in &failure.graph.marked {
        let told = failure.graph.threads[id.thread][id.index].site;
        if let (Some(told), Some(site)) = (told, sites.of(*id))
            && !is_own(told.file)
        {
            let (told, phrase) = (format!("at {told}"), site.phrase());
            message = message.replacen(&told, &phrase, 1);
        }
    }
    for blocked in &failure.blocked {
        let told = blocked.site.filter(|site| !is_own(site.file));
        if let (Some(told), Some(site)) = (told, sites.end(blocked.thread)) {
            message = message.replacen(&format!("at {told}"), &site.phrase(), 1);
        }
    }
    message
}

/// The class of a failure, as the corpus has it.
pub fn kind(failure: &rc11::Failure) -> Kind {
    match failure.kind {
        FailureKind::Assertion => Kind::told_by(&failure.message).0,
        FailureKind::DataRace => Kind::DataRace,
        FailureKind::Deadlock => Kind::Deadlock,
        FailureKind::Livelock => Kind::Livelock,
        FailureKind::UseAfterFree => Kind::UseAfterFree,
        FailureKind::DoubleFree => Kind::DoubleFree,
        FailureKind::Leak => Kind::Leak,
    }
}

/// What is wrong, by the events' names here.
fn caption(failure: &rc11::Failure, marks: &[Mark], names: &Names) -> String {
    let unordered = names.race(failure).is_some();
    let but = if unordered { ", and happens-before orders neither before the other" } else { "" };
    match (failure.kind, marks) {
        (FailureKind::DataRace, [a, b]) => {
            format!(
                "{} and {} access the same memory, at least one to write{but}",
                a.event, b.event
            )
        }
        (FailureKind::UseAfterFree, [a, b]) => {
            let (free, usage) = if a.note == "frees" { (a, b) } else { (b, a) };
            format!("{} uses memory that {} frees{but}", usage.event, free.event)
        }
        (FailureKind::DoubleFree, [a, b]) => {
            format!("{} and {} free the same memory{but}", a.event, b.event)
        }
        (FailureKind::Deadlock | FailureKind::Livelock, _) if !failure.blocked.is_empty() => {
            let waits = failure.blocked.iter().map(|wait| waits(wait, names));
            waits.collect::<Vec<_>>().join("; ")
        }
        _ => Kind::told_by(&failure.message).1.into(),
    }
}

fn waits(blocked: &rc11::BlockedThread, names: &Names) -> String {
    let length = names.lengths.get(blocked.thread).copied().unwrap_or(0);
    let at = length.checked_sub(1).map(|at| EventId::At(blocked.thread, at));
    let at = at.map_or(String::new(), |at| format!(" at {at}"));
    let holder = blocked.holder.map_or(String::new(), |t| format!(", held by thread {t}"));
    let what = match blocked.wait {
        rc11::Wait::Lock => format!("waits{at} for a lock{holder}"),
        rc11::Wait::Condvar => format!("waits{at} to be notified"),
        rc11::Wait::Futex => format!("sleeps{at} at a futex"),
        rc11::Wait::Park => format!("is parked{at}"),
        rc11::Wait::Spin => format!("spins{at} for ever"),
        rc11::Wait::Join => {
            format!("waits for the end of thread {}", blocked.holder.unwrap_or(0))
        }
    };
    let lost =
        if blocked.wakeup_issued { " (its wake-up had been sent, and was lost)" } else { "" };
    format!("thread {} {what}{lost}", blocked.thread)
}

//! A graph as plain data, the same for the same execution: threads and locations in the order of the spawn tree.

use super::clock::Clock;
use super::graph::{Graph as InnerGraph, Id, NONE};
use super::heap::Heap;
use super::label::{Kind, Op};
use super::names::Names;
use super::ops::At;
use super::report::{Event, EventId, EventKind, Graph, LocationInfo, Site, Step};

/// What turns a graph into plain data.
pub(super) struct Portrait<'a> {
    g: &'a InnerGraph,
    names: &'a Names,
    heap: &'a Heap,
    /// The threads that have events, in the order of the spawn tree.
    threads: Vec<u16>,
    /// The locations in use, by creator and number.
    locations: Vec<u32>,
}

impl<'a> Portrait<'a> {
    pub fn new(g: &'a InnerGraph, names: &'a Names, heap: &'a Heap) -> Self {
        let has_events =
            |&t: &u16| g.threads.get(t as usize).is_some_and(|events| !events.is_empty());
        let threads = names.order().iter().copied().filter(has_events).collect();
        let mut portrait = Portrait { g, names, heap, threads, locations: Vec::new() };
        let in_use = |&at: &u32| !g.memory[at as usize].co.is_empty();
        let mut locations: Vec<u32> = (0..g.memory.len() as u32).filter(in_use).collect();
        locations.sort_by_key(|&at| portrait.creation(at));
        portrait.locations = locations;
        portrait
    }

    /// A thread's number.
    pub fn number(&self, thread: u16) -> usize {
        self.threads.iter().position(|&t| t == thread).unwrap_or(self.threads.len())
    }

    fn creation(&self, location: u32) -> (usize, u32) {
        let (thread, nth) = self.names.creation(location);
        (self.number(thread), nth)
    }

    /// A location's stable name.
    pub fn name_of(&self, location: u32) -> String {
        let (thread, nth) = self.creation(location);
        format!("t{thread}.{nth}")
    }

    fn name(&self, id: Id) -> EventId {
        let e = self.g.event(id);
        EventId { thread: self.number(e.thread), index: e.index.into() }
    }

    /// The whole graph.
    pub fn graph(&self, marked: &[Id]) -> Graph {
        let g = self.g;
        let threads: Vec<&[Id]> = self.threads.iter().map(|&t| &*g.threads[t as usize]).collect();
        let clock = |id: Id| {
            let clock = g.clocks.get(id, Clock::Hb);
            self.threads.iter().map(|&t| clock[t as usize].into()).collect()
        };
        let reads = threads.iter().flat_map(|t| t.iter()).filter(|&&id| g.event(id).is_read());
        Graph {
            threads: threads.iter().map(|t| t.iter().map(|&id| self.event(id)).collect()).collect(),
            locations: self.locations.iter().map(|&at| self.location(at)).collect(),
            rf: reads.map(|&r| (self.name(g.event(r).rf), self.name(r))).collect(),
            sw: self.synchronizes(&threads),
            hb: threads.iter().map(|t| t.iter().map(|&id| clock(id)).collect()).collect(),
            marked: marked.iter().map(|&id| self.name(id)).collect(),
        }
    }

    fn location(&self, at: u32) -> LocationInfo {
        let co = self.g.co(at);
        LocationInfo {
            name: self.name_of(at),
            site: site(self.g.site(co[0])),
            co: co.iter().map(|&w| self.name(w)).collect(),
        }
    }

    fn event(&self, id: Id) -> Event {
        let e = self.g.event(id);
        let kind = match e.kind() {
            Kind::Init => EventKind::Init,
            Kind::Read => EventKind::Read,
            Kind::Write => EventKind::Write,
            Kind::ExclusiveWrite => EventKind::ExclusiveWrite,
            Kind::Free => EventKind::Free,
            Kind::Fence => EventKind::Fence,
            Kind::Begin => EventKind::Begin,
            Kind::End => EventKind::End,
            Kind::Create => EventKind::Create,
            Kind::Join if e.label.op == Op::Join => EventKind::Join,
            Kind::Moment if e.label.op == Op::Call => EventKind::Call,
            Kind::Moment if e.label.op == Op::Return => EventKind::Return,
            Kind::Join | Kind::Moment => EventKind::Moment,
            Kind::Spin => EventKind::Spin,
        };
        let is_call = matches!(kind, EventKind::Call | EventKind::Return);
        Event {
            id: self.name(id),
            kind,
            operation: self.names.remarked(e.thread, e.index).unwrap_or(e.label.op.text()).into(),
            site: site(e.label.site).filter(|_| !is_call),
            location: self.locations.iter().position(|&at| at == e.loc()),
            ordering: e.ord.public(),
            value: (e.loc() != NONE
                && !matches!(kind, EventKind::Free | EventKind::Moment)
                && !is_call)
                .then(|| self.heap.stable(e.value)),
            child: (e.label.child != NONE).then(|| self.number(e.label.child as u16)),
        }
    }

    /// The synchronizes-with edges that the clocks come from: spawn, join, and each acquiring read (or the fence after it) with
    /// the release sides of what it reads.
    fn synchronizes(&self, threads: &[&[Id]]) -> Vec<(EventId, EventId)> {
        let g = self.g;
        let mut edges = Vec::new();
        for &id in threads.iter().flat_map(|t| t.iter()) {
            let e = g.event(id);
            if matches!(e.kind(), Kind::Begin | Kind::Join) {
                let sources = g.sources(id).iter();
                edges.extend(sources.map(|&source| (self.name(source), self.name(id))));
            }
            if !e.is_read() || !e.is_atomic() || e.label.op.is_of_kernel() {
                continue;
            }
            let later = &g.threads[e.thread as usize][e.index as usize..];
            let acquires = |&&p: &&Id| {
                p == id && e.ord.acquires()
                    || g.event(p).kind() == Kind::Fence && g.event(p).ord.acquires()
            };
            if let Some(&acquire) = later.iter().find(acquires) {
                let to_writer = matches!(e.label.op, Op::WriteLock | Op::TryWriteLock);
                edges.extend(
                    releases(g, e.rf, to_writer)
                        .into_iter()
                        .map(|release| (self.name(release), self.name(acquire))),
                );
            }
        }
        edges
    }

    /// The events in an order that respects program order and reads-from.
    pub fn trace(&self, graph: &Graph) -> Vec<Step> {
        let g = self.g;
        let mut next = vec![0; g.threads.len()];
        let mut trace = Vec::with_capacity(g.events.len());
        while trace.len() < g.events.len() {
            let before = trace.len();
            for &t in &self.threads {
                while let Some(&id) = g.threads[t as usize].get(next[t as usize]) {
                    let is_to_come = |&source: &Id| {
                        let source = g.event(source);
                        usize::from(source.index) >= next[source.thread as usize]
                    };
                    if g.sources(id).iter().any(is_to_come) {
                        break;
                    }
                    trace.push(step(graph, self.name(id)));
                    next[t as usize] += 1;
                }
            }
            assert!(trace.len() > before, "po ∪ rf is acyclic");
        }
        trace
    }
}

/// Where the program asks for an event; the engine's own have no place in it.
fn site(at: At) -> Option<Site> {
    let own = file!().trim_end_matches("portrait.rs");
    (!at.file().starts_with(own)).then(|| at.into())
}

fn step(graph: &Graph, id: EventId) -> Step {
    let e = &graph.threads[id.thread][id.index];
    let location = e.location.map(|l| graph.locations[l].name.clone());
    Step {
        event: id,
        operation: e.operation.clone(),
        site: e.site,
        location,
        ordering: e.ordering,
        value: e.value,
    }
}

/// The release sides of a write: its own, and along the read-modify-writes those of the writes it continues.
fn releases(g: &InnerGraph, mut w: Id, to_writer: bool) -> Vec<Id> {
    let mut sides = Vec::new();
    loop {
        let e = g.event(w);
        if e.label.op == Op::ReadUnlock {
            sides.extend(to_writer.then_some(w));
        } else if e.is_atomic() && e.ord.releases() {
            sides.push(w);
        } else if e.is_atomic() && e.fence != NONE {
            sides.push(e.fence);
        }
        if e.kind() != Kind::ExclusiveWrite {
            return sides;
        }
        w = g.event(e.label.from).rf;
    }
}

//! What is shown of an execution graph, and where on a grid: a column per thread, time going down.

use std::collections::{BTreeMap, BTreeSet};

use casebook_core::graph::{EdgeKind, EventId, Graph};

/// More events than this are not read any more: the last ones of each thread are shown.
const READABLE: usize = 40;

/// The part of a graph that is shown.
pub(super) struct Picture<'a> {
    pub graph: &'a Graph,
    /// The initial writes that something shown reads from.
    pub init: Vec<EventId>,
    pub columns: Vec<Column>,
    pub arrows: Vec<Arrow>,
    /// How many rows the grid has.
    pub rows: usize,
    /// How many events are left out.
    pub hidden: usize,
}

/// A thread.
pub(super) struct Column {
    pub thread: usize,
    pub items: Vec<Item>,
    /// By item, its row.
    pub rows: Vec<usize>,
}

/// What stands in a cell.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Item {
    Event(EventId),
    /// So many events that are left out.
    Gap(usize),
}

/// The relations between two events, drawn as one line.
pub(super) struct Arrow {
    pub from: EventId,
    pub to: EventId,
    pub kinds: Vec<EdgeKind>,
}

impl Arrow {
    /// The relations' names: `rf sw`.
    pub fn label(&self) -> String {
        self.kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(" ")
    }
}

impl<'a> Picture<'a> {
    pub fn new(graph: &'a Graph) -> Self {
        let mut columns = columns(graph);
        let shown: BTreeSet<EventId> =
            columns.iter().flat_map(|column| column.items.iter().filter_map(event)).collect();
        let arrows = arrows(graph, &shown);
        let is_used = |id: &EventId| {
            graph.mark(*id).is_some() || arrows.iter().any(|a| a.from == *id || a.to == *id)
        };
        let init = (0..graph.init.len()).map(EventId::Init).filter(is_used).collect();
        let rows = place(&mut columns, &arrows);
        let total: usize = graph.threads.iter().map(Vec::len).sum();
        Picture { graph, init, columns, arrows, rows, hidden: total - shown.len() }
    }

    /// The relations that occur, in the order in which they are listed.
    pub fn kinds(&self) -> impl Iterator<Item = EdgeKind> {
        let occurs = |kind: &EdgeKind| self.arrows.iter().any(|arrow| arrow.kinds.contains(kind));
        EdgeKind::ALL.into_iter().filter(occurs)
    }

    /// Says what is left out, if anything is.
    pub fn note(&self) -> Option<String> {
        let hidden = self.hidden;
        (hidden > 0)
            .then(|| format!("left out, at the marks ⋮ and with their edges: {hidden} events"))
    }
}

/// The event in a cell.
pub(super) fn event(item: &Item) -> Option<EventId> {
    match item {
        Item::Event(id) => Some(*id),
        Item::Gap(_) => None,
    }
}

/// The threads that do something, with the events shown of each: the last ones, and the marked ones.
fn columns(graph: &Graph) -> Vec<Column> {
    let lengths: Vec<usize> = graph.threads.iter().map(Vec::len).collect();
    let shown = |last: usize| lengths.iter().map(|length| (*length).min(last)).sum::<usize>();
    let longest = lengths.iter().copied().max().unwrap_or(0);
    let last = (1..=longest).rev().find(|last| shown(*last) <= READABLE).unwrap_or(1);
    let mut columns = Vec::new();
    for (thread, events) in graph.threads.iter().enumerate().filter(|(_, e)| !e.is_empty()) {
        let (mut items, mut gap) = (Vec::new(), 0);
        for at in 0..events.len() {
            let id = EventId::At(thread, at);
            if at + last < events.len() && graph.mark(id).is_none() {
                gap += 1;
                continue;
            }
            items.extend((gap > 0).then_some(Item::Gap(gap)));
            gap = 0;
            items.push(Item::Event(id));
        }
        columns.push(Column { thread, rows: Vec::with_capacity(items.len()), items });
    }
    columns
}

/// The edges between shown events that say more than the others do, one arrow a pair.
fn arrows(graph: &Graph, shown: &BTreeSet<EventId>) -> Vec<Arrow> {
    let is_shown = |id: EventId| matches!(id, EventId::Init(_)) || shown.contains(&id);
    let unimplied = graph.unimplied_co();
    let mut pairs: BTreeMap<(EventId, EventId), BTreeSet<EdgeKind>> = BTreeMap::new();
    for edge in graph.edges.iter().filter(|edge| is_shown(edge.from) && is_shown(edge.to)) {
        pairs.entry((edge.from, edge.to)).or_default().insert(edge.kind);
    }
    let mut arrows = Vec::new();
    for ((from, to), mut kinds) in pairs {
        let one_thread = match (from, to) {
            (EventId::At(a, _), EventId::At(b, _)) => a == b,
            _ => false,
        };
        if one_thread {
            kinds.retain(|kind| matches!(kind, EdgeKind::Rf | EdgeKind::Rb));
        }
        // Coherence begins with the initial write.
        if matches!(from, EventId::Init(_)) || !unimplied.contains(&(from, to)) {
            kinds.remove(&EdgeKind::Co);
        }
        // What a racy read reads is of no account.
        if kinds.contains(&EdgeKind::Race) {
            kinds.retain(|kind| *kind == EdgeKind::Race);
        }
        if !kinds.is_empty() {
            arrows.push(Arrow { from, to, kinds: kinds.into_iter().collect() });
        }
    }
    arrows
}

/// Gives every item a row, below its predecessor and below what it reads from or synchronizes
/// with; says how many rows there are.
fn place(columns: &mut [Column], arrows: &[Arrow]) -> usize {
    let mut row_of: BTreeMap<EventId, usize> = BTreeMap::new();
    let sources = |id: EventId| {
        let points_down = move |a: &&Arrow| {
            a.to == id && a.kinds.iter().any(|k| matches!(k, EdgeKind::Rf | EdgeKind::Sw))
        };
        arrows.iter().filter(points_down).map(|a| a.from).filter(|e| matches!(e, EventId::At(..)))
    };
    let pending = |column: &Column| column.rows.len() < column.items.len();
    let mut rows = 0;
    while columns.iter().any(pending) {
        let is_ready = |column: &Column| {
            let item = column.items.get(column.rows.len());
            item.is_some_and(|item| {
                event(item).is_none_or(|id| sources(id).all(|s| row_of.contains_key(&s)))
            })
        };
        // Reads-from and program order have no cycle in an execution; in another graph some arrow points up.
        let ready = columns.iter().position(is_ready);
        let at = ready.or_else(|| columns.iter().position(pending)).expect("a column is pending");
        let column = &mut columns[at];
        let item = column.items[column.rows.len()];
        let above = column.rows.last().map(|row| row + 1);
        let id = event(&item);
        let below = id.into_iter().flat_map(sources).filter_map(|s| Some(row_of.get(&s)? + 1));
        let row = below.chain(above).max().unwrap_or(0);
        column.rows.push(row);
        row_of.extend(id.map(|id| (id, row)));
        rows = rows.max(row + 1);
    }
    rows
}

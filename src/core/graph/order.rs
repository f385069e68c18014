//! What comes before what: by the relations of an execution, and against every interleaving.

use std::collections::{BTreeMap, BTreeSet};

use super::{Edge, EdgeKind, EventId, Graph};

/// By event, those right after it.
type Next = BTreeMap<EventId, Vec<EventId>>;

impl Graph {
    /// The `co` and `rb` edges that lie on a cycle with program order and `rf`: empty if the
    /// execution is sequentially consistent. An outcome with such a cycle has no interleaving.
    pub fn contradictions(&self) -> Vec<Edge> {
        let rb = self.reads_before();
        let mut next = self.next(&[EdgeKind::Rf, EdgeKind::Co]);
        for edge in &rb {
            next.entry(edge.from).or_default().push(edge.to);
        }
        let co = self.edges.iter().filter(|edge| edge.kind == EdgeKind::Co);
        co.chain(&rb).filter(|edge| reaches(&next, edge.to, edge.from)).cloned().collect()
    }

    /// The coherence edges that program order, `rf` and `sw` do not imply.
    pub fn unimplied_co(&self) -> BTreeSet<(EventId, EventId)> {
        let next = self.next(&[EdgeKind::Rf, EdgeKind::Sw]);
        let co = self.edges.iter().filter(|edge| edge.kind == EdgeKind::Co);
        let free = co.filter(|edge| !reaches(&next, edge.from, edge.to));
        free.map(|edge| (edge.from, edge.to)).collect()
    }

    /// Program order and some relations.
    fn next(&self, kinds: &[EdgeKind]) -> Next {
        let mut next = Next::new();
        for (thread, events) in self.threads.iter().enumerate() {
            for at in 1..events.len() {
                next.entry(EventId::At(thread, at - 1)).or_default().push(EventId::At(thread, at));
            }
        }
        for edge in self.edges.iter().filter(|edge| kinds.contains(&edge.kind)) {
            next.entry(edge.from).or_default().push(edge.to);
        }
        next
    }

    /// Each read, and the write that comes next in coherence after the one it reads.
    fn reads_before(&self) -> Vec<Edge> {
        let of = |kind| self.edges.iter().filter(move |edge| edge.kind == kind);
        let later: BTreeMap<EventId, EventId> =
            of(EdgeKind::Co).map(|edge| (edge.from, edge.to)).collect();
        of(EdgeKind::Rf)
            .filter_map(|rf| Some((rf.to, *later.get(&rf.from)?)))
            .filter(|(read, write)| read != write) // an update does not come before itself
            .map(|(from, to)| Edge { kind: EdgeKind::Rb, from, to })
            .collect()
    }
}

fn reaches(next: &Next, from: EventId, to: EventId) -> bool {
    let (mut seen, mut pending) = (BTreeSet::from([from]), vec![from]);
    while let Some(at) = pending.pop() {
        if at == to {
            return true;
        }
        let further = next.get(&at).into_iter().flatten();
        pending.extend(further.copied().filter(|event| seen.insert(*event)));
    }
    false
}

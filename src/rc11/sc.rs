//! The axiom that `SeqCst` is for, under either model: some relation between SeqCst accesses and fences is acyclic.
//!
//! **RC11**: `psc = psc_base ∪ psc_F`, with `scb = po ∪ po≠loc;hb;po≠loc ∪ hb|loc ∪ co ∪ rb`,
//! `psc_base = ([SC] ∪ [F_sc];hb?) ; scb ; ([SC] ∪ hb?;[F_sc])`, `psc_F = [F_sc] ; (hb ∪ hb;eco;hb) ; [F_sc]`.
//! Source: Lahav et al., PLDI 2017, section 4. An edge that ends (or starts) at a fence and comes from a part of `scb`
//! within `hb` is just `hb`, so only `co`, `rb` and, between fences, `eco` are looked at location by location.
//!
//! **The letter of C++20**, [atomics.order] p3 and p4: the total order S contains *strongly happens before* and, with
//! `cob = (rf ∪ co ∪ rb)+` through accesses of any ordering, `[A];cob;[A] ∪ [A];cob;hb;[F] ∪ [F];hb;cob;[A] ∪ [F];hb;cob;hb;[F]`
//! (`A`, `F`: SeqCst accesses and fences). Within one location `cob` compares places in `co`. A read-modify-write is one
//! operation, at the place of its write half. `shb = (po ∪ [SC];sw;[SC] ∪ po;hb;po)+`; whatever synchronizes directly, from a
//! SeqCst operation to another, is ordered by the terms of `cob` already.

use super::graph::{Graph, Id};
use super::label::{Kind, Order, Outcome};
use super::{Axiom, Model};

/// Scratch space of the check, kept between calls.
#[derive(Default)]
pub(super) struct ScOrder {
    nodes: Vec<Node>,
    /// By fence and location.
    reach: Vec<Reach>,
    /// By node, how far the search for a cycle has come; and its path, each node with the next one to look at.
    state: Vec<State>,
    path: Vec<(usize, usize)>,
}

/// Of a node, in the search for a cycle.
#[derive(Clone, Copy, PartialEq)]
enum State {
    New,
    OnPath,
    /// It is on no cycle, nor is what comes after it.
    Done,
}

/// An SC access or an SC fence.
#[derive(Clone, Copy)]
struct Node {
    id: Id,
    /// For a fence, its place in `reach`.
    fence: Option<usize>,
    /// The first event po-after it and the last po-before it; under RC11, at another location.
    after: Option<Id>,
    before: Option<Id>,
}

/// What a fence sees of one location, as places in `co` plus one; 0 for nothing.
#[derive(Clone, Copy)]
struct Reach {
    /// The least place written, and read from, by what the fence happens before.
    out_write: u32,
    out_read: u32,
    /// The greatest place written, and read from, by what happens before the fence.
    in_write: u32,
    in_read: u32,
}

const NOTHING: Reach = Reach { out_write: u32::MAX, out_read: u32::MAX, in_write: 0, in_read: 0 };

impl ScOrder {
    /// Whether the graph satisfies the axiom of its model, if it did without `changed`, each the last event of its thread. A new cycle goes through
    /// one of them, if it is `SeqCst`, or through a fence that one of them comes after: a path from and to other events does not need it, as
    /// nothing comes after it, and as two accesses of its location are ordered by their own places in `co`.
    pub fn still_holds(&mut self, g: &Graph, changed: &[Option<Id>]) -> bool {
        let changed = || changed.iter().flatten().copied();
        let concerned = |id: Id| {
            let is_fence = g.event(id).kind() == Kind::Fence;
            changed().any(|last| last == id || is_fence && g.hb(id, last))
        };
        g.seq_cst.is_empty()
            || !g.seq_cst.iter().any(|&id| concerned(id))
            || self.has_no_cycle(g.rules.model, g, concerned)
    }

    /// Whether the graph satisfies the axiom of this model.
    pub fn holds_under(&mut self, model: Model, g: &Graph) -> bool {
        self.has_no_cycle(model, g, |_| true)
    }

    /// Whether no cycle can be reached from the nodes to begin with.
    fn has_no_cycle(&mut self, model: Model, g: &Graph, begin: impl Fn(Id) -> bool) -> bool {
        if !g.rules.has(Axiom::Psc) {
            return true;
        }
        self.collect(model, g);
        self.reach_of_fences(g);
        self.state.clear();
        self.state.resize(self.nodes.len(), State::New);
        (0..self.nodes.len())
            .all(|node| !begin(self.nodes[node].id) || !self.leads_to_cycle(model, g, node))
    }

    /// Depth first; no edge is looked at twice.
    fn leads_to_cycle(&mut self, model: Model, g: &Graph, start: usize) -> bool {
        if self.state[start] != State::New {
            return false;
        }
        self.state[start] = State::OnPath;
        self.path.clear();
        self.path.push((start, 0));
        while let Some((node, next)) = self.path.last_mut() {
            let (from, to) = (*node, *next);
            if to == self.nodes.len() {
                self.state[from] = State::Done;
                self.path.pop();
                continue;
            }
            *next += 1;
            if self.state[to] == State::Done || !self.is_before(model, g, from, to) {
                continue;
            }
            if self.state[to] == State::OnPath {
                return true;
            }
            self.state[to] = State::OnPath;
            self.path.push((to, 0));
        }
        false
    }

    fn is_before(&self, model: Model, g: &Graph, from: usize, to: usize) -> bool {
        let (a, b) = (&self.nodes[from], &self.nodes[to]);
        match model {
            Model::Rc11 => self.psc(g, a, b),
            Model::Cxx20 => self.letter(g, a, b),
        }
    }

    fn collect(&mut self, model: Model, g: &Graph) {
        self.nodes.clear();
        let mut fences = 0;
        for &id in &g.seq_cst {
            let e = g.event(id);
            if e.ord != Order::SeqCst {
                continue;
            }
            let thread = &g.threads[e.thread as usize];
            let (earlier, later) = (&thread[..e.index as usize], &thread[e.index as usize + 1..]);
            let (mut before, after) = match model {
                Model::Rc11 => {
                    let elsewhere = |&&other: &&Id| g.event(other).loc() != e.loc();
                    (earlier.iter().rev().find(elsewhere), later.iter().find(elsewhere))
                }
                Model::Cxx20 => (earlier.last(), later.first()),
            };
            if model == Model::Cxx20 {
                if matches!(e.outcome, Outcome::Write(_)) && e.is_read() && after.is_some() {
                    continue;
                }
                if e.kind() == Kind::ExclusiveWrite {
                    before = earlier.iter().rev().nth(1);
                }
            }
            let is_fence = e.kind() == Kind::Fence;
            let fence = is_fence.then_some(fences);
            fences += usize::from(is_fence);
            self.nodes.push(Node { id, fence, after: after.copied(), before: before.copied() });
        }
    }

    fn reach_of_fences(&mut self, g: &Graph) {
        let locations = g.memory.len();
        self.reach.clear();
        for node in self.nodes.iter().filter(|n| n.fence.is_some()) {
            let start = self.reach.len();
            self.reach.resize(start + locations, NOTHING);
            for (id, e) in g.events.iter().enumerate() {
                let (id, is_write) = (id as Id, e.is_write());
                if !is_write && !e.is_read() || e.label.op.is_of_kernel() {
                    continue;
                }
                let place = if is_write { e.co } else { g.seen(id) as u32 } + 1;
                let reach = &mut self.reach[start + e.loc() as usize];
                let (before, after) = (g.hb(id, node.id), g.hb(node.id, id));
                match (is_write, before, after) {
                    (true, true, _) => reach.in_write = reach.in_write.max(place),
                    (false, true, _) => reach.in_read = reach.in_read.max(place),
                    (true, _, true) => reach.out_write = reach.out_write.min(place),
                    (false, _, true) => reach.out_read = reach.out_read.min(place),
                    _ => {}
                }
            }
        }
    }

    fn psc(&self, g: &Graph, a: &Node, b: &Node) -> bool {
        if !g.rules.has(Axiom::PscBase) && (a.fence.is_none() || b.fence.is_none()) {
            return false;
        }
        match (a.fence, b.fence) {
            _ if a.id == b.id => a.fence.is_some_and(|f| self.between_fences(g, f, f)),
            (None, None) => Self::scb(g, a, b),
            (None, Some(f)) => g.hb(a.id, b.id) || self.enters_fence(g, a.id, f),
            (Some(f), None) => g.hb(a.id, b.id) || self.leaves_fence(g, f, b.id),
            (Some(f), Some(h)) => g.hb(a.id, b.id) || self.between_fences(g, f, h),
        }
    }

    /// Whether the letter of C++20 puts `a` before `b` in S by one of its terms.
    fn letter(&self, g: &Graph, a: &Node, b: &Node) -> bool {
        let (x, y) = (g.event(a.id), g.event(b.id));
        if x.thread == y.thread && x.index != y.index {
            return x.index < y.index;
        }
        let strongly = |(after, before)| g.hb(after, before);
        a.id != b.id && a.after.zip(b.before).is_some_and(strongly)
            || match (a.fence, b.fence) {
                (None, None) => x.loc() == y.loc() && Self::cob(g, a.id, b.id),
                (None, Some(f)) => {
                    let reach = self.reach[f * g.memory.len() + x.loc() as usize];
                    let place = Self::place(g, a.id) + 1;
                    place < reach.in_write.max(reach.in_read)
                        || x.is_write() && place == reach.in_read
                }
                (Some(f), None) => {
                    let reach = self.reach[f * g.memory.len() + y.loc() as usize];
                    let place = Self::place(g, b.id) + 1;
                    reach.out_write.min(reach.out_read) < place
                        || y.is_read() && reach.out_write == place
                }
                (Some(f), Some(h)) => self.between_fences(g, f, h),
            }
    }

    /// Whether one access is coherence-ordered before another of its location.
    fn cob(g: &Graph, a: Id, b: Id) -> bool {
        let (from, to) = (Self::place(g, a), Self::place(g, b));
        from < to || from == to && g.event(a).is_write() && g.event(b).is_read()
    }

    /// `scb` between two accesses.
    fn scb(g: &Graph, a: &Node, b: &Node) -> bool {
        let (x, y) = (g.event(a.id), g.event(b.id));
        let po = x.thread == y.thread && x.index < y.index;
        let through_other = matches!((a.after, b.before), (Some(after), Some(before)) if after != before && g.hb(after, before));
        let same = x.loc() == y.loc();
        po || through_other
            || same && (g.hb(a.id, b.id) || y.is_write() && Self::place(g, a.id) < y.co)
    }

    /// The place in `co` of what an access writes or reads.
    fn place(g: &Graph, id: Id) -> u32 {
        let e = g.event(id);
        if e.is_write() { e.co } else { g.seen(id) as u32 }
    }

    /// `(co ∪ rb) ; hb?` from an access to a fence.
    fn enters_fence(&self, g: &Graph, a: Id, fence: usize) -> bool {
        let reach = self.reach[fence * g.memory.len() + g.event(a).loc() as usize];
        Self::place(g, a) + 1 < reach.in_write
    }

    /// `hb? ; (co ∪ rb)` from a fence to an access.
    fn leaves_fence(&self, g: &Graph, fence: usize, b: Id) -> bool {
        let e = g.event(b);
        let reach = self.reach[fence * g.memory.len() + e.loc() as usize];
        e.is_write() && reach.out_write.min(reach.out_read) < e.co + 1
    }

    /// `hb ; eco ; hb` from a fence to a fence.
    fn between_fences(&self, g: &Graph, from: usize, to: usize) -> bool {
        let (locations, psc_f) = (g.memory.len(), g.rules.has(Axiom::PscFence));
        let (from, to) = (
            &self.reach[from * locations..][..locations],
            &self.reach[to * locations..][..locations],
        );
        from.iter().zip(to).any(|(f, t)| {
            let to_write = f.out_write.min(f.out_read) < t.in_write;
            let to_read =
                psc_f && (f.out_write <= t.in_read && t.in_read > 0 || f.out_read < t.in_read);
            to_write || to_read
        })
    }
}

//! Copies of a part of a graph: what a revisit keeps, and the prefix of an event.

use super::{Graph, Id, Memory, NONE};

impl Graph {
    /// Copies into `to` what a revisit of `r` by `w` keeps: the events added before `r`, `r` itself unless it `leaves`, `w`'s prefix, and `w`
    /// itself, last and not yet in `co`. Their new names go to `names`.
    pub fn restrict(&self, r: Id, leaves: bool, w: Id, to: &mut Graph, names: &mut Vec<Id>) {
        let stays = |id| id == r && !leaves || id <= w && self.porf(id, w);
        self.copy(r as usize, stays, to, names);
        let (at, last) = (self.event(w).loc(), names[w as usize]);
        if at != NONE && self.event(w).is_write() {
            to.unplace(last);
        }
    }

    /// Copies into `to` the prefix of an event, itself included.
    pub fn prefix(&self, event: Id, to: &mut Graph, names: &mut Vec<Id>) {
        self.copy(0, |id| self.porf(id, event), to, names);
    }

    /// Copies into `to` the `first` events and those of the others that stay, with their names there.
    fn copy(&self, first: usize, stays: impl Fn(Id) -> bool, to: &mut Graph, names: &mut Vec<Id>) {
        self.copy_first(first, to);
        names.clear();
        names.extend(0..first as Id);
        for id in first as Id..self.events.len() as Id {
            if !stays(id) {
                names.push(NONE);
                continue;
            }
            let name = to.events.len() as Id;
            names.push(name);
            let e = self.events[id as usize];
            to.threads[e.thread as usize].push(name);
            to.events.push(e);
            to.clocks.push_from(&self.clocks, id);
            to.index_access(name);
        }
        // Of the first, only what has been revisited has its source among the others.
        let rename = |id: &mut Id| {
            if *id != NONE && *id >= first as Id {
                *id = names[*id as usize];
            }
        };
        for e in &mut to.events {
            rename(&mut e.rf);
        }
        for e in &mut to.events[first..] {
            rename(&mut e.fence);
            rename(&mut e.label.from);
        }
        for (memory, to_memory) in self.memory.iter().zip(&mut to.memory) {
            let kept = memory.co.iter().map(|&write| names[write as usize]);
            to_memory.co.extend(kept.filter(|&name| name != NONE));
            for (place, &name) in to_memory.co.iter().enumerate() {
                to.events[name as usize].co = place as u32;
            }
        }
    }

    /// Copies into `to` the first events, but for what is in `co`.
    fn copy_first(&self, len: usize, to: &mut Graph) {
        let up_to = |ids: &[Id]| ids.partition_point(|&id| (id as usize) < len);
        let copy = |from: &[Id], to: &mut Vec<Id>| {
            to.clear();
            to.extend_from_slice(&from[..up_to(from)]);
        };
        to.events.clear();
        to.events.extend_from_slice(&self.events[..len]);
        to.clocks.copy_first(&self.clocks, len);
        to.threads.resize_with(self.threads.len().max(to.threads.len()), Vec::new);
        to.threads.iter_mut().for_each(Vec::clear);
        for (thread, to) in self.threads.iter().zip(&mut to.threads) {
            copy(thread, to);
        }
        to.memory.resize_with(self.memory.len().max(to.memory.len()), Memory::default);
        to.memory.iter_mut().for_each(Memory::clear);
        for (memory, to_memory) in self.memory.iter().zip(&mut to.memory) {
            copy(&memory.reads, &mut to_memory.reads);
            copy(&memory.departures, &mut to_memory.departures);
            to_memory.non_atomic = memory.non_atomic;
        }
        for e in self.events[len..].iter().filter(|e| e.is_plain_access()) {
            to.memory[e.loc() as usize].non_atomic -= 1;
        }
        copy(&self.seq_cst, &mut to.seq_cst);
        (to.rules, to.alike) = (self.rules, self.alike);
        to.looked_at = self.looked_at.min(len);
    }
}

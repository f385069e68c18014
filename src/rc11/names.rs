//! Stable names: a thread is its parent's n-th child, a location its creating thread's n-th, in whatever order runs meet them.
//!
//! All workers of a search have the same, and so do those that begin again: graphs go from one to another, and what is learnt of loops is about places
//! by their names.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

/// The names that one worker knows, of those that all have.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    known: Table,
    all: Arc<Mutex<Table>>,
    /// What the running execution says of its events, by thread and index.
    remarks: HashMap<(u16, u16), String>,
}

/// Interned names; dense, and never forgotten within a check.
#[derive(Clone, Debug)]
struct Table {
    /// By thread: its children, in the order it spawns them.
    children: Vec<Vec<u16>>,
    /// By thread: its place in the spawn tree, from the root.
    paths: Vec<Vec<u32>>,
    /// By thread: its locations, in the order it creates them.
    created: Vec<Vec<u32>>,
    /// By location: its creator and number.
    locations: Vec<(u16, u32)>,
    /// The threads in the tree's depth-first order; the next one to run is the first that can.
    order: Vec<u16>,
    /// By thread: the place whose finalizer it is, if it is one.
    finalizes: Vec<Option<u32>>,
}

impl Default for Table {
    fn default() -> Self {
        Table {
            children: vec![Vec::new()],
            paths: vec![Vec::new()],
            created: vec![Vec::new()],
            locations: Vec::new(),
            order: vec![0],
            finalizes: vec![None],
        }
    }
}

impl Names {
    /// Says what an event is, in place of the name of its operation.
    pub fn remark(&mut self, (thread, index): (u16, u16), what: String) {
        self.remarks.insert((thread, index), what);
    }

    /// What has been said of an event.
    pub fn remarked(&self, thread: u16, index: u16) -> Option<&str> {
        self.remarks.get(&(thread, index)).map(String::as_str)
    }

    /// Forgets what an execution has said.
    pub fn forget_remarks(&mut self) {
        self.remarks.clear();
    }

    /// Learns all names that there are.
    pub fn update(&mut self) {
        let all = self.all().clone();
        self.known = all;
    }

    fn all(&self) -> MutexGuard<'_, Table> {
        self.all.lock().unwrap_or_else(|e| e.into_inner())
    }

    /// Finds a name, or makes it, for all.
    fn intern<T>(&mut self, find: impl FnOnce(&mut Table) -> T) -> T {
        let found = find(&mut self.all());
        self.update();
        found
    }

    /// The `n`-th child of `parent`.
    pub fn child(&mut self, parent: u16, n: u32) -> u16 {
        match self.known.children[parent as usize].get(n as usize) {
            Some(&child) => child,
            None => self.intern(|all| all.child(parent, n)),
        }
    }

    /// The finalizer of a place: it stands behind the children of the thread that made that.
    pub fn finalizer(&mut self, place: u32) -> u16 {
        self.known_finalizer(place).unwrap_or_else(|| self.intern(|all| all.finalizer(place)))
    }

    /// The finalizer of a place, if it was ever asked for.
    pub fn known_finalizer(&self, place: u32) -> Option<u16> {
        self.known.finalizer_of(place)
    }

    /// Of which place a thread is the finalizer, if it is one.
    pub fn finalizes(&self, thread: u16) -> Option<u32> {
        self.known.finalizes[thread as usize]
    }

    /// The `n`-th location that `thread` creates.
    pub fn location(&mut self, thread: u16, n: u32) -> u32 {
        match self.known.created[thread as usize].get(n as usize) {
            Some(&location) => location,
            None => self.intern(|all| all.location(thread, n)),
        }
    }

    /// The threads, parents before their children, elder children first.
    pub fn order(&self) -> &[u16] {
        &self.known.order
    }

    /// A thread's parent, and which of its children it is; the root has none.
    pub fn parent(&self, thread: u16) -> Option<(u16, u32)> {
        let Table { paths, children, .. } = &self.known;
        let nth = *paths[thread as usize].last()?;
        let parent = children.iter().position(|c| c.contains(&thread))?;
        Some((parent as u16, nth))
    }

    /// A location's creator and number.
    pub fn creation(&self, location: u32) -> (u16, u32) {
        self.known.locations[location as usize]
    }
}

impl Table {
    fn child(&mut self, parent: u16, n: u32) -> u16 {
        while self.children[parent as usize].len() <= n as usize {
            let nth = self.children[parent as usize].len() as u32;
            let child = self.add(parent, &[nth]);
            self.children[parent as usize].push(child);
        }
        self.children[parent as usize][n as usize]
    }

    /// A new thread, by its place below another one.
    fn add(&mut self, above: u16, place: &[u32]) -> u16 {
        let new = self.paths.len() as u16;
        self.children.push(Vec::new());
        self.created.push(Vec::new());
        self.finalizes.push(None);
        self.paths.push([&self.paths[above as usize], place].concat());
        self.order.push(new);
        self.order.sort_by(|&a, &b| self.paths[a as usize].cmp(&self.paths[b as usize]));
        new
    }

    fn finalizer(&mut self, place: u32) -> u16 {
        self.finalizer_of(place).unwrap_or_else(|| {
            let (creator, nth) = self.locations[place as usize];
            let finalizer = self.add(creator, &[u32::MAX, nth]);
            self.finalizes[finalizer as usize] = Some(place);
            finalizer
        })
    }

    fn finalizer_of(&self, place: u32) -> Option<u16> {
        let finalizer = self.finalizes.iter().position(|&of| of == Some(place))?;
        Some(finalizer as u16)
    }

    fn location(&mut self, thread: u16, n: u32) -> u32 {
        let created = &mut self.created[thread as usize];
        while created.len() <= n as usize {
            self.locations.push((thread, created.len() as u32));
            created.push(self.locations.len() as u32 - 1);
        }
        created[n as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn who_meets_it_first_makes_a_name_for_all() {
        let mut one = Names::default();
        let mut two = one.clone();
        let children = [one.child(0, 0), one.child(0, 1)];
        let theirs = [two.child(0, 1), two.child(0, 0)];
        assert_eq!(theirs, [children[1], children[0]]);
        let places = [two.location(children[1], 0), one.location(children[0], 0)];
        assert_eq!([one.location(children[1], 0), two.location(children[0], 0)], places);
        assert_eq!(one.finalizer(places[1]), two.finalizer(places[1]));
        assert_ne!(places[0], places[1]);
    }
}

//! Stable names: a thread is its parent's n-th child, a location its creating thread's n-th, in whatever order runs meet them.

use std::collections::HashMap;

/// Interned names; dense, and never forgotten within a check.
#[derive(Clone, Debug)]
pub(super) struct Names {
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
    /// What the running execution says of its events, by thread and index.
    remarks: HashMap<(u16, u16), String>,
}

impl Default for Names {
    fn default() -> Self {
        Names {
            children: vec![Vec::new()],
            paths: vec![Vec::new()],
            created: vec![Vec::new()],
            locations: Vec::new(),
            order: vec![0],
            remarks: HashMap::new(),
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

    /// The `n`-th child of `parent`.
    pub fn child(&mut self, parent: u16, n: u32) -> u16 {
        while self.children[parent as usize].len() <= n as usize {
            self.add_child(parent);
        }
        self.children[parent as usize][n as usize]
    }

    fn add_child(&mut self, parent: u16) {
        let child = self.paths.len() as u16;
        let mut path = self.paths[parent as usize].clone();
        path.push(self.children[parent as usize].len() as u32);
        self.children[parent as usize].push(child);
        self.children.push(Vec::new());
        self.created.push(Vec::new());
        self.paths.push(path);
        self.order.push(child);
        self.order.sort_by(|&a, &b| self.paths[a as usize].cmp(&self.paths[b as usize]));
    }

    /// The `n`-th location that `thread` creates.
    pub fn location(&mut self, thread: u16, n: u32) -> u32 {
        if let Some(&location) = self.created[thread as usize].get(n as usize) {
            return location;
        }
        let location = self.locations.len() as u32;
        self.created[thread as usize].push(location);
        self.locations.push((thread, n));
        location
    }

    /// The threads, parents before their children, elder children first.
    pub fn order(&self) -> &[u16] {
        &self.order
    }

    /// A thread's parent, and which of its children it is; the root has none.
    pub fn parent(&self, thread: u16) -> Option<(u16, u32)> {
        let nth = *self.paths[thread as usize].last()?;
        let parent = self.children.iter().position(|c| c.contains(&thread))?;
        Some((parent as u16, nth))
    }

    /// A location's creator and number.
    pub fn creation(&self, location: u32) -> (u16, u32) {
        self.locations[location as usize]
    }
}

//! Vector clocks in one flat arena: three per event, so that truncating the graph truncates them.

/// Which of an event's clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Clock {
    /// What happens before the event, itself included.
    Hb = 0,
    /// The event's `(po ∪ rf)`-prefix, itself included.
    Porf = 1,
    /// For a write: what an acquiring reader synchronizes with.
    Rel = 2,
}

/// The clocks of the events 0, 1, 2, ... of a graph.
///
/// An entry counts the events of one thread, so `e` is covered iff its index is below the entry.
#[derive(Clone, Debug, Default)]
pub(super) struct Clocks {
    entries: Vec<u16>,
    stride: usize,
}

impl Clocks {
    /// Empty clocks over `stride` threads.
    pub fn reset(&mut self, stride: usize) {
        self.entries.clear();
        self.stride = stride;
    }

    /// How many threads an entry exists for.
    pub fn stride(&self) -> usize {
        self.stride
    }

    /// Makes room for more threads.
    pub fn widen(&mut self, stride: usize) {
        if stride <= self.stride {
            return;
        }
        let mut wide = Vec::new();
        if let Some(rows) = self.entries.len().checked_div(self.stride) {
            wide.resize(rows * stride, 0);
            for row in 0..rows {
                wide[row * stride..][..self.stride]
                    .copy_from_slice(&self.entries[row * self.stride..][..self.stride]);
            }
        }
        self.entries = wide;
        self.stride = stride;
    }

    /// Appends three zero clocks for the next event.
    pub fn push(&mut self) {
        self.entries.resize(self.entries.len() + 3 * self.stride, 0);
    }

    /// Becomes a copy of another graph's first events.
    pub fn copy_first(&mut self, other: &Clocks, events: usize) {
        self.stride = other.stride;
        self.entries.clear();
        self.entries.extend_from_slice(&other.entries[..events * 3 * self.stride]);
    }

    /// Appends a copy of another graph's event.
    pub fn push_from(&mut self, other: &Clocks, event: u32) {
        let start = 3 * self.stride * event as usize;
        self.entries.extend_from_slice(&other.entries[start..start + 3 * self.stride]);
    }

    /// Keeps the first `events` events.
    pub fn truncate(&mut self, events: usize) {
        self.entries.truncate(events * 3 * self.stride);
    }

    /// One clock.
    pub fn get(&self, event: u32, clock: Clock) -> &[u16] {
        let start = (3 * event as usize + clock as usize) * self.stride;
        &self.entries[start..start + self.stride]
    }

    /// Whether `clock` of `event` covers the `index`-th event of `thread`.
    pub fn covers(&self, event: u32, clock: Clock, thread: u16, index: u16) -> bool {
        let at = (3 * event as usize + clock as usize) * self.stride + thread as usize;
        index < self.entries[at]
    }

    /// Sets the entry of one thread.
    pub fn set(&mut self, event: u32, clock: Clock, thread: u16, entry: u16) {
        let at = (3 * event as usize + clock as usize) * self.stride + thread as usize;
        self.entries[at] = entry;
    }

    /// Zeroes one clock.
    pub fn clear(&mut self, event: u32, clock: Clock) {
        let start = (3 * event as usize + clock as usize) * self.stride;
        self.entries[start..start + self.stride].fill(0);
    }

    /// Copies one clock over another.
    pub fn copy(&mut self, to: u32, to_clock: Clock, from: u32, from_clock: Clock) {
        let from = (3 * from as usize + from_clock as usize) * self.stride;
        let to = (3 * to as usize + to_clock as usize) * self.stride;
        self.entries.copy_within(from..from + self.stride, to);
    }

    /// Joins (pointwise maximum) one clock into another.
    pub fn join(&mut self, to: u32, to_clock: Clock, from: u32, from_clock: Clock) {
        let from = (3 * from as usize + from_clock as usize) * self.stride;
        let to = (3 * to as usize + to_clock as usize) * self.stride;
        let (from, to) = (from..from + self.stride, to..to + self.stride);
        let Ok([from, to]) = self.entries.get_disjoint_mut([from, to]) else { return };
        to.iter_mut().zip(from).for_each(|(to, from)| *to = (*to).max(*from));
    }
}

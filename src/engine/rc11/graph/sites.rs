//! Where in the program an event is found, also one whose own place is elsewhere: in a destructor, in the standard library, in the facade.

use casebook_core::verdict::{Relation, Site, is_own};
use rc11::{EventId, EventKind, Graph};

/// The places of a graph's events.
pub struct Sites {
    threads: Vec<Vec<Option<Site>>>,
}

impl Sites {
    /// Of every event: its own, or behind the last one of its thread, or behind the start of the thread.
    pub fn new(graph: &Graph) -> Sites {
        let mut starts = vec![None; graph.threads.len()];
        for event in graph.threads.iter().flatten().filter(|e| e.kind == EventKind::Create) {
            if let Some(start) = event.child.and_then(|child| starts.get_mut(child)) {
                *start = own(event).map(|site| site.related(Relation::After));
            }
        }
        let threads = graph.threads.iter().zip(starts).map(|(events, mut last)| {
            let first = events.iter().find_map(own).map(|site| site.related(Relation::Before));
            let place = |event: &rc11::Event| match own(event) {
                Some(site) => {
                    last = Some(site.related(Relation::After));
                    let is_drop = event.operation.ends_with("unlock");
                    Some(site.related(if is_drop { Relation::Guard } else { Relation::At }))
                }
                None if is_placeless(event.kind) => None,
                None => last.as_ref().or(first.as_ref()).cloned(),
            };
            events.iter().map(place).collect()
        });
        Sites { threads: threads.collect() }
    }

    /// Behind what a thread has done last.
    pub fn end(&self, thread: usize) -> Option<Site> {
        let last = self.threads.get(thread)?.iter().rev().flatten().next()?;
        Some(last.related(Relation::After))
    }

    /// The place of an event.
    pub fn of(&self, id: EventId) -> Option<Site> {
        self.threads.get(id.thread)?.get(id.index)?.clone()
    }
}

/// What is no step of anybody's code.
fn is_placeless(kind: EventKind) -> bool {
    use EventKind::*;
    matches!(kind, Begin | End | Call | Return)
}

/// The place of an event, if it is in the program.
fn own(event: &rc11::Event) -> Option<Site> {
    event.site.filter(|site| is_own(site.file)).map(|site| super::site(&site))
}

//! The execution of a failure as JSON, for the picture that `cargo casebook test` draws of it.

use rc11::{BlockedThread, Event, EventId, Failure, LocationInfo, Site};

use crate::told::quoted;

/// The failure with its graph: each field by its name in rc11, each name of an event as `[thread, index]`.
pub(crate) fn json(failure: &Failure) -> String {
    let Failure { kind, message, blocked, graph, .. } = failure;
    let pair = |(from, to): &(EventId, EventId)| format!("[{},{}]", id(from), id(to));
    let clock = |clock: &Vec<u32>| format!("{clock:?}");
    format!(
        "{{\"kind\":\"{kind:?}\",\"message\":{},\"blocked\":{},\"threads\":{},\"locations\":{},\
         \"rf\":{},\"sw\":{},\"hb\":{},\"marked\":{}}}",
        quoted(message),
        list(blocked, waits),
        list(&graph.threads, |events| list(events, event)),
        list(&graph.locations, location),
        list(&graph.rf, pair),
        list(&graph.sw, pair),
        list(&graph.hb, |clocks| list(clocks, clock)),
        list(&graph.marked, id),
    )
}

fn event(event: &Event) -> String {
    let Event { id: name, kind, operation, site, location, ordering, value, child } = event;
    format!(
        "{{\"id\":{},\"kind\":\"{kind:?}\",\"operation\":{},\"site\":{},\"location\":{},\
         \"ordering\":{},\"value\":{},\"child\":{}}}",
        id(name),
        quoted(operation),
        maybe(site.as_ref().map(place)),
        maybe(*location),
        maybe(ordering.map(|ordering| format!("\"{ordering:?}\""))),
        maybe(*value),
        maybe(*child),
    )
}

fn location(location: &LocationInfo) -> String {
    let LocationInfo { name, site, co } = location;
    let site = maybe(site.as_ref().map(place));
    format!("{{\"name\":{},\"site\":{site},\"co\":{}}}", quoted(name), list(co, id))
}

fn waits(blocked: &BlockedThread) -> String {
    let BlockedThread { thread, wait, holder, wakeup_issued, .. } = blocked;
    format!(
        "{{\"thread\":{thread},\"wait\":\"{wait:?}\",\"holder\":{},\"wakeup_issued\":{wakeup_issued}}}",
        maybe(*holder)
    )
}

fn place(site: &Site) -> String {
    format!("{{\"file\":{},\"line\":{},\"column\":{}}}", quoted(site.file), site.line, site.column)
}

fn id(id: &EventId) -> String {
    format!("[{},{}]", id.thread, id.index)
}

fn list<T>(items: &[T], one: impl Fn(&T) -> String) -> String {
    format!("[{}]", items.iter().map(one).collect::<Vec<_>>().join(","))
}

fn maybe(value: Option<impl ToString>) -> String {
    value.map_or("null".to_string(), |value| value.to_string())
}

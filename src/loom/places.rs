//! Where in the program under test a step is found whose own place is elsewhere: in a destructor, in the standard library, or in here.

use std::collections::BTreeMap;

use rc11::{Event, EventKind, Failure, Graph, Report, Site, Step, Verdict};

/// Whether a file is of the program under test: neither the standard library's nor one of this library, but for its tests.
fn is_own(file: &str) -> bool {
    let here = file!().trim_end_matches("places.rs");
    let is_here = file.strip_prefix(here).is_some_and(|rest| !rest.starts_with("tests"));
    !is_here && !file.starts_with("/rustc/") && !file.contains("/rustlib/src/rust/library/")
}

/// The place of an event, if it stands in the program. Whoever wakes a `block_on` does so by a waker, which knows the line of the
/// `block_on` and not its own.
fn place(graph: &Graph, event: &Event) -> Option<Site> {
    let site = event.site.filter(|site| is_own(site.file))?;
    let made = event.location.and_then(|location| graph.locations.get(location)?.site);
    (event.operation != "unpark" || made != Some(site)).then_some(site)
}

/// Takes the places out of a failure that are not in the program. What its message says of one it says of where the step is found.
pub(crate) fn leave_out(failure: &mut Failure) {
    let found = found(failure);
    for id in &failure.graph.marked {
        let told = failure.graph.threads[id.thread][id.index].site;
        let step = failure.trace.iter().position(|step| step.event == *id);
        if let (Some(told), Some(step)) = (told.filter(|site| !is_own(site.file)), step) {
            let place = found[step].clone().unwrap_or_default();
            failure.message = failure.message.replacen(&format!("at {told}"), &place, 1);
        }
    }
    let graph = &failure.graph;
    let of = |events: &Vec<Event>| events.iter().map(|event| place(graph, event)).collect();
    let places: Vec<Vec<Option<Site>>> = graph.threads.iter().map(of).collect();
    for step in &mut failure.trace {
        step.site = places[step.event.thread][step.event.index];
    }
    for event in failure.graph.threads.iter_mut().flatten() {
        event.site = places[event.id.thread][event.id.index];
    }
    let keep = |site: &mut Option<Site>| *site = site.filter(|site| is_own(site.file));
    failure.graph.locations.iter_mut().for_each(|location| keep(&mut location.site));
    failure.blocked.iter_mut().for_each(|blocked| keep(&mut blocked.site));
    keep(&mut failure.site);
}

/// A report whose failure has no places but the program's: each step with where it is found.
pub(crate) fn text(report: &Report) -> String {
    let Verdict::Failed(failure) = &report.verdict else { return report.to_string() };
    let mut steps = failure.trace.iter().zip(found(failure)).peekable();
    let mut text = String::new();
    for line in report.to_string().lines() {
        let step = steps.next_if(|(step, _)| line.get(2..) == Some(&step.to_string()));
        text += &match step {
            Some((step, Some(place))) => {
                let step = Step { site: None, ..step.clone() };
                format!("{}{step}  {place}\n", &line[..2])
            }
            _ => format!("{line}\n"),
        };
    }
    text.truncate(text.trim_end().len());
    text
}

/// By step: how it is found in the program, if it does not just stand there.
fn found(failure: &Failure) -> Vec<Option<String>> {
    let graph = &failure.graph;
    // What a thread has done last; at first that somebody starts it.
    let mut last: BTreeMap<usize, Site> = BTreeMap::new();
    for event in graph.threads.iter().flatten().filter(|event| event.kind == EventKind::Create) {
        last.extend(event.child.zip(place(graph, event)));
    }
    let words =
        |step: &Step| match place(graph, &graph.threads[step.event.thread][step.event.index]) {
            Some(site) => {
                last.insert(step.event.thread, site);
                step.operation.ends_with("unlock").then(|| format!("the guard taken at {site}"))
            }
            None if matches!(step.operation.as_str(), "begin" | "end") => None,
            None => last.get(&step.event.thread).map(|site| format!("after {site}")),
        };
    failure.trace.iter().map(words).collect()
}

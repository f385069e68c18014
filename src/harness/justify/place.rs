//! The places of a case file where an ordering is given, each with a name people can say.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::name::{Name, Names};
use casebook_core::case::Entry;
use casebook_core::ordering::Role;
use casebook_core::ordering::Use;

/// An ordering that stands at a place of a case file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The site, its role and the ordering as the file gives it.
    pub used: Use,
    /// The function around it.
    pub function: String,
    /// The call: `self.tail.store`, and which of the two orderings of a compare-exchange.
    pub operation: String,
    /// What tells it from another place of the same name: `#2`, `as Release`; else empty.
    pub which: String,
}

impl Place {
    /// The name by which a case declares it slack: `Ring::push: self.tail.store`.
    pub fn name(&self) -> String {
        let Place { function, operation, which, .. } = self;
        let name = if function.is_empty() {
            operation.clone()
        } else {
            format!("{function}: {operation}")
        };
        format!("{name} {which}").trim_end().to_string()
    }
}

/// The places of a file, from what each of its cases uses.
///
/// The facade's `Arc` is made of atomics, too; their orderings are std's, not the case's.
pub(super) fn of(cases: &[&Entry], uses: &[&[Use]]) -> Vec<Place> {
    let Some(shape) = cases.first().map(|entry| entry.shape) else { return Vec::new() };
    let (file, names) = (shape.file(), Names::of(shape.source));
    let all: BTreeSet<&Use> = uses.iter().copied().flatten().collect();
    let mut places: Vec<Place> = all
        .into_iter()
        .filter(|used| used.site.file == file)
        .filter_map(|used| {
            let name = names.at(used.site.line, used.site.column);
            is_atomic(&name.operation).then(|| place(used, name))
        })
        .collect();
    let together = |a: &Place, b: &Place| {
        uses.iter().any(|case| case.contains(&a.used) && case.contains(&b.used))
    };
    let which: Vec<String> = places.iter().map(|place| which(place, &places, together)).collect();
    places.iter_mut().zip(which).for_each(|(place, which)| place.which = which);
    places
}

fn is_atomic(operation: &str) -> bool {
    let method = operation.rsplit('.').next().unwrap_or(operation);
    let whole = ["fence", "load", "store", "swap", "compare_exchange", "compare_exchange_weak"];
    whole.contains(&method) || method.starts_with("fetch_")
}

fn place(used: &Use, name: Name) -> Place {
    let Name { function, mut operation } = name;
    if used.role == Role::Failure {
        let fetches = operation.ends_with("fetch_update");
        operation += if fetches { " (fetch)" } else { " (failure)" };
    }
    Place { used: used.clone(), function, operation, which: String::new() }
}

/// What tells a place from others of the same name: the how manieth site it is, and the ordering
/// where one case gives the site several.
fn which(me: &Place, places: &[Place], together: impl Fn(&Place, &Place) -> bool) -> String {
    let same = |p: &&Place| (&p.function, &p.operation) == (&me.function, &me.operation);
    let sites: BTreeSet<_> = places.iter().filter(same).map(|p| &p.used.site).collect();
    let mut which = Vec::new();
    if let (Some(nth), 2..) = (sites.iter().position(|s| **s == me.used.site), sites.len()) {
        which.push(format!("#{}", nth + 1));
    }
    let here = |p: &&Place| p.used.site == me.used.site && p.used != me.used;
    if places.iter().filter(same).filter(here).any(|other| together(me, other)) {
        which.push(format!("as {}", me.used.ordering));
    }
    which.join(" ")
}

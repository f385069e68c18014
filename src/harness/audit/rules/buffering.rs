//! Store buffering of which one side is not SeqCst: each of two threads stores and then looks at the other's store.
//!
//! One function writes X and then loads Y, another one writes Y and then loads X. If each has something SeqCst of
//! the four, its author wanted one of the two to see the other; and that takes all four, or SeqCst fences.

use casebook_core::ordering::{Role, Strength};

use super::super::finding::Rule;
use super::super::step::{Function, Step, What};
use super::Found;

/// All of a file.
pub fn find(functions: &[Function]) -> Vec<Found> {
    let halves: Vec<Half> = functions.iter().flat_map(halves).collect();
    let mut found = Vec::new();
    for half in &halves {
        let Some((weak, what)) = half.weak() else { continue };
        let other = halves.iter().find(|other| {
            !std::ptr::eq(half.function, other.function)
                && half.writes() == other.looks()
                && half.looks() == other.writes()
                && half.wants_order()
                && other.wants_order()
        });
        let Some(other) = other else { continue };
        found.push(Found {
            rule: Rule::WeakStoreBuffering,
            at: weak.at,
            function: half.function.name.clone(),
            operation: weak.operation(),
            says: format!(
                "`{}` is written and then `{}` is loaded, `{}` does the reverse, and this {what}",
                half.writes(),
                half.looks(),
                other.function.name
            ),
            case: usize::from(what.starts_with("write")),
            in_tests: half.function.is_for_tests,
        });
    }
    found.sort_by_key(|found| found.at);
    found.dedup_by_key(|found| found.at);
    found
}

/// A write, and a load of something else behind it, without a SeqCst fence between.
struct Half<'a> {
    function: &'a Function,
    write: &'a Step,
    load: &'a Step,
}

impl<'a> Half<'a> {
    fn writes(&self) -> &str {
        self.write.on().map_or("", |on| &on.name)
    }

    fn looks(&self) -> &str {
        self.load.on().map_or("", |on| &on.name)
    }

    /// Whether its author asked for the single order here.
    fn wants_order(&self) -> bool {
        let is_total = |ordering: Option<Strength>| ordering == Some(Strength::SeqCst);
        is_total(self.write.write()) || is_total(self.load.ordering(Role::Load))
    }

    /// Which of the two is outside of the single order.
    fn weak(&self) -> Option<(&'a Step, String)> {
        let (write, load) = (self.write.write()?, self.load.ordering(Role::Load)?);
        match (write, load) {
            (Strength::SeqCst, Strength::SeqCst) => None,
            (Strength::SeqCst, load) => Some((self.load, format!("load is {load}"))),
            (write, _) => Some((self.write, format!("write is {write}"))),
        }
    }
}

fn halves(function: &Function) -> Vec<Half<'_>> {
    let mut halves = Vec::new();
    for (nth, write) in function.steps.iter().enumerate() {
        let (Some(_), Some(on)) = (write.write(), write.on()) else { continue };
        for load in &function.steps[nth + 1..] {
            if matches!(load.what, What::Fence(Strength::SeqCst) | What::Unknown) {
                break;
            }
            // What reads the own store back begins something else.
            let Some(of) = load.on() else { continue };
            if load.ordering(Role::Load).is_some() && of.name != on.name && load.goes_with(write) {
                halves.push(Half { function, write, load });
            }
        }
    }
    halves
}

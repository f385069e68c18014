//! A spin lock whose taking or giving back is Relaxed.
//!
//! A structure has a cell and an `AtomicBool`. Somewhere the flag is exchanged for `true`, somewhere `false` is stored: the flag
//! is a lock. Then the exchange has to acquire, and the store to release.

use casebook_core::ordering::{Role, Strength};
use syn::{Expr, Lit};

use super::super::declared::Declared;
use super::super::finding::Rule;
use super::super::step::{Function, Step, What};
use super::Found;

/// All of a file.
pub fn find(functions: &[Function], declared: &Declared) -> Vec<Found> {
    let mut found = Vec::new();
    for function in functions {
        for (nth, step) in function.steps.iter().enumerate() {
            let Some(on) = step.on() else { continue };
            let structures = declared.structures(&on.name, &["AtomicBool"]);
            if !structures.iter().any(|of| declared.has_field_with(of, &["UnsafeCell"])) {
                continue;
            }
            let somewhere = |is: fn(&Step) -> bool| {
                let all = functions.iter().flat_map(|function| &function.steps);
                all.into_iter().any(|step| step.on().is_some_and(|of| of.name == on.name) && is(step))
            };
            // By `&mut self` the lock itself is nobody else's; that of a guard is behind a reference of its own.
            let is_own = function.is_exclusive && on.text == format!("self.{}", on.name);
            let says = match (takes(step), gives_back(step)) {
                (Some(ordering), _)
                    if !ordering.covers(Strength::Acquire)
                        && somewhere(|step| gives_back(step).is_some())
                        && !function.steps.iter().any(Step::acquires) =>
                {
                    format!("the lock `{}` is taken by an exchange that is {ordering}", on.text)
                }
                (_, Some(ordering))
                    if !ordering.covers(Strength::Release)
                        && somewhere(|step| takes(step).is_some())
                        && !is_own
                        && !function.steps[..nth].iter().any(Step::releases_for_later) =>
                {
                    format!("the lock `{}` is given back by a store that is {ordering}", on.text)
                }
                _ => continue,
            };
            found.push(Found {
                rule: Rule::RelaxedLock,
                at: step.at,
                function: function.name.clone(),
                operation: step.operation(),
                says,
                case: usize::from(gives_back(step).is_some()),
                in_tests: function.is_for_tests,
            });
        }
    }
    found
}

/// The ordering of an exchange of `false` for `true`.
fn takes(step: &Step) -> Option<Strength> {
    let What::Atomic { method, arguments, .. } = &step.what else { return None };
    let takes = match &method[..] {
        "swap" => is_bool(arguments.first(), true),
        "compare_exchange" | "compare_exchange_weak" => {
            is_bool(arguments.first(), false) && is_bool(arguments.get(1), true)
        }
        _ => false,
    };
    step.ordering(Role::Update).filter(|_| takes)
}

/// The ordering of a store of `false`.
fn gives_back(step: &Step) -> Option<Strength> {
    let What::Atomic { arguments, .. } = &step.what else { return None };
    step.ordering(Role::Store).filter(|_| is_bool(arguments.first(), false))
}

fn is_bool(argument: Option<&Expr>, value: bool) -> bool {
    matches!(argument, Some(Expr::Lit(literal)) if matches!(&literal.lit, Lit::Bool(b) if b.value == value))
}

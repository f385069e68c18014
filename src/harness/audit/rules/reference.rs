//! A count of references whose last owner frees: the decrement has to release, and the last one to acquire.

use casebook_core::ordering::{Role, Strength};
use syn::{Expr, Lit};

use super::super::finding::Rule;
use super::super::step::{Function, Step, What};
use super::Found;

/// All of a function.
pub fn find(function: &Function) -> Vec<Found> {
    let mut found = Vec::new();
    for (nth, step) in function.steps.iter().enumerate() {
        let Some(ordering) = decrement(step).filter(|_| step.in_condition) else { continue };
        let after = &function.steps[nth + 1..];
        let Some(frees) = after
            .iter()
            .position(|after| matches!(after.what, What::Frees) && after.goes_with(step))
        else {
            continue;
        };
        let acquires = step.acquires() || after[..frees].iter().any(Step::acquires);
        let fenced = function.steps[..nth].iter().any(Step::releases_for_later);
        let (says, case) = match ordering.covers(Strength::Release) || fenced {
            false => (format!("the decrement is {ordering}: it publishes no owner's last use"), 0),
            true if !acquires => {
                (format!("the decrement is {ordering}, and nothing acquires before it is freed"), 1)
            }
            true => continue,
        };
        found.push(Found {
            rule: Rule::LastReference,
            at: step.at,
            function: function.name.clone(),
            operation: step.operation(),
            says,
            case,
            in_tests: function.is_for_tests,
        });
    }
    found
}

/// The ordering of `fetch_sub(1, …)`.
fn decrement(step: &Step) -> Option<Strength> {
    let What::Atomic { method, arguments, .. } = &step.what else { return None };
    let is_one = matches!(arguments.first(), Some(Expr::Lit(literal))
        if matches!(&literal.lit, Lit::Int(n) if n.base10_digits() == "1"));
    step.ordering(Role::Update).filter(|_| method == "fetch_sub" && is_one)
}

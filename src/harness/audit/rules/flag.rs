//! A Relaxed flag that guards plain data: `if ready.load(Relaxed) { read }`, or `write; ready.store(true, Relaxed)`.
//!
//! The flag and the cell are fields of one structure, or statics. One function uses the cell and then stores to the flag;
//! another one asks for the flag and then uses the cell. What is Relaxed of the two, and has nothing
//! around it that orders, is found.

use casebook_core::ordering::{Role, Strength};

use super::super::declared::Declared;
use super::super::finding::Rule;
use super::super::step::{Function, Step, What};
use super::Found;

/// The types that a flag has.
const FLAGS: [&str; 6] =
    ["AtomicBool", "AtomicU8", "AtomicU32", "AtomicUsize", "AtomicU64", "AtomicPtr"];

/// All of a file.
pub fn find(functions: &[Function], declared: &Declared) -> Vec<Found> {
    let shared: Vec<&Function> = functions.iter().filter(|f| is_shared(f)).collect();
    let pairs = shared.iter().flat_map(|function| {
        let guards = function.steps.iter().enumerate();
        guards.flat_map(move |(nth, step)| used_with(function, nth, step, declared))
    });
    let pairs: Vec<Pair> = pairs.collect();
    let mut found = Vec::new();
    for pair in &pairs {
        let other = pairs.iter().find(|other| {
            other.is_look != pair.is_look && other.flag == pair.flag && other.cell == pair.cell
        });
        let (true, Some(other)) = (pair.is_bare, other) else { continue };
        let Pair { flag, cell, function, step, .. } = pair;
        let says = match pair.is_look {
            true => format!(
                "`{cell}` is used behind a Relaxed load of `{flag}`, which `{}` stores after it has used `{cell}`",
                other.function.name
            ),
            false => format!(
                "`{cell}` is used and then `{flag}` is stored Relaxed, which `{}` asks for before it uses `{cell}`",
                other.function.name
            ),
        };
        found.push(Found {
            rule: Rule::RelaxedFlag,
            at: step.at,
            function: function.name.clone(),
            operation: step.operation(),
            says,
            case: usize::from(!pair.is_look),
            in_tests: function.is_for_tests,
        });
    }
    found.dedup_by_key(|found| found.at);
    found
}

fn is_shared(function: &Function) -> bool {
    !(function.is_unsafe || function.is_exclusive || function.is_drop)
}

/// A flag and a cell, as one function uses them.
struct Pair<'a> {
    function: &'a Function,
    step: &'a Step,
    flag: String,
    cell: String,
    /// The flag is asked for, and then the cell is used; or else the cell is used, and then the flag is stored.
    is_look: bool,
    /// The operation of the flag is Relaxed, and nothing around it orders.
    is_bare: bool,
}

fn used_with<'a>(
    function: &'a Function,
    nth: usize,
    step: &'a Step,
    declared: &Declared,
) -> Vec<Pair<'a>> {
    let Some(flag) = step.on().map(|on| &on.name) else { return Vec::new() };
    let (before, after) = (&function.steps[..nth], &function.steps[nth + 1..]);
    let asked =
        step.in_condition || step.bound.as_ref().is_some_and(|name| function.asked.contains(name));
    let (is_look, beside, ordering) = match (step.ordering(Role::Load), step.ordering(Role::Store))
    {
        (Some(load), _) if asked => (true, after, load),
        (_, Some(store)) => (false, before, store),
        _ => return Vec::new(),
    };
    let mut pairs = Vec::new();
    for (place, used) in beside.iter().enumerate() {
        let What::Plain(cell) = &used.what else { continue };
        if !used.goes_with(step) || !are_together(flag, &cell.name, declared) {
            continue;
        }
        // For a look, all that was done before counts; for a store, what stands between, and a lock before.
        let is_ordered = match is_look {
            true => before.iter().chain(&after[..place]).any(Step::acquires),
            false => before.iter().any(|step| {
                step.releases_for_later()
                    || matches!(step.write(), Some(write) if write != Strength::Relaxed)
            }),
        };
        pairs.push(Pair {
            function,
            step,
            flag: flag.clone(),
            cell: cell.name.clone(),
            is_look,
            is_bare: ordering == Strength::Relaxed && !is_ordered,
        });
    }
    pairs
}

/// Whether a flag and a cell belong to one structure, or are statics.
fn are_together(flag: &str, cell: &str, declared: &Declared) -> bool {
    let flags = declared.structures(flag, &FLAGS);
    let of_static = declared.static_mut.contains(cell) && flags.contains("static");
    of_static || declared.structures(cell, &["UnsafeCell"]).intersection(&flags).next().is_some()
}

//! A spin lock whose taking or giving back is Relaxed.
//!
//! A structure has a cell and an `AtomicBool`. Somewhere the flag is exchanged for `true`, somewhere `false` is stored: the flag
//! is a lock. Then the exchange has to acquire, and the store to release. So has the store of 0 to a word by which a guard
//! ends, where the word stands beside a cell and is updated elsewhere: a lock for readers and writers.

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
            let around = &function.steps;
            let of = Lock { name: &on.name, functions, declared };
            let says = match (takes(step), gives_back(step)) {
                (Some(ordering), _)
                    if !ordering.covers(Strength::Acquire)
                        && of.is_flag()
                        && of.somewhere(|step| gives_back(step).is_some())
                        && !around.iter().any(Step::acquires) =>
                {
                    format!("the lock `{}` is taken by an exchange that is {ordering}", on.text)
                }
                (_, Some(ordering))
                    if !ordering.covers(Strength::Release)
                        && (of.is_flag() && of.somewhere(|step| takes(step).is_some())
                            || function.is_drop && of.is_word() && of.somewhere(is_update))
                        && !of.is_owned_by(function, &on.text)
                        && !around[..nth].iter().any(Step::releases_for_later) =>
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

/// What may be a lock, by its name in a file.
struct Lock<'a> {
    name: &'a str,
    functions: &'a [Function],
    declared: &'a Declared,
}

impl Lock<'_> {
    /// Whether a structure has it as a flag, beside a cell.
    fn is_flag(&self) -> bool {
        self.beside_a_cell(&["AtomicBool"]).next().is_some()
    }

    /// Whether a structure has it as a word, beside a cell.
    fn is_word(&self) -> bool {
        self.beside_a_cell(&["AtomicUsize", "AtomicU32", "AtomicU8"]).next().is_some()
    }

    fn beside_a_cell(&self, types: &[&str]) -> impl Iterator<Item = &str> {
        let structures = self.declared.structures(self.name, types).into_iter();
        structures.filter(|of| self.declared.has_field_with(of, &["UnsafeCell"]))
    }

    fn somewhere(&self, is: fn(&Step) -> bool) -> bool {
        let all = self.functions.iter().flat_map(|function| &function.steps);
        all.into_iter().any(|step| step.on().is_some_and(|of| of.name == self.name) && is(step))
    }

    /// By `&mut self` the lock itself is nobody else's. That of a guard is behind a reference.
    fn is_owned_by(&self, function: &Function, text: &str) -> bool {
        let owner = function.name.split("::").next().unwrap_or_default();
        let types = ["AtomicBool", "AtomicUsize", "AtomicU32", "AtomicU8"];
        function.is_exclusive
            && text == format!("self.{}", self.name)
            && self.beside_a_cell(&types).any(|structure| structure == owner)
    }
}

fn is_update(step: &Step) -> bool {
    step.ordering(Role::Update).is_some_and(|ordering| ordering != Strength::Relaxed)
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

/// The ordering of a store of `false`, or of 0.
fn gives_back(step: &Step) -> Option<Strength> {
    let What::Atomic { arguments, .. } = &step.what else { return None };
    let is_zero = matches!(arguments.first(), Some(Expr::Lit(literal))
        if matches!(&literal.lit, Lit::Int(n) if n.base10_digits() == "0"));
    step.ordering(Role::Store).filter(|_| is_zero || is_bool(arguments.first(), false))
}

fn is_bool(argument: Option<&Expr>, value: bool) -> bool {
    matches!(argument, Some(Expr::Lit(literal)) if matches!(&literal.lit, Lit::Bool(b) if b.value == value))
}

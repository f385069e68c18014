//! A load and a store where one read-modify-write is meant: what another thread writes in between is lost.
//!
//! Many owners write their own counter so, alone, and rightly. So this asks for a sign that others write, too: an update of
//! that atomic elsewhere in the file, a SeqCst load, or a `static` that any thread may come to. A Release store is
//! left alone, for an owner's publication looks the same.

use casebook_core::ordering::{Role, Strength};
use syn::Expr;
use syn::visit::{self, Visit};

use super::super::declared::Declared;
use super::super::finding::Rule;
use super::super::step::{Function, Step, What};
use super::Found;

/// All of a file.
pub fn find(functions: &[Function], declared: &Declared) -> Vec<Found> {
    let mut found = Vec::new();
    for function in functions.iter().filter(|function| may_meet_others(function)) {
        for (nth, store) in function.steps.iter().enumerate() {
            let (Some(_), Some(on)) = (store.ordering(Role::Store), store.on()) else { continue };
            let before = &function.steps[..nth];
            let loaded = before.iter().rposition(|step| {
                step.on().is_some_and(|of| of.text == on.text)
                    && step.ordering(Role::Load).is_some()
                    && step.goes_with(store)
            });
            let Some(load) = loaded else { continue };
            // Who has exchanged something successfully, or holds a lock, may be alone.
            let is_alone = before.iter().any(|step| {
                matches!(step.what, What::Unknown) || step.ordering(Role::Update).is_some()
            });
            let is_own = function.is_exclusive && on.text.starts_with("self.");
            if is_alone || is_own {
                continue;
            }
            if before[load].waits && load + 1 == nth && is_true(store) {
                found.push(Found {
                    rule: Rule::LoadThenStore,
                    at: store.at,
                    function: function.name.clone(),
                    operation: store.operation(),
                    says: format!(
                        "`{}` is waited for in line {} and taken here, in two steps: two threads may both come here",
                        on.text, before[load].at.line
                    ),
                    case: 1,
                    in_tests: function.is_for_tests,
                });
                continue;
            }
            if !depends(store, &before[load]) || is_of_an_owner(&before[load], store) {
                continue;
            }
            let Some(why) = others_write(&before[load], functions, declared) else { continue };
            found.push(Found {
                rule: Rule::LoadThenStore,
                at: store.at,
                function: function.name.clone(),
                operation: store.operation(),
                says: format!(
                    "`{0}` is loaded in line {1} and what was read is stored here, in two steps, and {why}",
                    on.text, before[load].at.line
                ),
                case: 0,
                in_tests: function.is_for_tests,
            });
        }
    }
    found
}

/// What is `unsafe`, or named after what it does not check, rests on what its caller knows.
fn may_meet_others(function: &Function) -> bool {
    !function.is_unsafe && !function.is_drop && !function.name.ends_with("_unchecked")
}

/// An owner publishes what it alone writes by a Release store; whether it is alone, the text does not tell.
fn is_of_an_owner(load: &Step, store: &Step) -> bool {
    load.ordering(Role::Load) != Some(Strength::SeqCst)
        && store.ordering(Role::Store) == Some(Strength::Release)
}

fn is_true(store: &Step) -> bool {
    let What::Atomic { arguments, .. } = &store.what else { return false };
    matches!(arguments.first(), Some(Expr::Lit(of)) if matches!(&of.lit, syn::Lit::Bool(b) if b.value))
}

/// Whether what is stored is made of what was loaded.
fn depends(store: &Step, load: &Step) -> bool {
    let What::Atomic { arguments, .. } = &store.what else { return false };
    let Some(value) = arguments.first() else { return false };
    // What is loaded as it is stored.
    let (from, to) = (store.at.line, store.lines.1);
    let is_inside =
        load.bound.is_none() && !load.in_condition && (from..=to).contains(&load.at.line);
    // A name by itself that is stored again has been given another value: `if size == 0 { size = ask(); SIZE.store(size) }`.
    let is_made = !matches!(value, Expr::Path(_) | Expr::Lit(_));
    let mut mentions = Mentions { name: load.bound.clone(), found: false };
    mentions.visit_expr(value);
    is_made && (mentions.found || is_inside)
}

/// The sign that others write there, in words.
fn others_write(load: &Step, functions: &[Function], declared: &Declared) -> Option<String> {
    let on = load.on()?;
    if load.ordering(Role::Load) == Some(Strength::SeqCst) {
        return Some("the SeqCst load expects another thread's stores".to_string());
    }
    let updates = |step: &&Step| {
        step.on().is_some_and(|of| of.name == on.name) && step.ordering(Role::Update).is_some()
    };
    let update = functions.iter().find_map(|function| {
        let step = function.steps.iter().find(updates)?;
        Some(format!("`{}` updates it in line {}", function.name, step.at.line))
    });
    let is_static =
        on.text == on.name && declared.structures(&on.name, &ATOMICS).contains("static");
    update.or(is_static.then(|| "any thread may come to this static".to_string()))
}

const ATOMICS: [&str; 10] = [
    "AtomicBool",
    "AtomicU8",
    "AtomicU16",
    "AtomicU32",
    "AtomicU64",
    "AtomicUsize",
    "AtomicI32",
    "AtomicI64",
    "AtomicIsize",
    "AtomicPtr",
];

struct Mentions {
    name: Option<String>,
    found: bool,
}

impl<'ast> Visit<'ast> for Mentions {
    fn visit_expr_path(&mut self, path: &'ast syn::ExprPath) {
        let name = path.path.get_ident().map(ToString::to_string);
        self.found |= name.is_some() && name == self.name;
        visit::visit_expr_path(self, path);
    }
}

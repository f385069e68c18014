//! The memory orderings of the program under test, for `casebook test --justify`.
//!
//! If `CASEBOOK_ORDERINGS` is set, each ordering that a model uses is told with its result. If it is not empty it is an ordering as told,
//! and another one that is to stand in its place: `src/lib.rs:12:9 update AcqRel Relaxed`, or `none` for a fence.

use std::collections::BTreeSet;
use std::panic::Location;
use std::sync::atomic::Ordering;
use std::sync::{LazyLock, Mutex, PoisonError};

use rc11::{Checker, Role};

use crate::told::quoted;

/// An ordering as it is told.
type Used = (&'static str, u32, u32, Role, &'static str);

static ASKED: LazyLock<Option<String>> = LazyLock::new(|| std::env::var("CASEBOOK_ORDERINGS").ok());
static USED: Mutex<BTreeSet<Used>> = Mutex::new(BTreeSet::new());

/// Asks for orderings, if somebody wants to know them.
pub(crate) fn ask(checker: Checker) -> Checker {
    if ASKED.is_some() { checker.orderings(asked) } else { checker }
}

/// The orderings used since the last time, as a list of JSON objects.
pub(crate) fn used() -> String {
    let used = std::mem::take(&mut *USED.lock().unwrap_or_else(PoisonError::into_inner));
    let objects = used.into_iter().map(|(file, line, column, role, ordering)| {
        let site = format!("{{\"file\":{},\"line\":{line},\"column\":{column}}}", quoted(file));
        format!("{{\"site\":{site},\"role\":\"{}\",\"ordering\":\"{ordering}\"}}", word(role))
    });
    format!("[{}]", objects.collect::<Vec<_>>().join(","))
}

fn word(role: Role) -> &'static str {
    match role {
        Role::Load => "load",
        Role::Store => "store",
        Role::Update => "update",
        Role::Failure => "failure",
        Role::Fence => "fence",
    }
}

fn text((file, line, column, role, ordering): Used) -> String {
    format!("{file}:{line}:{column} {} {ordering}", word(role))
}

fn asked(at: &'static Location<'static>, role: Role, ordering: Ordering) -> Option<Ordering> {
    let used = (at.file(), at.line(), at.column(), role, name(ordering));
    USED.lock().unwrap_or_else(PoisonError::into_inner).insert(used);
    let instead = ASKED.as_deref().and_then(|asked| {
        // Cheap first: this is asked at each operation.
        let has_line = asked.contains(&format!(":{}:{} ", at.line(), at.column()));
        let rest = if has_line { asked.strip_prefix(&text(used)) } else { None };
        rest?.strip_prefix(' ')
    });
    match instead {
        None => Some(ordering),
        Some("Relaxed") => Some(Ordering::Relaxed),
        Some("Acquire") => Some(Ordering::Acquire),
        Some("Release") => Some(Ordering::Release),
        Some("AcqRel") => Some(Ordering::AcqRel),
        Some(_) => None,
    }
}

fn name(ordering: Ordering) -> &'static str {
    match ordering {
        Ordering::Relaxed => "Relaxed",
        Ordering::Acquire => "Acquire",
        Ordering::Release => "Release",
        Ordering::AcqRel => "AcqRel",
        _ => "SeqCst",
    }
}

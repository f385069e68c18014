//! The memory orderings of the program under test, for `cargo casebook justify`.
//!
//! If `CASEBOOK_ORDERINGS` is set, each ordering that a model uses is told with its result. If it is not empty it is an ordering as told,
//! and another one that is to stand in its place: `src/lib.rs:12:9 update AcqRel Relaxed`, or `none` for a fence; or several such, with
//! semicolons between them. What stands in the other's place is what is used, so whoever asked can see that it does.

use std::collections::BTreeSet;
use std::panic::Location;
use std::sync::atomic::Ordering;
use std::sync::{LazyLock, Mutex, PoisonError};

use rc11::{Checker, Role};

use crate::told::quoted;

/// An ordering as it is told.
type Used = (&'static str, u32, u32, Role, &'static str);

/// What is asked: perhaps that an ordering, as text, gives way to another; to none, if it is a fence's.
struct Asked {
    replaced: String,
    by: Option<Ordering>,
}

static ASKED: LazyLock<Option<Vec<Asked>>> = LazyLock::new(|| {
    let asked = std::env::var("CASEBOOK_ORDERINGS").ok()?;
    let all = [Ordering::Relaxed, Ordering::Acquire, Ordering::Release, Ordering::AcqRel];
    let one = |(replaced, by): (&str, &str)| Asked {
        replaced: replaced.to_string(),
        by: all.into_iter().find(|o| name(*o) == by),
    };
    Some(asked.split(';').filter_map(|asked| asked.rsplit_once(' ')).map(one).collect())
});

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
        format!("{{\"site\":{site},\"role\":\"{role}\",\"ordering\":\"{ordering}\"}}")
    });
    format!("[{}]", objects.collect::<Vec<_>>().join(","))
}

fn asked(at: &'static Location<'static>, role: Role, ordering: Ordering) -> Option<Ordering> {
    // The file first, which costs least: this is asked at each operation.
    let is = |asked: &&Asked| {
        asked.replaced.starts_with(at.file())
            && asked.replaced == format!("{at} {role} {}", name(ordering))
    };
    let replaced = ASKED.as_ref().and_then(|all| all.iter().find(is));
    let instead = replaced.map_or(Some(ordering), |asked| asked.by);
    if let Some(ordering) = instead {
        let used = (at.file(), at.line(), at.column(), role, name(ordering));
        USED.lock().unwrap_or_else(PoisonError::into_inner).insert(used);
    }
    instead
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

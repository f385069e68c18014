//! The panic hook: a panic of a thread of an execution is noted, not printed; any other goes to the hook that was there before.
//!
//! A panic unwinds its thread as it would without the engine, destructors and all, for the program may catch it. A destructor that
//! panics meanwhile aborts the process, here as anywhere: nothing can stop that. But the standard library calls the hook once more
//! before, and so the failure is told, with its replay token.

use std::any::Any;
use std::cell::RefCell;
use std::panic::{set_hook, take_hook};
use std::sync::Once;

use super::current;
use super::fiber;
use super::report::Site;

/// A panic.
#[derive(Clone, Debug)]
pub(super) struct Panic {
    pub message: String,
    pub site: Option<Site>,
}

thread_local! {
    /// The latest panics of this OS thread, the newest last: no more than two matter.
    static PANICS: RefCell<Vec<Panic>> = const { RefCell::new(Vec::new()) };
}

/// What the standard library says (`core::panicking`) where it is about to abort, since a destructor panics while another panic
/// unwinds.
const IN_CLEANUP: &str = "panic in a destructor during cleanup";

/// Installs the hook, once per process.
pub(super) fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let previous = take_hook();
        set_hook(Box::new(move |info| {
            if !fiber::is_running() {
                return previous(info);
            }
            let message = text(info.payload());
            if message == IN_CLEANUP {
                return tell_of_abort();
            }
            let site = info.location().map(|l| Site {
                file: file_of(l),
                line: l.line(),
                column: l.column(),
            });
            PANICS.with_borrow_mut(|panics| {
                panics.drain(..panics.len().saturating_sub(1));
                panics.push(Panic { message, site });
            });
        }));
    });
}

/// The panic that has unwound a thread with this payload.
pub(super) fn noted(payload: &(dyn Any + Send)) -> Panic {
    let message = text(payload);
    let noted = PANICS.take().pop().filter(|panic| panic.message == message);
    noted.unwrap_or(Panic { message, site: None })
}

/// Tells of the panic that a destructor has raised during another one.
fn tell_of_abort() {
    let token = current::with(|exec| exec.token()).unwrap_or_default();
    let mut panics = PANICS.take().into_iter();
    let mut next = || {
        let Panic { message, site } = panics.next()?;
        Some(message + &site.map_or(String::new(), |site| format!(" at {site}")))
    };
    let (first, second) = (next().unwrap_or_default(), next().unwrap_or_default());
    eprintln!(
        "the program panics: {first}; while that unwinds, a destructor panics, and the process aborts: {second}\nreplay: {token}"
    );
}

/// A panic's message.
pub(super) fn text(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<String>().cloned();
    text.or_else(|| payload.downcast_ref::<&str>().map(|s| s.to_string()))
        .unwrap_or_else(|| "a panic".to_string())
}

/// The file of a panic's location, kept for good: one short string for each file that panics.
fn file_of(location: &std::panic::Location<'_>) -> &'static str {
    use std::collections::HashSet;
    use std::sync::Mutex;
    static FILES: Mutex<Option<HashSet<&'static str>>> = Mutex::new(None);
    let mut files = FILES.lock().unwrap_or_else(|e| e.into_inner());
    let files = files.get_or_insert_with(HashSet::new);
    match files.get(location.file()) {
        Some(file) => file,
        None => {
            let file: &'static str = Box::leak(location.file().into());
            files.insert(file);
            file
        }
    }
}

//! The process-wide panic hook: the first panic of an execution is evidence, not noise.

use std::cell::RefCell;
use std::panic::PanicHookInfo;
use std::sync::Once;

use super::{RUNNING, STOPPED};

/// A panic that happened in an execution.
#[derive(Clone, Debug)]
pub struct Panic {
    /// Its message.
    pub message: String,
    /// The file it was raised in, as the compiler saw it, and the line.
    pub file: String,
    /// The line.
    pub line: u32,
}

thread_local! {
    static FIRST: RefCell<Option<Panic>> = const { RefCell::new(None) };
}

/// Installs the hook, once a process. Panics outside an execution are reported as before.
pub fn install_hook() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let default = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if RUNNING.get() {
                keep(info);
                STOPPED.set(true);
            } else {
                default(info);
            }
        }));
    });
}

fn keep(info: &PanicHookInfo<'_>) {
    let message = info.payload_as_str().unwrap_or("a panic without a message").to_string();
    let (file, line) =
        info.location().map_or((String::new(), 0), |at| (at.file().into(), at.line()));
    FIRST.with_borrow_mut(|first| {
        first.get_or_insert(Panic { message, file, line });
    });
}

/// The first panic since the last call.
pub fn take_panic() -> Option<Panic> {
    FIRST.take()
}

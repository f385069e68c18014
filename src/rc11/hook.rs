//! The panic hook: a panic inside an execution is noted, not printed; any other goes to the hook that was there before.

use std::any::Any;
use std::panic::{set_hook, take_hook};
use std::sync::Once;

use super::current::Current;
use super::exec::Panic;
use super::report::Site;

/// Installs the hook, once per process.
pub(super) fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let previous = take_hook();
        set_hook(Box::new(move |info| match Current::get() {
            None => previous(info),
            Some(current) => {
                let exec = current.exec();
                if exec.panic.is_none() && !exec.inert {
                    let site = info.location().map(|l| Site {
                        file: file_of(l),
                        line: l.line(),
                        column: l.column(),
                    });
                    exec.panic = Some(Panic { message: text(info.payload()), site });
                }
                exec.inert = true;
            }
        }));
    });
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

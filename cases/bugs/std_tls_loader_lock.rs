//! A lock that a foreign callback runs under takes part in the lock order.
//!
//! Shape: AB–BA with a lock that nobody wrote down. Registering a thread-local destructor took the
//! list's lock and called into the system, which takes the loader's lock. A thread's end calls back
//! under the loader's lock, and the callback took the list's lock. Nothing may be called into the
//! system under a lock that its callbacks need; the fix was a list without a lock.
//!
//! Source: rust pull request 41512 (thread-local destructors on Windows).
//! Does not show: the list; its lock is taken only to be copied in the sound twin.

use super::rt::sync::Mutex;
use super::rt::thread;

cases! {
    /// As published: the system is called under the list's lock.
    called_under_the_lock: fails(Deadlock) => register_while_one_ends(true);
    /// The list's lock is given up before the call.
    given_up_before: holds() => register_while_one_ends(false);
}

fn register_while_one_ends(nested: bool) {
    let (list, loader) = (Mutex::new(0), Mutex::new(()));
    thread::scope(|s| {
        s.spawn(|| {
            let mut registered = list.lock().unwrap();
            *registered += 1;
            let held = nested.then_some(registered); // given up here if it is not held
            drop(loader.lock().unwrap());
            drop(held);
        });
        s.spawn(|| {
            let _under_the_loader_lock = loader.lock().unwrap();
            assert!(*list.lock().unwrap() <= 1);
        });
    });
}

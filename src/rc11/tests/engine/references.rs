//! Counts of references, with weak ones.

use rc11::cell::UnsafeCell;
use rc11::sync::References;

use super::*;

struct Shared(References, UnsafeCell<u32>);
// SAFETY: the engine looks for races.
unsafe impl Sync for Shared {}
// SAFETY: as above.
unsafe impl Send for Shared {}

fn shared(strong: u32) -> Arc<Shared> {
    Arc::new(Shared(References::new(strong), UnsafeCell::new(0)))
}

/// Two drop what they hold, in either order, and the last one comes after the other.
#[test]
fn the_last_comes_after_the_others() {
    let body = || {
        let shared = shared(2);
        threads(2, move |_| {
            shared.1.with(|_| ());
            if shared.0.remove() {
                shared.1.with_mut(|_| ());
            }
        });
    };
    proves(body, 2, 0);
}

/// What is upgraded is there, and comes after the value was made; what is gone stays so.
#[test]
fn a_weak_one_is_upgraded_while_there_is_another() {
    let body = || {
        let shared = shared(0);
        let other = shared.clone();
        let thread = thread::spawn(move || {
            if other.0.upgrade() {
                other.1.with(|_| ());
                assert!(!other.0.remove() || other.0.count() == (0, 0));
            }
        });
        shared.1.with_mut(|_| ());
        shared.0.add_first();
        shared.0.remove();
        thread.join().unwrap();
        assert!(!shared.0.upgrade());
    };
    let report = check(body);
    assert!(report.is_proved(), "{report}");
}

#[test]
fn the_only_one_is_alone() {
    let body = || {
        let shared = shared(2);
        let other = shared.clone();
        let thread = thread::spawn(move || {
            other.1.with(|_| ());
            other.0.remove();
        });
        if shared.0.is_only() {
            shared.1.with_mut(|_| ());
        }
        if shared.0.remove_only() {
            shared.1.with_mut(|_| ());
            assert!(!shared.0.upgrade());
        }
        thread.join().unwrap();
    };
    let report = check(body);
    assert!(report.is_proved(), "{report}");
    let weak = || {
        let references = References::new(1);
        references.add_weak();
        assert!(!references.is_only());
        assert_eq!(references.count(), (1, 1));
        references.remove_weak();
        assert!(references.is_only());
        references.add_weak();
        assert!(references.remove_only(), "a weak one does not count");
    };
    proves(weak, 1, 0);
}

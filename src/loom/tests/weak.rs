//! Weak references.

use loom::cell::UnsafeCell;
use loom::sync::atomic::{AtomicUsize, Ordering::*};
use loom::sync::{Arc, Weak};
use loom::{model, thread};
use models::{failure, outcomes};

mod models;

#[test]
fn a_weak_reference_keeps_no_value() {
    let seen = outcomes(|| {
        let shared = Arc::new(AtomicUsize::new(1));
        let weak = Arc::downgrade(&shared);
        let thread = thread::spawn(move || weak.upgrade().map(|value| value.load(Relaxed)));
        shared.store(2, Relaxed);
        drop(shared);
        thread.join().unwrap()
    });
    assert_eq!(seen, [None, Some(1), Some(2)].into());
    let empty = Weak::<u32>::new();
    assert!(empty.upgrade().is_none());
}

/// Whoever drops the last reference comes after those that were upgraded; a weak one orders nothing by going.
#[test]
fn an_upgraded_reference_is_one_more() {
    struct Reads(UnsafeCell<u32>);
    impl Drop for Reads {
        fn drop(&mut self) {
            self.0.with_mut(|_| ());
        }
    }
    model(|| {
        let shared = Arc::new(Reads(UnsafeCell::new(0)));
        let weak = Arc::downgrade(&shared);
        thread::spawn(move || {
            if let Some(value) = weak.upgrade() {
                value.0.with_mut(|_| ());
            }
        });
        drop(shared);
    });
    let race = failure(|| {
        let shared = Arc::new(());
        let cell = Arc::new(UnsafeCell::new(0));
        let (weak, other) = (Arc::downgrade(&shared), cell.clone());
        thread::spawn(move || {
            other.with_mut(|_| ());
            drop(weak);
        });
        if Arc::weak_count(&shared) == 0 {
            drop(shared);
            cell.with(|_| ());
        }
    });
    assert!(race.starts_with("Causality violation"), "{race}");
}

/// A weak reference keeps others from being the only one, and not from being unwrapped.
#[test]
fn who_is_alone_has_no_weak_reference() {
    model(|| {
        let mut shared = Arc::new(1);
        let weak = Arc::downgrade(&shared);
        assert!(Arc::get_mut(&mut shared).is_none());
        assert_eq!((weak.strong_count(), weak.weak_count()), (1, 1));
        assert_eq!(Arc::try_unwrap(shared).ok(), Some(1));
        assert!(weak.upgrade().is_none());
        assert_eq!((weak.strong_count(), weak.weak_count()), (0, 0));
    });
    // Who finds itself alone and who upgrades cannot both be right.
    let seen = outcomes(|| {
        let shared = Arc::new(1);
        let weak = Arc::downgrade(&shared);
        let thread = thread::spawn(move || weak.upgrade());
        let unwrapped = Arc::try_unwrap(shared).is_ok();
        (unwrapped, thread.join().unwrap().is_some())
    });
    assert_eq!(seen, [(false, true), (true, false)].into());
}

#[test]
fn a_value_may_have_a_weak_reference_to_itself() {
    struct Node {
        me: Weak<Node>,
        value: UnsafeCell<u32>,
    }
    model(|| {
        let node = Arc::new_cyclic(|me: &Weak<Node>| {
            assert!(me.upgrade().is_none(), "it is not there yet");
            let early = me.clone();
            // Who upgrades it comes after the value was made.
            thread::spawn(move || {
                if let Some(node) = early.upgrade() {
                    // SAFETY: it is written before it is there.
                    node.value.with(|value| assert_eq!(unsafe { *value }, 1));
                }
            });
            Node { me: me.clone(), value: UnsafeCell::new(1) }
        });
        assert!(Arc::ptr_eq(&node.me.upgrade().unwrap(), &node));
    });
}

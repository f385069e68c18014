//! The end of an execution: statics are dropped one after the other, and a destructor may use those that are left.

use std::panic::{AssertUnwindSafe, catch_unwind};

use loom::sync::Arc;
use loom::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use loom::{Static, model};
use models::failure;

mod models;

/// They are dropped in the order of their addresses.
#[test]
fn a_destructor_may_use_a_static_that_is_left() {
    static MADE: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
    static ONE: Static<Uses> = Static::new(|| Uses::new(&ONE, &TWO));
    static TWO: Static<Uses> = Static::new(|| Uses::new(&TWO, &ONE));
    struct Uses {
        count: AtomicUsize,
        mine: &'static Static<Uses>,
        other: &'static Static<Uses>,
    }
    impl Uses {
        fn new(mine: &'static Static<Uses>, other: &'static Static<Uses>) -> Uses {
            MADE.fetch_add(1, Relaxed);
            Uses { count: AtomicUsize::new(0), mine, other }
        }
    }
    impl Drop for Uses {
        fn drop(&mut self) {
            if std::ptr::from_ref(self.mine) < std::ptr::from_ref(self.other) {
                self.other.count.fetch_add(1, Relaxed);
            }
        }
    }
    model(|| {
        ONE.count.load(Relaxed);
        TWO.count.load(Relaxed);
    });
    // The search begins anew with the first, and with both.
    assert_eq!(MADE.load(Relaxed), 1 + 2, "each is made once in an execution");
}

/// Of two, each destructor uses the other: the second to go misses the first.
#[test]
fn a_static_that_is_gone_is_not_made_again() {
    loom::lazy_static! {
        static ref ONE: Uses = Uses(|| _ = TWO.0);
        static ref TWO: Uses = Uses(|| _ = ONE.0);
    }
    struct Uses(fn());
    impl Drop for Uses {
        fn drop(&mut self) {
            (self.0)();
        }
    }
    let told = failure(|| {
        _ = ONE.0;
        _ = TWO.0;
    });
    assert!(told.contains("attempted to access lazy_static during shutdown"), "{told}");

    static THREE: Static<Uses> = Static::new(|| Uses(|| _ = FOUR.0));
    static FOUR: Static<Uses> = Static::new(|| Uses(|| _ = THREE.0));
    let told = failure(|| {
        _ = THREE.0;
        _ = FOUR.0;
    });
    assert!(told.contains("attempted to access a Static during shutdown"), "{told}");
}

/// Makes a panic whose unwinding drops a value that does this.
fn while_unwinding(act: impl FnOnce()) {
    struct Acts<F: FnOnce()>(Option<F>);
    impl<F: FnOnce()> Drop for Acts<F> {
        fn drop(&mut self) {
            (self.0.take().expect("it is dropped once"))();
        }
    }
    let panics = || {
        let _acts = Acts(Some(act));
        panic!("it is caught");
    };
    assert!(catch_unwind(AssertUnwindSafe(panics)).is_err());
}

/// What a search has to know may be met in a destructor while a panic unwinds, where another panic would abort.
#[test]
fn what_is_met_while_a_panic_unwinds_is_learnt() {
    loom::lazy_static! {
        static ref LAZY: usize = 1;
    }
    static FIXED: Static<usize> = Static::new(|| 2);
    model(|| {
        let mut one = Arc::new(0);
        while_unwinding(|| assert!(Arc::get_mut(&mut one).is_some()));
    });
    model(|| {
        let one = Arc::new(0);
        let two = one.clone();
        while_unwinding(move || assert_eq!(Arc::strong_count(&two), 2));
        assert_eq!(Arc::strong_count(&one), 1);
    });
    model(|| {
        let one = Arc::new(0);
        while_unwinding(|| assert!(Arc::downgrade(&one).upgrade().is_some()));
    });
    model(|| while_unwinding(|| _ = Arc::new_cyclic(|weak| assert_eq!(weak.strong_count(), 0))));
    model(|| while_unwinding(|| assert_eq!(*LAZY, 1)));
    model(|| while_unwinding(|| assert_eq!(*FIXED, 2)));
}

//! Futures in a model.

use std::fmt;
use std::future::Future;
use std::mem::ManuallyDrop;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, RawWaker, RawWakerVTable, Waker};

use rc11::sync::Parker;

use crate::sync::Mutex;
use crate::world;

/// Runs a future to its end on the calling thread. Its wake-ups are its own: a poll may park. A waker that is forgotten is a leak.
#[track_caller]
pub fn block_on<F: Future>(future: F) -> F::Output {
    let parker = Arc::new(Parker::new());
    let raw = RawWaker::new(Arc::as_ptr(&parker).cast(), &WAKER);
    // SAFETY: the functions are those of a reference to a parker, and this one is never dropped: `parker` is its reference.
    let waker = ManuallyDrop::new(unsafe { Waker::from_raw(raw) });
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
        parker.park();
    }
}

/// What a waker does: it is a reference to the parker of a `block_on`, given up to a raw pointer. Who drops the last one is no
/// part of the model, for nothing comes of it; but the end of the execution looks whether all have been dropped.
static WAKER: RawWakerVTable = RawWakerVTable::new(
    |parker| {
        // SAFETY: the waker that is cloned is a reference, and is there still.
        unsafe { Arc::<Parker>::increment_strong_count(parker.cast()) };
        world::with(|world| world.wakers += 1);
        RawWaker::new(parker, &WAKER)
    },
    |parker| taken(parker).unpark(),
    |parker| {
        // SAFETY: the waker is a reference, and is there still: the parker is, too.
        unsafe { &*parker.cast::<Parker>() }.unpark();
    },
    |parker| drop(taken(parker)),
);

/// The reference that a waker is, which is used up.
fn taken(parker: *const ()) -> Arc<Parker> {
    // One that outlives its execution finds another one's number.
    world::with(|world| world.wakers = world.wakers.saturating_sub(1));
    // SAFETY: the pointer was given up by `block_on` or by a clone, and each waker but that of `block_on` is used up once.
    unsafe { Arc::from_raw(parker.cast()) }
}

/// A place for the waker of whoever waits, as loom has it: behind a lock.
#[derive(Default)]
pub struct AtomicWaker(Mutex<Option<Waker>>);

impl AtomicWaker {
    /// An empty place.
    #[track_caller]
    pub fn new() -> AtomicWaker {
        AtomicWaker(Mutex::new(None))
    }

    /// Puts a waker there.
    #[track_caller]
    pub fn register(&self, waker: Waker) {
        let before = self.place().replace(waker);
        drop(before);
    }

    /// Puts a copy of a waker there.
    #[track_caller]
    pub fn register_by_ref(&self, waker: &Waker) {
        self.register(waker.clone());
    }

    /// Takes the waker and wakes it.
    #[track_caller]
    pub fn wake(&self) {
        if let Some(waker) = self.take_waker() {
            waker.wake();
        }
    }

    /// Takes the waker.
    #[track_caller]
    pub fn take_waker(&self) -> Option<Waker> {
        self.place().take()
    }

    #[track_caller]
    fn place(&self) -> crate::sync::MutexGuard<'_, Option<Waker>> {
        self.0.lock().expect("nothing here is poisoned")
    }
}

impl fmt::Debug for AtomicWaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad("AtomicWaker { .. }")
    }
}

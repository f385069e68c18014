//! Fibers: pooled coroutines, each of which runs one thread of one execution after another.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use corosensei::stack::DefaultStack;
use corosensei::{Coroutine, CoroutineResult, Yielder};

/// The code of a thread.
pub(super) type Job = Box<dyn FnOnce()>;

/// What a fiber is resumed with.
enum Order {
    Run(Job),
    Continue,
    Exit,
}

/// Why a fiber came back.
pub(super) enum Back {
    /// It waits.
    Paused,
    /// Its job is done; `Err` carries what it panicked with.
    Finished(std::thread::Result<()>),
}

/// How code on a fiber goes back to whoever resumed it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Handle(*const Yielder<Order, Back>);

impl Handle {
    /// A handle of no fiber.
    pub const NONE: Handle = Handle(std::ptr::null());

    /// Pauses the fiber until it is resumed.
    ///
    /// # Safety
    /// Called on the fiber the handle was made for, while that fiber runs its job.
    pub unsafe fn pause(self) {
        // SAFETY: the yielder lives on the fiber's own stack for as long as the fiber does.
        unsafe { (*self.0).suspend(Back::Paused) };
    }
}

/// The payload that unwinds a fiber whose execution is over.
pub(super) struct Teardown;

/// Unwinds the current fiber.
pub(super) fn tear_down() -> ! {
    resume_unwind(Box::new(Teardown))
}

/// A coroutine that runs job after job.
pub(super) struct Fiber {
    coroutine: Option<Coroutine<Order, Back, ()>>,
    handle: Box<Handle>,
}

const STACK: usize = 1 << 19;

impl Fiber {
    pub fn new() -> Self {
        let stack = DefaultStack::new(STACK).expect("memory for a coroutine stack");
        let mut handle = Box::new(Handle::NONE);
        let slot: *mut Handle = &mut *handle;
        let coroutine =
            Coroutine::with_stack(stack, move |yielder: &Yielder<Order, Back>, mut order| {
                // SAFETY: the box outlives the coroutine: `drop` ends the coroutine first.
                unsafe { *slot = Handle(yielder) };
                while let Order::Run(job) = order {
                    let result = catch_unwind(AssertUnwindSafe(job));
                    order = yielder.suspend(Back::Finished(result));
                }
            });
        Fiber { coroutine: Some(coroutine), handle }
    }

    /// Starts a job and runs it until it pauses or ends.
    pub fn start(&mut self, job: Job) -> Back {
        self.resume(Order::Run(job))
    }

    /// Goes on with a paused job.
    pub fn proceed(&mut self) -> Back {
        self.resume(Order::Continue)
    }

    fn resume(&mut self, order: Order) -> Back {
        let coroutine =
            self.coroutine.as_mut().expect("a fiber keeps its coroutine until it is dropped");
        match coroutine.resume(order) {
            CoroutineResult::Yield(back) => back,
            CoroutineResult::Return(()) => Back::Finished(Ok(())),
        }
    }

    /// The slot that holds the handle once the fiber runs.
    pub fn handle(&self) -> *const Handle {
        &*self.handle
    }
}

impl Drop for Fiber {
    /// Ends the idle coroutine by itself: no unwinding.
    fn drop(&mut self) {
        if let Some(mut coroutine) = self.coroutine.take()
            && coroutine.started()
            && !coroutine.done()
        {
            coroutine.resume(Order::Exit);
        }
    }
}

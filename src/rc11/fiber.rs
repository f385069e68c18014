//! Fibers: pooled coroutines, each of which runs one thread of one execution after another.
//!
//! A thread that will never go on is *abandoned*: its stack is taken back as it is. Nothing on it is dropped, for a
//! destructor is the program's code, and an execution that is over has no values to run it on.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::null;

use corosensei::stack::{DefaultStack, Stack};
use corosensei::{Coroutine, CoroutineResult, Yielder};

use super::frame::on_clean_stack;

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

thread_local! {
    /// The yielder of the fiber that runs on this OS thread.
    static RUNNING: Cell<*const Yielder<Order, Back>> = const { Cell::new(null()) };
    /// The base of its stack.
    static BASE: Cell<usize> = const { Cell::new(0) };
}

/// Where the stack of the running fiber begins: its highest address.
pub(super) fn stack_base() -> usize {
    BASE.get()
}

/// Whether the calling code runs on a fiber.
pub(super) fn is_running() -> bool {
    !RUNNING.get().is_null()
}

/// Pauses the running fiber until it is resumed.
pub(super) fn pause() {
    let yielder = RUNNING.get();
    assert!(!yielder.is_null(), "only a thread of an execution can pause");
    // SAFETY: the coroutine body below has set it to its own yielder, which lives on its stack, and the fiber that runs is still
    // that one: `resume` puts the outer one back as soon as the fiber is left.
    unsafe { (*yielder).suspend(Back::Paused) };
    RUNNING.set(yielder);
}

/// A coroutine that runs job after job.
pub(super) struct Fiber {
    /// Present until the fiber is dropped.
    coroutine: Option<Coroutine<Order, Back, ()>>,
    /// It is in the middle of a job.
    busy: bool,
    /// The base of its stack.
    base: usize,
}

/// As large as the one of `std`: it takes memory as it is used.
pub(super) const STACK: usize = 1 << 21;

impl Fiber {
    pub fn new() -> Self {
        Fiber::on(DefaultStack::new(STACK).expect("memory for a coroutine stack"))
    }

    fn on(stack: DefaultStack) -> Self {
        let body = |yielder: &Yielder<Order, Back>, mut order| {
            while let Order::Run(job) = order {
                RUNNING.set(yielder);
                let result = catch_unwind(AssertUnwindSafe(|| on_clean_stack(job)));
                order = yielder.suspend(Back::Finished(result));
            }
        };
        let base = stack.base().get();
        Fiber { coroutine: Some(Coroutine::with_stack(stack, body)), busy: false, base }
    }

    /// The base of its stack: the highest address.
    pub fn base(&self) -> usize {
        self.base
    }

    /// Starts a job and runs it until it pauses or ends.
    pub fn start(&mut self, job: Job) -> Back {
        assert!(!self.busy, "a fiber runs one job at a time");
        self.resume(Order::Run(job))
    }

    /// Goes on with a paused job.
    pub fn proceed(&mut self) -> Back {
        self.resume(Order::Continue)
    }

    fn resume(&mut self, order: Order) -> Back {
        let coroutine = self.coroutine.as_mut().expect("it is there until the fiber is dropped");
        let (outer, outer_base) = (RUNNING.get(), BASE.replace(self.base));
        let back = match coroutine.resume(order) {
            CoroutineResult::Yield(back) => back,
            CoroutineResult::Return(()) => Back::Finished(Ok(())),
        };
        RUNNING.set(outer);
        BASE.set(outer_base);
        self.busy = matches!(back, Back::Paused);
        back
    }

    /// Becomes a new fiber on its stack: its job never goes on.
    pub fn abandon(&mut self) {
        *self = Fiber::on(self.take_stack().expect("it is there until the fiber is dropped"));
    }

    fn take_stack(&mut self) -> Option<DefaultStack> {
        let mut coroutine = self.coroutine.take()?;
        if self.busy {
            // SAFETY: nobody goes on with the job. What lives on its stack is forgotten, not dropped. Other threads of the execution
            // may have borrowed from it, as scoped threads do, and they are abandoned with it; what the program has
            // put where it outlives the execution is refused by its epoch before it is touched.
            unsafe { coroutine.force_reset() };
        } else if coroutine.started() && !coroutine.done() {
            coroutine.resume(Order::Exit);
        } else if !coroutine.done() {
            // SAFETY: it has not started, so its stack holds nothing but its body, which owns nothing.
            unsafe { coroutine.force_reset() };
        }
        Some(coroutine.into_stack())
    }
}

impl Drop for Fiber {
    fn drop(&mut self) {
        drop(self.take_stack());
    }
}

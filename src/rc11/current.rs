//! The execution that this OS thread is in, and the switches between its fibers.

use std::any::Any;
use std::cell::Cell;
use std::ptr::null_mut;

use super::exec::{Exec, Status, Stop};
use super::fiber::{Back, Fiber, tear_down};

thread_local! {
    static CURRENT: Cell<*mut Exec> = const { Cell::new(null_mut()) };
}

/// The execution that this OS thread is in.
#[derive(Clone, Copy)]
pub(super) struct Current(*mut Exec);

impl Current {
    /// The execution, unless the OS thread is in none.
    #[inline]
    pub fn get() -> Option<Current> {
        let exec = CURRENT.get();
        (!exec.is_null()).then_some(Current(exec))
    }

    /// Makes an execution the OS thread's; gives back what was before.
    pub fn enter(exec: *mut Exec) -> (Current, *mut Exec) {
        (Current(exec), CURRENT.replace(exec))
    }

    /// Goes back to what was before.
    pub fn leave(outer: *mut Exec) {
        CURRENT.set(outer);
    }

    /// Its state, to be borrowed anew after every pause.
    #[inline]
    pub fn exec<'a>(&self) -> &'a mut Exec {
        // SAFETY: `CURRENT` points to an `Exec` that outlives the run; all fibers of it share one OS thread, no borrow is kept
        // across a pause, and none is taken while another is in use.
        unsafe { &mut *self.0 }
    }

    /// Pauses the running thread, which is left in `status`. Comes back when it may go on; unwinds if the execution is over.
    pub fn pause(&self, status: Status) {
        let exec = self.exec();
        let running = exec.running;
        exec.threads[running].status = status;
        // SAFETY: the scheduler has set `handle` to that of the running fiber.
        unsafe { (*exec.handle).pause() };
        if self.exec().inert {
            tear_down();
        }
    }

    /// Keeps a thread that has panicked from unwinding until the execution is over.
    pub fn hold_panic(&self, payload: &(dyn Any + Send)) {
        let exec = self.exec();
        if !exec.over {
            exec.note_panic(payload);
            (*self).pause(Status::Blocked);
        }
    }

    /// Ends the execution early.
    pub fn stop(&self, stop: Stop) -> ! {
        self.exec().stop = Some(stop);
        self.pause(Status::Blocked);
        tear_down()
    }

    /// Runs a thread until it pauses or ends.
    pub fn resume(&self, t: usize) {
        let exec = self.exec();
        exec.running = t;
        let job = exec.threads[t].job.take();
        let held = exec.threads[t].fiber.take();
        let mut fiber = held.unwrap_or_else(|| exec.fibers.pop().unwrap_or_else(Fiber::new));
        exec.handle = fiber.handle();
        exec.threads[t].status = Status::Ready;
        let back = match job {
            Some(job) => fiber.start(job),
            None => fiber.proceed(),
        };
        let exec = self.exec();
        match back {
            Back::Paused => exec.threads[t].fiber = Some(fiber),
            Back::Finished(result) => {
                exec.fibers.push(fiber);
                exec.threads[t].status = Status::Done;
                if let Err(payload) = result
                    && !exec.over
                {
                    exec.threads[t].status = Status::Blocked;
                    exec.note_panic(&*payload);
                }
            }
        }
    }
}

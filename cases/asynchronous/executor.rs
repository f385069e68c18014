//! Two tasks on one thread: what several cases of this family run on, and no case of its own.

use core::future::{Future, poll_fn};
use core::pin::{Pin, pin};
use core::task::Poll;

use super::rt::future::block_on;

/// Runs two tasks on the current thread, each polled in turn, until both are done.
pub fn run_both(left: impl Future<Output = ()>, right: impl Future<Output = ()>) {
    let (left, right) = (pin!(left), pin!(right));
    let mut tasks: [Option<Pin<&mut dyn Future<Output = ()>>>; 2] = [Some(left), Some(right)];
    block_on(poll_fn(|context| {
        for slot in &mut tasks {
            if slot.as_mut().is_some_and(|task| task.as_mut().poll(context).is_ready()) {
                *slot = None;
            }
        }
        if tasks.iter().all(Option::is_none) { Poll::Ready(()) } else { Poll::Pending }
    }));
}

/// Lets the executor's other task go first.
pub fn yield_now() -> impl Future<Output = ()> {
    let mut yielded = false;
    poll_fn(move |context| {
        if yielded {
            return Poll::Ready(());
        }
        yielded = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
}

//! What a future has taken is lost with the future, if a `select` drops it at its next await.
//!
//! Shape: a step takes a message, waits for a slot to put it into, and returns it. It runs in a
//! loop, in a `select` with a tick. A tick that comes while the step waits drops the step, which
//! has the message in a variable; the next round begins a new step. So a step takes last what it
//! cannot give back; or the loop keeps the same step over the rounds.
//!
//! Source: tokio's docs, `select!`, section Cancellation safety; webrtc issue 203 (2022).
//! Does not show: a value that a channel puts into a waiting receiver (`kanal_unselected_value`).

use core::future::{Future, poll_fn};
use core::pin::{Pin, pin};
use core::task::{Poll, Waker};

use super::rt::future::block_on;
use super::rt::sync::Mutex;
use super::rt::thread;

cases! {
    /// The message is in the step that is dropped.
    takes_first: fails(Assertion) => tick_during_step(take_then_wait, false);
    /// The step waits first, and takes when nothing can come between.
    takes_last: holds() => tick_during_step(wait_then_take, false);
    /// The step outlives the tick.
    kept: holds() => tick_during_step(take_then_wait, true);
}

type Step<'a> = Pin<Box<dyn Future<Output = Option<u32>> + 'a>>;

fn take_then_wait(world: &World) -> Step<'_> {
    Box::pin(async {
        let message = world.message.lock().unwrap().take();
        world.slot.happened().await;
        message
    })
}

fn wait_then_take(world: &World) -> Step<'_> {
    Box::pin(async {
        world.slot.happened().await;
        world.message.lock().unwrap().take()
    })
}

/// Something that happens once.
struct Event(Mutex<(bool, Option<Waker>)>);

impl Event {
    fn new() -> Event {
        Event(Mutex::new((false, None)))
    }

    fn happens(&self) {
        let mut state = self.0.lock().unwrap();
        state.0 = true;
        let waker = state.1.take();
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    async fn happened(&self) {
        poll_fn(|context| {
            let mut state = self.0.lock().unwrap();
            state.1 = Some(context.waker().clone());
            if state.0 { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }
}

struct World {
    message: Mutex<Option<u32>>,
    slot: Event,
}

fn tick_during_step(step: fn(&World) -> Step<'_>, keep: bool) {
    let world = World { message: Mutex::new(Some(7)), slot: Event::new() };
    let tick = Event::new();
    let got = thread::scope(|s| {
        s.spawn(|| tick.happens());
        s.spawn(|| world.slot.happens());
        block_on(async {
            let mut running = step(&world);
            let mut ticks = pin!(tick.happened());
            let first = poll_fn(|context| match running.as_mut().poll(context) {
                Poll::Pending => ticks.as_mut().poll(context).map(|()| None),
                Poll::Ready(message) => Poll::Ready(Some(message)),
            });
            if let Some(message) = first.await {
                return message;
            }
            if !keep {
                running = step(&world);
            }
            running.await
        })
    });
    assert_eq!(got, Some(7), "the message is lost");
}

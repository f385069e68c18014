//! "Is it closed?" comes before "is there something?": the other way round it takes a second look.
//!
//! Shape: the future of a receiver looks into the queue, finds nothing, and asks whether all senders
//! are gone. The last sender sends and goes in between, and the future answers that the channel is
//! closed, with a message in it. A future that is ready is not polled again, so no wake-up mends it.
//! To look once more after a yes does; so does to ask first, for who goes has sent before.
//!
//! Source: flume issue 120 and pull request 121, 2023.
//! Does not show: several receivers; a channel without a future is `spmc_last_message`.

use core::future::poll_fn;
use core::task::{Poll, Waker};

use super::rt::future::block_on;
use super::rt::sync::Mutex;
use super::rt::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use super::rt::thread;

cases! {
    /// As published.
    queue_then_closed: fails(Assertion) => receive_last(|channel| match channel.take() {
        None if channel.is_closed() => Poll::Ready(None),
        message => message.map_or(Poll::Pending, |it| Poll::Ready(Some(it))),
    });
    /// As fixed: after the answer that it is closed, one more look.
    look_again: holds() => receive_last(|channel| match channel.take() {
        None if channel.is_closed() => Poll::Ready(channel.take()),
        message => message.map_or(Poll::Pending, |it| Poll::Ready(Some(it))),
    });
    /// The question first.
    closed_then_queue: holds() => receive_last(|channel| {
        let is_closed = channel.is_closed();
        match channel.take() {
            None if !is_closed => Poll::Pending,
            message => Poll::Ready(message),
        }
    });
}

#[derive(Default)]
struct Queue {
    messages: Vec<u32>,
    waker: Option<Waker>,
}

struct Channel {
    queue: Mutex<Queue>,
    senders: AtomicUsize,
}

impl Channel {
    fn take(&self) -> Option<u32> {
        self.queue.lock().unwrap().messages.pop()
    }

    fn is_closed(&self) -> bool {
        // Relaxed: a look into the queue after it finds what was sent before, for the sender has had the
        // queue's lock in between
        self.senders.load(Relaxed) == 0
    }

    fn wake(&self) {
        let waker = self.queue.lock().unwrap().waker.take();
        waker.into_iter().for_each(Waker::wake);
    }
}

fn receive_last(poll: fn(&Channel) -> Poll<Option<u32>>) {
    let channel = Channel { queue: Mutex::new(Queue::default()), senders: AtomicUsize::new(1) };
    thread::scope(|s| {
        s.spawn(|| {
            channel.queue.lock().unwrap().messages.push(7);
            channel.wake();
            channel.senders.fetch_sub(1, Relaxed); // Relaxed: the lock that wakes comes after it
            channel.wake();
        });
        let message = block_on(poll_fn(|context| {
            channel.queue.lock().unwrap().waker = Some(context.waker().clone());
            poll(&channel)
        }));
        assert_eq!(message, Some(7), "closed, with a message in it");
    });
}

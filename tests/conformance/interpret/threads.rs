//! What a thread does with itself: its park token, and futures it waits for.

use std::future::poll_fn;
use std::task::Poll;

use super::Story;
use super::rt::{future, thread};
use crate::conformance::A_MOMENT;
use crate::conformance::programs::Threading;

pub fn run(steps: &Vec<Threading>) -> Story {
    let me = thread::current();
    let (mut token, mut has_timed_out) = (false, false);
    let mut story = Story::new();
    for step in steps {
        story.push(match *step {
            Threading::Unpark => {
                thread::current().unpark();
                token = true;
                "unparked".into()
            }
            Threading::Park if token => {
                thread::park();
                token = false;
                "had the token".into()
            }
            Threading::Park => "not now".into(),
            Threading::ParkTimeout if token || !has_timed_out => {
                thread::park_timeout(A_MOMENT);
                has_timed_out |= !std::mem::take(&mut token);
                format!("went on, out of time: {has_timed_out}")
            }
            Threading::ParkTimeout => "not now".into(),
            Threading::Yield => {
                thread::yield_now();
                format!("the same: {}", thread::current().id() == me.id())
            }
            Threading::BlockOn(pending) => {
                let mut polls = 0;
                future::block_on(poll_fn(|context| {
                    polls += 1;
                    if polls > pending {
                        return Poll::Ready(());
                    }
                    context.waker().wake_by_ref();
                    Poll::Pending
                }));
                // The last park of a future that was pending takes the token, whoever gave it.
                token &= pending == 0;
                format!("{polls} polls")
            }
        });
    }
    story
}

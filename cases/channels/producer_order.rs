//! A channel keeps the order of each producer and promises none between producers.
//!
//! Shape: two producers send into one channel. What one of them sends arrives in the order in which
//! it was sent; how the two interleave is the scheduler's choice, whoever was started first. An
//! order between producers is there only where the program makes one, for example by a flag that
//! the first raises for the second.
//!
//! Source: std::sync::mpsc::channel, documentation.
//! Does not show: fairness; one producer may get all its messages in before the other's first.

use super::rt::sync::atomic::{AtomicBool, Ordering::*};
use super::rt::sync::mpsc;
use super::rt::{hint, thread};

cases! {
    /// 1 and 2 come from one producer and stay in order; 3 comes anywhere among them.
    arrival: observes()
        .required([[1, 2, 3], [1, 3, 2], [3, 1, 2]])
        .forbidden([2, 1, 3], "one producer's messages never overtake each other")
        .forbidden([2, 3, 1], "one producer's messages never overtake each other")
        .forbidden([3, 2, 1], "one producer's messages never overtake each other")
        => arrivals();
    /// The producer that was started first need not be received first.
    first_started_first_received: fails(Assertion) => two_producers(false);
    /// Told by the first producer that it has sent, the second one comes second.
    told_by_the_first: holds()
        .slack(
            "two_producers: has_sent.store",
            "Relaxed",
            "not every channel orders sends by a lock",
        )
        .slack(
            "two_producers: has_sent.load",
            "Relaxed",
            "not every channel orders sends by a lock",
        )
        => two_producers(true);
}

fn arrivals() -> Vec<u32> {
    let (sender, receiver) = mpsc::channel();
    thread::scope(|s| {
        s.spawn(|| {
            sender.send(1).unwrap();
            sender.send(2).unwrap();
        });
        s.spawn(|| sender.send(3).unwrap());
    });
    receiver.try_iter().collect()
}

fn two_producers(told: bool) {
    let (sender, receiver) = mpsc::channel();
    let has_sent = AtomicBool::new(false);
    thread::scope(|s| {
        s.spawn(|| {
            sender.send(1).unwrap();
            has_sent.store(true, Release); // Release: pairs with the load of the second producer
        });
        s.spawn(|| {
            // Acquire: pairs with the store of the first producer
            while told && !has_sent.load(Acquire) {
                hint::spin_loop();
            }
            sender.send(2).unwrap();
        });
    });
    let arrived: Vec<u32> = receiver.try_iter().collect();
    assert_eq!(arrived, [1, 2], "arrived in another order");
}

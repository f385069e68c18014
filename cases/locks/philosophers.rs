//! Philosophers who all take the left fork first starve at a round table, however many they are.
//!
//! Shape: as many threads as locks, in a circle. Each takes the lock on its left and then the one on
//! its right. When all have the left one, each waits for its neighbour. One who takes the right one
//! first breaks the circle. It is the same between two or three; five are more threads than loom has.
//!
//! Source: Dijkstra, EWD 310, 1971 (philosophers).
//! Does not show: fairness; a philosopher may eat again and again while another waits.

use super::rt::sync::Mutex;
use super::rt::thread;

cases! {
    /// Five of them, all left-handed.
    five: fails(Deadlock).skips(Loom, ThreadLimit) => dine(5, 5);
    /// Five of them, of whom the last is right-handed.
    five_and_one_turned: holds().skips(Loom, ThreadLimit) => dine(5, 4);
}

fn dine(philosophers: usize, left_handed: usize) {
    let forks: Vec<Mutex<()>> = (0..philosophers).map(|_| Mutex::new(())).collect();
    let forks = &forks;
    thread::scope(|s| {
        for left in 0..philosophers {
            let right = (left + 1) % philosophers;
            let [first, second] = if left < left_handed { [left, right] } else { [right, left] };
            s.spawn(move || {
                let _first = forks[first].lock().unwrap();
                let _second = forks[second].lock().unwrap();
            });
        }
    });
}

//! Locks taken in different orders deadlock; one order for all, or a lock around both, does not.
//!
//! Shape: each thread takes two locks one after the other. If the orders differ, each may hold what
//! the other waits for; with three threads the circle can be longer than any pair shows. An order
//! that all keep (by rank, by address) leaves no circle. The compiler accepts all of them, and no
//! lint of rustc or clippy sees the difference.
//!
//! Source: Coffman, Elphick and Shoshani, Computing Surveys 3(2), 1971 (circular wait); Havender,
//! IBM Systems Journal 7(2), 1968 (ordering); Dijkstra, EWD 310, 1971 (philosophers).
//! Does not show: orders that are hidden behind calls, which are just as dangerous.

use super::rt::sync::Mutex;
use super::rt::thread;

cases! {
    /// Both threads take the first lock first.
    one_order: holds() => take_pairs(&[[0, 1], [0, 1]], false);
    /// AB–BA: each holds one and waits for the other.
    two_orders: fails(Deadlock) => take_pairs(&[[0, 1], [1, 0]], false);
    /// A third lock held around both makes their order harmless.
    gate: holds() => take_pairs(&[[0, 1], [1, 0]], true);
    /// Three forks, three philosophers, each taking the left one first.
    circle_of_three: fails(Deadlock) => take_pairs(&[[0, 1], [1, 2], [2, 0]], false);
    /// The last philosopher takes the lower fork first.
    ranked_three: holds() => take_pairs(&[[0, 1], [1, 2], [0, 2]], false);
    /// Two transfers between two accounts, each locking its source first.
    transfer_crossed: fails(Deadlock) => transfer_both_ways(false);
    /// The same, locking the lower account first, whichever is the source.
    transfer_ranked: holds() => transfer_both_ways(true);
}

fn take_pairs(orders: &[[usize; 2]], with_gate: bool) {
    let (locks, gate) = ([(); 3].map(Mutex::new), Mutex::new(()));
    let (locks, gate) = (&locks, &gate);
    thread::scope(|s| {
        for &[first, second] in orders {
            s.spawn(move || {
                let _gate = with_gate.then(|| gate.lock().unwrap());
                let _first = locks[first].lock().unwrap();
                let _second = locks[second].lock().unwrap();
            });
        }
    });
}

fn transfer_both_ways(ranked: bool) {
    let accounts = [10, 10].map(Mutex::new);
    let accounts = &accounts;
    thread::scope(|s| {
        for (from, to, amount) in [(0, 1, 3), (1, 0, 5)] {
            s.spawn(move || {
                let (mut source, mut target);
                if ranked && to < from {
                    target = accounts[to].lock().unwrap();
                    source = accounts[from].lock().unwrap();
                } else {
                    source = accounts[from].lock().unwrap();
                    target = accounts[to].lock().unwrap();
                }
                *source -= amount;
                *target += amount;
            });
        }
    });
    assert_eq!([0, 1].map(|i| *accounts[i].lock().unwrap()), [12, 8]);
}

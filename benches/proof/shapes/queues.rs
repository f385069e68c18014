//! Lock-free queues, stacks and deques over nodes that are never reused.

use super::rt::hint::spin_loop;
use super::rt::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release, SeqCst};
use super::rt::sync::atomic::fence;
use super::{atomics, threads};

/// The queue of Michael and Scott (1996): one thread dequeues once, the others enqueue once each.
pub fn michael_scott(n: usize) -> Vec<usize> {
    // Node 0 is the dummy, node `t` the one of thread `t`; a next of 0 is none.
    let (ends, next) = (atomics(2, 0), atomics(n, 0));
    threads(n, move |t| {
        let [head, tail] = &ends[..] else { unreachable!("a queue has two ends") };
        if t == 0 {
            let first = head.load(Acquire);
            let second = next[first].load(Acquire);
            if second != 0 {
                head.store(second, Release); // the only one to dequeue
            }
            return second;
        }
        loop {
            let last = tail.load(Acquire);
            let after = next[last].load(Acquire);
            if after != 0 {
                let _ = tail.compare_exchange(last, after, AcqRel, Relaxed);
            } else if next[last].compare_exchange(0, t, AcqRel, Relaxed).is_ok() {
                let _ = tail.compare_exchange(last, t, AcqRel, Relaxed);
                return last;
            }
            spin_loop();
        }
    })
}

/// The queue of Herlihy and Wing (1990): one thread looks through it once, the others enqueue once each.
pub fn herlihy_wing(n: usize) -> Vec<usize> {
    let (back, slots) = (atomics(1, 0), atomics(n, 0));
    threads(n, move |t| {
        if t > 0 {
            let at = back[0].fetch_add(1, AcqRel);
            slots[at].store(t, Release);
            return at;
        }
        let end = back[0].load(Acquire);
        (0..end).map(|at| slots[at].swap(0, AcqRel)).find(|&found| found != 0).unwrap_or(0)
    })
}

/// The stack of Treiber (1986): every thread pushes its node.
pub fn treiber(n: usize) -> Vec<usize> {
    let (top, next) = (atomics(1, 0), atomics(n + 1, 0));
    threads(n, move |t| {
        let me = t + 1;
        let mut first = top[0].load(Relaxed);
        loop {
            next[me].store(first, Relaxed);
            match top[0].compare_exchange(first, me, Release, Relaxed) {
                Ok(_) => return first,
                Err(now) => first = now,
            }
        }
    })
}

/// The deque of Chase and Lev with the orderings of Lê et al. (PPoPP 2013): the owner pushes `n` and pops `n`, a thief steals once.
pub fn chase_lev(n: usize) -> Vec<usize> {
    let (ends, items) = (atomics(2, 0), atomics(n, 0));
    threads(2, move |t| {
        let [top, bottom] = &ends[..] else { unreachable!("a deque has two ends") };
        let take = |at: usize| top.compare_exchange(at, at + 1, SeqCst, Relaxed).is_ok();
        if t == 1 {
            let first = top.load(Acquire);
            fence(SeqCst);
            if first >= bottom.load(Acquire) {
                return 0;
            }
            let item = items[first].load(Relaxed);
            return if take(first) { item } else { 0 };
        }
        for i in 0..n {
            items[i].store(i + 1, Relaxed);
            fence(Release);
            bottom.store(i + 1, Relaxed);
        }
        let mut taken = 0;
        for last in (0..n).rev() {
            bottom.store(last, Relaxed);
            fence(SeqCst);
            let first = top.load(Relaxed);
            let mine = first < last || (first == last && take(first));
            taken += usize::from(mine) << last;
            if first >= last {
                bottom.store(last + 1, Relaxed);
                break;
            }
        }
        taken
    })
}

/// A ring of two slots between one producer and one consumer, who each try `n` times.
pub fn spsc_ring(n: usize) -> Vec<usize> {
    let (ends, slots) = (atomics(2, 0), atomics(2, 0));
    threads(2, move |t| {
        let [head, tail] = &ends[..] else { unreachable!("a ring has two ends") };
        let mut passed = 0;
        for i in 0..n {
            if t == 0 {
                let at = tail.load(Relaxed);
                if at - head.load(Acquire) < 2 {
                    slots[at % 2].store(i + 1, Relaxed);
                    tail.store(at + 1, Release);
                    passed += 1;
                }
            } else {
                let at = head.load(Relaxed);
                if at < tail.load(Acquire) {
                    passed = passed * (n + 1) + slots[at % 2].load(Relaxed);
                    head.store(at + 1, Release);
                }
            }
        }
        passed
    })
}

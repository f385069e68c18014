//! What a thread keeps of a round, or of a try, that has failed, and where: what is left out must be found all the same.

use std::cell::Cell;
use std::hint::black_box;

use super::*;

/// Two blocks of the heap.
type Blocks = [Box<AtomicU32>; 2];

/// Runs `waits` beside a thread that writes 1 to the first word and then to the second: what it returns, and what is in the blocks at the end, must be the
/// same as where nothing is left out. `n` results there are.
#[track_caller]
fn keeps<F>(n: usize, waits: F)
where
    F: Fn(&AtomicU32, &AtomicU32, &Blocks) -> u32 + Clone + Send + Sync + 'static,
{
    let body = || {
        let (x, y) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
        let blocks = Arc::new([0, 0].map(|value| Box::new(AtomicU32::new(value))));
        let (also_x, also_y, also_blocks, waits) =
            (x.clone(), y.clone(), blocks.clone(), waits.clone());
        let thread = thread::spawn(move || waits(&also_x, &also_y, &also_blocks));
        x.store(1, Release);
        y.store(1, Relaxed);
        let returned = thread.join().unwrap();
        (returned, blocks.each_ref().map(|block| block.load(Relaxed)))
    };
    let [found, all] = [false, true].map(|all| results(&Checker::new().unreduced(all), body));
    assert_eq!(found, all);
    assert_eq!(found.len(), n);
}

#[test]
fn the_address_of_a_block() {
    keeps(2, |x, _, blocks| {
        let mut block = &blocks[0];
        while x.load(Acquire) == 0 {
            block = &blocks[1];
            hint::spin_loop();
        }
        block.store(1, Relaxed);
        0
    });
}

#[test]
fn the_address_of_a_block_that_is_used_later() {
    keeps(2, |x, y, blocks| {
        let mut block = &blocks[0];
        while x.load(Acquire) == 0 {
            block = &blocks[1];
            hint::spin_loop();
        }
        y.load(Relaxed);
        block.store(1, Relaxed);
        0
    });
}

#[test]
fn the_address_of_a_block_where_there_was_none() {
    keeps(2, |x, y, blocks| {
        let mut block = None;
        while x.load(Acquire) == 0 {
            block = Some(&blocks[1]);
            hint::spin_loop();
        }
        y.load(Relaxed);
        block.unwrap_or(&blocks[0]).store(1, Relaxed);
        0
    });
}

/// The thread has neither address in mind where its rounds begin. That it goes on at another place shows.
#[test]
fn the_address_of_a_block_that_the_last_round_may_look_up() {
    keeps(2, |x, _, blocks| {
        let block = Cell::new(None);
        loop {
            let is_over = x.load(Acquire) != 0;
            let found = black_box(&block).get();
            let nth = usize::from(!is_over);
            block.set(Some(found.unwrap_or_else(|| &*black_box(blocks)[nth])));
            if is_over {
                break;
            }
            hint::spin_loop();
        }
        block.get().unwrap().store(1, Relaxed);
        0
    });
}

#[test]
fn the_address_of_a_block_of_its_own() {
    keeps(2, |x, y, _| {
        let numbers = [1, 2].map(Box::new);
        let numbers = black_box(&numbers);
        let mut number = &numbers[0];
        while x.load(Acquire) == 0 {
            number = &numbers[1];
            hint::spin_loop();
        }
        y.load(Relaxed);
        **black_box(number)
    });
}

#[test]
fn a_place_in_a_block() {
    keeps(2, |x, y, _| {
        let numbers = black_box(vec![1, 2, 3]);
        let mut rest = numbers.iter();
        while x.load(Acquire) == 0 {
            rest = numbers[1..].iter();
            hint::spin_loop();
        }
        y.load(Relaxed);
        *black_box(rest).next().unwrap()
    });
}

/// Counts up, and returns `first` if that is done at once, else `later`.
#[inline(never)]
fn add<T: Copy>(x: &AtomicU32, first: T, later: T) -> T {
    let result = Cell::new(first);
    let mut old = x.load(Relaxed);
    while let Err(now) = x.compare_exchange(old, old + 5, Relaxed, Relaxed) {
        old = now;
        black_box(&result).set(later);
    }
    result.get()
}

#[test]
fn a_block_after_a_try() {
    keeps(2, |x, y, blocks| {
        let block = add(x, &blocks[0], &blocks[1]);
        y.load(Relaxed);
        block.store(1, Relaxed);
        0
    });
}

/// Threads are looked at from the first time on that one tries again: that is before what is tested.
///
/// Whether to have tried makes a difference is not to be seen from what the thread has after it: the first block may have been the same as the other, or not.
#[test]
fn a_block_that_was_another_before_the_try() {
    #[inline(never)]
    fn choose<'a>(y: &AtomicU32, blocks: &'a Blocks, of: [usize; 2]) -> &'a AtomicU32 {
        &blocks[of[y.load(Relaxed) as usize]]
    }
    for of in [[0, 1], [1, 0]] {
        keeps(2, move |x, y, blocks| {
            add(x, 0, 0);
            let later = choose(y, blocks, of);
            let block = add(x, &*blocks[0], later);
            y.load(Relaxed);
            block.store(1, Relaxed);
            0
        });
        keeps(2, move |x, y, blocks| {
            add(x, 0, 0);
            let first = choose(y, blocks, of);
            let block = add(x, first, &*blocks[0]);
            y.load(Relaxed);
            block.store(1, Relaxed);
            0
        });
    }
}

/// The same where the try writes over what made the difference. That it was there is told where the engine does not look.
#[test]
fn a_number_that_was_another_before_the_try() {
    thread_local! {
        static CHOSEN: Cell<u32> = const { Cell::new(0) };
    }
    #[inline(never)]
    fn choose(y: &AtomicU32, of: [u32; 2]) -> u32 {
        CHOSEN.set(of[y.load(Relaxed) as usize]);
        CHOSEN.get()
    }
    for of in [[7, 8], [8, 7]] {
        keeps(3, move |x, y, _| {
            add(x, 0, 0);
            let first = choose(y, of);
            let number = add(x, first, 7);
            y.load(Relaxed);
            10 * CHOSEN.get() + number
        });
    }
}

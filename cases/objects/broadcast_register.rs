//! A reader of a sequence lock that tries again must acquire the number again, or it trusts data that it may not see.
//!
//! Shape: a value of two words stands behind a number that is odd while somebody writes. A writer
//! exchanges an even number for the odd one, writes both words, and makes the number even. A reader
//! reads the number, both words and the number again, and tries again if the two differ or are odd.
//! The second number of one try looks like the first of the next; but it was read behind the fence
//! of its own try, and acquires nothing for the words of the next.
//!
//! Source: Boehm, "Can seqlocks get along with programming language memory models?", MSPC 2012,
//! sections 3 and 4.
//! Does not show: numbers that overflow.

use super::rt::hint;
use super::rt::linear::specs::{Cell, Number};
use super::rt::linear::{Clients, Object, Role, Size, linearizable};
use super::rt::sync::atomic::{AtomicU8, AtomicUsize, Ordering::*, fence};

cases! {
    /// Two threads with up to two operations, three in all.
    every_client: linearizable() => linearizable::<Register<NONE>>(&clients());
    /// The words may be seen before the odd number.
    no_writer_fence: not_linearizable(NotPublished).weak()
        => linearizable::<Register<WRITER>>(&clients());
    /// The second number may be read before the words.
    no_reader_fence: not_linearizable(NotPublished).weak()
        => linearizable::<Register<READER>>(&clients());
    /// The even number may be seen before the words.
    relaxed_finish: not_linearizable(NotLinearizable).weak()
        => linearizable::<Register<FINISH>>(&clients());
    /// The number of the last try is the first of this one.
    stale_number: not_linearizable(NotLinearizable).weak()
        => linearizable::<Register<STALE>>(&clients());
    /// Two writers find the number even, and both write.
    split_claim: not_linearizable(NotLinearizable) => linearizable::<Register<SPLIT>>(&clients());
}

/// Without a fault, and with one.
const NONE: u8 = 0;
const WRITER: u8 = 1;
const READER: u8 = 2;
const FINISH: u8 = 3;
const STALE: u8 = 4;
const SPLIT: u8 = 5;

fn clients() -> Clients<Number> {
    let calls = [Role::any([Number::Write(0), Number::Read])];
    Clients::new(calls, Size::new(2, 2).up_to(3)).numbered(Number::number)
}

struct Register<const FAULT: u8> {
    number: AtomicUsize,
    words: [AtomicU8; 2],
}

impl<const FAULT: u8> Register<FAULT> {
    /// Makes an even number odd, and returns the even one.
    fn claim(&self) -> usize {
        loop {
            // Relaxed: the exchange acquires. Acquire: where there is none, this is the first half of it
            let even = self.number.load(if FAULT == SPLIT { Acquire } else { Relaxed });
            if even % 2 == 1 {
                hint::spin_loop();
            } else if FAULT == SPLIT {
                self.number.store(even + 1, Relaxed); // Relaxed: the flaw is the gap before it
                return even;
            // Acquire: pairs with the last writer's Release, so that its words are older
            } else if self.number.compare_exchange(even, even + 1, Acquire, Relaxed).is_ok() {
                return even;
            }
        }
    }

    fn write(&self, value: u8) {
        let even = self.claim();
        if FAULT != WRITER {
            fence(Release); // Release: who reads one of the words sees the odd number
        }
        for word in &self.words {
            word.store(value, Relaxed); // Relaxed: the fence above and the store below order it
        }
        // Release: pairs with the reader's first load
        self.number.store(even + 2, if FAULT == FINISH { Relaxed } else { Release });
    }

    fn read(&self) -> u8 {
        let mut first = self.number.load(Acquire); // Acquire: pairs with the last store of `write`
        loop {
            while first % 2 == 1 {
                hint::spin_loop();
                first = self.number.load(Acquire); // Acquire: as above
            }
            // Relaxed: between the two loads of the number, by its Acquire and the fence
            let [left, right] = self.words.each_ref().map(|word| word.load(Relaxed));
            if FAULT != READER {
                fence(Acquire); // Acquire: if a word is new, the number below is
            }
            let second = self.number.load(Relaxed); // Relaxed: the fence is above it
            if first == second {
                return if left == right { left } else { u8::MAX };
            }
            // Acquire: as above
            first = if FAULT == STALE { second } else { self.number.load(Acquire) };
        }
    }
}

impl<const FAULT: u8> Object for Register<FAULT> {
    type Spec = Cell;

    fn new() -> Self {
        Register { number: AtomicUsize::new(0), words: [0; 2].map(AtomicU8::new) }
    }

    fn call(&self, operation: &Number) -> Option<u8> {
        let Number::Write(value) = *operation else { return Some(self.read()) };
        self.write(value);
        None
    }
}

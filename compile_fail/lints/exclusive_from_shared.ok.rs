//! Fixed: the exclusive borrow is asked for, and no `unsafe` is left.

#![deny(clippy::mut_from_ref)]

use std::cell::UnsafeCell;

struct Slot(UnsafeCell<u32>);

impl Slot {
    fn get(&mut self) -> &mut u32 {
        self.0.get_mut()
    }
}

fn main() {
    println!("{}", Slot(UnsafeCell::new(1)).get());
}

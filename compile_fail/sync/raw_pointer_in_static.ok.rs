//! Fixed: the pointer itself is atomic; what it points to still needs its own argument.

use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

struct Registry {
    head: AtomicPtr<u32>,
}

static REGISTRY: Registry = Registry {
    head: AtomicPtr::new(ptr::null_mut()),
};

fn main() {
    println!("{:p}", REGISTRY.head.load(Ordering::Acquire));
}

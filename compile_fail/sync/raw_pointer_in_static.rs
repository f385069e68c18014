//! A type with a raw pointer field cannot be a static: the compiler will not guess that the pointee is thread-safe.
//!
//! Error: E0277
//! Source: Rust Reference, "Static items"; Rustonomicon, "Send and Sync".

use std::ptr;

struct Registry {
    head: *mut u32,
}

static REGISTRY: Registry = Registry {
    head: ptr::null_mut(),
};

fn main() {
    println!("{:p}", REGISTRY.head);
}

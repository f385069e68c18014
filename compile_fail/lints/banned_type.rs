//! A type that is easily misused can be banned by name: a bare `AtomicPtr` says nothing of who frees what it points to.
//!
//! Lint: clippy::disallowed_types
//! Source: clippy lint list, `disallowed_types`.

#![deny(clippy::disallowed_types)]

use std::sync::atomic::AtomicPtr;

static CONFIG: AtomicPtr<u32> = AtomicPtr::new(std::ptr::null_mut());

fn main() {
    println!("{CONFIG:?}");
}

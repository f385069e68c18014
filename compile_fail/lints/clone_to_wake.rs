//! Waking a clone of a waker counts up and down an `Arc` for nothing.
//!
//! Lint: clippy::waker_clone_wake
//! Source: clippy lint list, `waker_clone_wake`.

#![deny(clippy::waker_clone_wake)]

use std::task::Context;

fn poll_again(context: &Context<'_>) {
    context.waker().clone().wake();
}

fn main() {
    poll_again(&Context::from_waker(std::task::Waker::noop()));
}

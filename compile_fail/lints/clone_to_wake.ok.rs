//! Fixed: the waker is only borrowed.

#![deny(clippy::waker_clone_wake)]

use std::task::Context;

fn poll_again(context: &Context<'_>) {
    context.waker().wake_by_ref();
}

fn main() {
    poll_again(&Context::from_waker(std::task::Waker::noop()));
}

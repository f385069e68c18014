//! A `RefCell` borrow held across an `await` meets the next task's borrow, and that one panics.
//!
//! Lint: clippy::await_holding_refcell_ref
//! Source: clippy lint list, `await_holding_refcell_ref`.

#![deny(clippy::await_holding_refcell_ref)]

use std::cell::RefCell;

async fn record(log: &RefCell<Vec<u32>>) {
    let mut log = log.borrow_mut();
    log.push(1);
    tick().await;
}

async fn tick() {}

fn main() {
    drop(record(&RefCell::default()));
}

//! Fixed: the borrow ends with its statement.

#![deny(clippy::await_holding_refcell_ref)]

use std::cell::RefCell;

async fn record(log: &RefCell<Vec<u32>>) {
    log.borrow_mut().push(1);
    tick().await;
}

async fn tick() {}

fn main() {
    drop(record(&RefCell::default()));
}

//! A public future that is not `Send` cannot be spawned by a library's users, and its definition compiles.
//!
//! Lint: clippy::future_not_send
//! Source: clippy lint list, `future_not_send`.

#![deny(clippy::future_not_send)]

use std::rc::Rc;

pub async fn fetch(id: Rc<u32>) -> u32 {
    tick().await;
    *id
}

async fn tick() {}

fn main() {
    drop(fetch(Rc::new(1)));
}

//! `Rc<Mutex<_>>` pays for a lock that no second thread can ever contend.
//!
//! Lint: clippy::rc_mutex
//! Source: clippy lint list, `rc_mutex`.

#![deny(clippy::rc_mutex)]

use std::{rc::Rc, sync::Mutex};

struct Session {
    total: Rc<Mutex<u32>>,
}

fn main() {
    let session = Session {
        total: Rc::default(),
    };
    println!("{:?}", session.total);
}

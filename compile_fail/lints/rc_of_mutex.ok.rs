//! Fixed: `RefCell` checks the same rule on one thread; for several it would be `Arc<Mutex<_>>`.

#![deny(clippy::rc_mutex)]

use std::{cell::RefCell, rc::Rc};

struct Session {
    total: Rc<RefCell<u32>>,
}

fn main() {
    let session = Session {
        total: Rc::default(),
    };
    println!("{:?}", session.total);
}

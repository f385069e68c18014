//! An `Arc` around something that cannot be shared is an `Rc` with dearer counting.
//!
//! Lint: clippy::arc_with_non_send_sync
//! Source: clippy lint list, `arc_with_non_send_sync`.

#![deny(clippy::arc_with_non_send_sync)]

use std::{cell::RefCell, sync::Arc};

fn main() {
    let log = Arc::new(RefCell::new(Vec::new()));
    log.borrow_mut().push(1);
}

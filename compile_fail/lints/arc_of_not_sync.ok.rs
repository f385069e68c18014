//! Fixed: the content can be shared too.

#![deny(clippy::arc_with_non_send_sync)]

use std::sync::{Arc, RwLock};

fn main() {
    let log = Arc::new(RwLock::new(Vec::new()));
    log.write().unwrap().push(1);
}

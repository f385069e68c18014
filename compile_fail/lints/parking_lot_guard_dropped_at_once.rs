//! The same mistake with a `parking_lot` guard is seen by clippy's lint and not by rustc's.
//!
//! Lint: clippy::let_underscore_lock
//! Source: clippy lint list, `let_underscore_lock`.

#![deny(clippy::let_underscore_lock)]

use parking_lot::Mutex;

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

fn main() {
    let _ = ONE_AT_A_TIME.lock();
    println!("not alone");
}

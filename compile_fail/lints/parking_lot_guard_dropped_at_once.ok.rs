//! Fixed: the guard has a name.

#![deny(clippy::let_underscore_lock)]

use parking_lot::Mutex;

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

fn main() {
    let _guard = ONE_AT_A_TIME.lock();
    println!("alone");
}

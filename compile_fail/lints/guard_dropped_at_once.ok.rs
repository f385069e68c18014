//! Fixed: a name, even an unused one, keeps the guard to the end of the block.

#![deny(let_underscore_lock)]

use std::sync::Mutex;

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

fn main() {
    let _guard = ONE_AT_A_TIME.lock().unwrap();
    println!("alone");
}

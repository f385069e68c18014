//! Fixed: the guard is kept.

#![deny(unused_must_use)]

use std::sync::Mutex;

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

fn main() {
    let _guard = ONE_AT_A_TIME.lock().unwrap();
    println!("alone");
}

//! Fixed: only shared state can become true from outside.

#![deny(clippy::while_immutable_condition)]

fn main() {
    let ready = std::sync::atomic::AtomicBool::new(true);
    while !ready.load(std::sync::atomic::Ordering::Acquire) {
        println!("waiting");
    }
}

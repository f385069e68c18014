//! There is no `std::sync::chan`: the standard channel is `std::sync::mpsc`, bounded by `sync_channel`.
//!
//! Error: E0432
//! Source: std docs, `std::sync::mpsc::sync_channel`.

use std::sync::chan;

fn main() {
    let (tx, rx) = chan::sender::<i32>(10);
    std::thread::spawn(move || tx.send(10).unwrap());
    println!("{}", rx.recv().unwrap());
}

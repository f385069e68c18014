//! Fixed: `sync_channel` is the channel with a buffer of ten.

use std::sync::mpsc;

fn main() {
    let (tx, rx) = mpsc::sync_channel::<i32>(10);
    std::thread::spawn(move || tx.send(10).unwrap());
    println!("{}", rx.recv().unwrap());
}

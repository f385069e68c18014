//! Fixed: the last use comes before the send.

use std::sync::mpsc;

fn main() {
    let (tx, rx) = mpsc::channel();
    let message = String::from("hello");
    println!("sending {message}");
    tx.send(message).unwrap();
    println!("got {}", rx.recv().unwrap());
}

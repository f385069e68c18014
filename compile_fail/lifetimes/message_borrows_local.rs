//! A channel that outlives the sender's data cannot carry references to it.
//!
//! Error: E0597
//! Source: The Book, ch. 16.2; Rust error index, E0597.

use std::sync::mpsc;

fn main() {
    let (tx, rx) = mpsc::channel();
    {
        let line = String::from("hello");
        tx.send(line.as_str()).unwrap();
    }
    println!("{}", rx.recv().unwrap());
}

//! Sending a message gives it away: the sender cannot keep reading what the receiver may already be changing.
//!
//! Error: E0382
//! Source: The Book, ch. 16.2 ("Channels and ownership transference").

use std::sync::mpsc;

fn main() {
    let (tx, rx) = mpsc::channel();
    let message = String::from("hello");
    tx.send(message).unwrap();
    println!("sent {message}");
    println!("got {}", rx.recv().unwrap());
}

//! Fixed: the message owns its text.

use std::sync::mpsc;

fn main() {
    let (tx, rx) = mpsc::channel();
    {
        let line = String::from("hello");
        tx.send(line).unwrap();
    }
    println!("{}", rx.recv().unwrap());
}

//! Fixed: the lost message is noticed.

#![deny(clippy::let_underscore_must_use)]

use std::sync::mpsc::Sender;

fn report(progress: &Sender<u32>) {
    if progress.send(50).is_err() {
        eprintln!("no one listens");
    }
}

fn main() {
    report(&std::sync::mpsc::channel().0);
}

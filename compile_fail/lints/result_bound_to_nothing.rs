//! `let _ = tx.send(..)` hides that the receiver is gone and the message lost.
//!
//! Lint: clippy::let_underscore_must_use
//! Source: clippy lint list, `let_underscore_must_use`.

#![deny(clippy::let_underscore_must_use)]

use std::sync::mpsc::Sender;

fn report(progress: &Sender<u32>) {
    let _ = progress.send(50);
}

fn main() {
    report(&std::sync::mpsc::channel().0);
}

//! An empty `loop {}` keeps a processor at full load to do nothing.
//!
//! Lint: clippy::empty_loop
//! Source: clippy lint list, `empty_loop`.

#![deny(clippy::empty_loop)]

fn idle() -> ! {
    loop {}
}

fn main() {
    if std::env::args().count() == 0 {
        idle();
    }
}

//! Fixed: the thread sleeps until someone unparks it.

#![deny(clippy::empty_loop)]

fn idle() -> ! {
    loop {
        std::thread::park();
    }
}

fn main() {
    if std::env::args().count() == 0 {
        idle();
    }
}

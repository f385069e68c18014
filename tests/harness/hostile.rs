//! Cases that take their own process down, or never come back.

use super::rt::hint;
use super::rt::sync::atomic::{AtomicBool, Ordering::*};
use super::rt::thread;

cases! {
    /// The process aborts.
    aborts: holds() => abort();
    /// Somebody kills the process in mid-run.
    is_killed: holds() => kill();
    /// The body never ends and never calls the facade.
    spins: holds() => spin();
    /// The stack overflows.
    overflows: holds() => assert!(deeper(1) > 0);
    /// More memory is asked for than there is.
    eats: holds() => drop(std::hint::black_box(vec![1_u8; 1 << 44]));
    /// What a case prints is not taken for an answer.
    prints: holds() => println!("{{\"Ok\":null}}");
    /// Bytes that are no text.
    prints_bytes: holds() => print(b"\xff\xfe\n", 3);
    /// A line that does not end.
    prints_half_a_line: holds() => print(b"half a line", 1);
    /// More than anybody reads, without an end of line.
    floods: holds() => print(&[b'x'; 1 << 16], 10);
    /// What answers come through is closed.
    closes_its_output: holds() => close();
    /// The system has no thread to give, and `std` says so.
    has_no_thread: holds() => assert!(std::hint::black_box(false), "failed to spawn thread: Os {{ code: 11 }}");
    /// A thread waits for one that has panicked.
    waits_for_one_that_panics: fails(Assertion) => wait_for_one_that_panics();
    /// A case between them that is fine.
    decent: holds() => thread::scope(|s| drop(s.spawn(|| ())));
}

fn wait_for_one_that_panics() {
    let is_done = AtomicBool::new(false);
    thread::scope(|s| {
        s.spawn(|| {
            assert!(std::hint::black_box(false), "before it is done");
            is_done.store(true, Release); // Release: pairs with the wait
        });
        // Acquire: pairs with the end
        while !is_done.load(Acquire) {
            hint::spin_loop();
        }
    });
}

fn print(bytes: &[u8], times: usize) {
    use std::io::Write;
    for _ in 0..times {
        let mut out = std::io::stdout().lock();
        out.write_all(bytes).and_then(|()| out.flush()).expect("somebody reads");
    }
}

fn close() {
    use std::os::fd::{FromRawFd, OwnedFd};
    // SAFETY: it is open, unless the case has closed it before; who writes to it from here on is told so, as is meant.
    drop(unsafe { OwnedFd::from_raw_fd(1) });
    std::thread::park();
}

fn abort() {
    std::process::abort();
}

fn spin() {
    while std::hint::black_box(true) {}
}

fn kill() {
    let killed = std::process::Command::new("sh").args(["-c", "kill -KILL $PPID"]).status();
    panic!("still alive after {killed:?}");
}

#[expect(unconditional_recursion, reason = "it is to overflow the stack")]
fn deeper(n: u64) -> u64 {
    let block = std::hint::black_box([n; 128]);
    deeper(block[0]) + block[1]
}

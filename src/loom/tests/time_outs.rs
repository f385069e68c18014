//! A wait with a time-out may end by it at any moment, once for each thread.

use std::path::Path;
use std::process::Command;
use std::sync::mpsc::RecvTimeoutError::{Disconnected, Timeout};
use std::time::Duration;

use loom::cell::UnsafeCell;
use loom::sync::atomic::{AtomicBool, Ordering::*};
use loom::sync::{Arc, Condvar, Mutex, mpsc};
use loom::{model, thread};
use models::{executions, failure, outcomes};

mod models;

/// How long a wait may last is not looked at.
const LONG: Duration = Duration::from_secs(3600);

type Pair = Arc<(Mutex<bool>, Condvar)>;

/// A flag, and a thread that sets it and says so.
fn told() -> (Pair, thread::JoinHandle<()>) {
    let pair = Pair::default();
    let other = pair.clone();
    let thread = thread::spawn(move || {
        *other.0.lock().unwrap() = true;
        other.1.notify_one();
    });
    (pair, thread)
}

#[test]
fn a_wait_on_a_condition_variable_may_time_out() {
    let seen = outcomes(|| {
        let (pair, thread) = told();
        let ready = pair.0.lock().unwrap();
        let told = if *ready {
            (true, false)
        } else {
            let (ready, result) = pair.1.wait_timeout(ready, LONG).unwrap();
            (*ready, result.timed_out())
        };
        thread.join().unwrap();
        told
    });
    // It is notified; or times out before the flag is set, or after that.
    assert_eq!(seen, [(true, false), (false, true), (true, true)].into());
}

#[test]
fn a_wait_for_a_condition_ends_by_it_or_by_a_time_out() {
    let seen = outcomes(|| {
        let (pair, thread) = told();
        let ready = pair.0.lock().unwrap();
        let (ready, result) = pair.1.wait_timeout_while(ready, LONG, |ready| !*ready).unwrap();
        let told = (*ready, result.timed_out());
        drop(ready);
        thread.join().unwrap();
        told
    });
    assert_eq!(seen, [(true, false), (false, true)].into());
}

#[test]
fn a_channel_may_time_out() {
    let seen = outcomes(|| {
        let (sender, receiver) = mpsc::channel();
        let thread = thread::spawn(move || sender.send(1).unwrap());
        let received = [receiver.recv_timeout(LONG), receiver.recv_timeout(LONG)];
        thread.join().unwrap();
        received.map(|message| message.map_err(|error| error == Timeout))
    });
    let (timeout, disconnected) = (Err(true), Err(Disconnected == Timeout));
    let expected = [[Ok(1), disconnected], [Ok(1), timeout], [timeout, Ok(1)]];
    assert_eq!(seen, expected.into());
}

#[test]
fn a_park_may_time_out() {
    let seen = outcomes(|| {
        let flag = Arc::new(AtomicBool::new(false));
        let (other, me) = (flag.clone(), thread::current());
        let thread = thread::spawn(move || {
            other.store(true, Relaxed);
            me.unpark();
        });
        thread::park_timeout(LONG);
        let seen = flag.load(Relaxed);
        thread.join().unwrap();
        seen
    });
    assert_eq!(seen, [false, true].into());
}

/// What another thread does before it notifies is not ordered before a time-out.
#[test]
fn a_time_out_orders_nothing() {
    let race = failure(|| {
        let shared = Arc::new(UnsafeCell::new(0));
        let (other, me) = (shared.clone(), thread::current());
        thread::spawn(move || {
            other.with_mut(|_| ());
            me.unpark();
        });
        thread::park_timeout(LONG);
        shared.with(|_| ());
    });
    assert!(race.starts_with("Causality violation"), "{race}");
}

/// Nobody notifies, and that is no deadlock: time goes on.
#[test]
fn a_wait_that_can_time_out_is_no_deadlock() {
    model(|| {
        let pair = Pair::default();
        let guard = pair.0.lock().unwrap();
        assert!(pair.1.wait_timeout(guard, LONG).unwrap().1.timed_out());
    });
    // The thread times out once; where it would a second time the execution is cut off, and the answer is bounded.
    model(|| {
        let pair = Pair::default();
        let mut guard = pair.0.lock().unwrap();
        for _ in 0..2 {
            guard = pair.1.wait_timeout(guard, LONG).unwrap().0;
        }
        unreachable!("an execution with two time-outs is cut off");
    });
    let stuck = failure(|| {
        let pair = Pair::default();
        let guard = pair.0.lock().unwrap();
        let guard = pair.1.wait_timeout(guard, LONG).unwrap().0;
        drop(pair.1.wait(guard));
    });
    assert!(stuck.starts_with("deadlock; "), "{stuck}");
}

/// A loop around such a wait ends with its condition.
#[test]
fn a_loop_that_times_out_is_explored_to_its_end() {
    let count = executions(|| {
        let pair = Pair::default();
        let other = pair.clone();
        // It sets the flag, and tells nobody.
        let thread = thread::spawn(move || *other.0.lock().unwrap() = true);
        let mut ready = pair.0.lock().unwrap();
        while !*ready {
            ready = pair.1.wait_timeout(ready, LONG).unwrap().0;
        }
        drop(ready);
        thread.join().unwrap();
    });
    // The flag is set before the first look; or before a time-out.
    assert_eq!(count, 2);
}

/// Too many threads that may each time out: within a limit there is an answer all the same, for what happens where none does.
#[test]
fn without_time_outs_there_is_an_answer_first() {
    let report = Path::new(env!("CARGO_TARGET_TMPDIR")).join("untimed.jsonl");
    _ = std::fs::remove_file(&report);
    let mut program = Command::new(std::env::current_exe().unwrap());
    program.args(["--exact", "many_that_may_time_out"]);
    program.env("LOOM_MAX_DURATION", "2").env("CASEBOOK_REPORT", &report);
    let output = program.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    let told = std::fs::read_to_string(&report).unwrap();
    assert!(told.starts_with(r#"{"verdict":"untimed","complete":1,"blocked":0,"#), "{told}");
    assert!(told.contains("with time-outs: ") && told.contains(" seen, stopped at "), "{told}");
}

#[test]
fn many_that_may_time_out() {
    // Without a limit it would have no end.
    if std::env::var_os("LOOM_MAX_DURATION").is_none() {
        return;
    }
    model(|| {
        let waiting: Vec<_> =
            (0..40).map(|_| thread::spawn(|| thread::park_timeout(LONG))).collect();
        waiting.iter().for_each(|thread| thread.thread().unpark());
        waiting.into_iter().for_each(|thread| thread.join().unwrap());
    });
}

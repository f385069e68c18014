//! A process with a limit on its time. It is the process that ends a test, not its output, which others may keep open.

use std::collections::BTreeSet;
use std::io::{self, Read};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use crate::system;

/// How a process ended.
pub struct Ended {
    /// None if it was killed.
    pub status: Option<ExitStatus>,
    /// What it printed, and then what it complained of.
    pub output: String,
}

/// How long the output of a process that has ended is waited for: somebody who has left its group may keep it open.
const REST: Duration = Duration::from_secs(1);

/// Runs a process to its end, or kills it after `limit`. Whatever it has started is killed with it.
pub fn run(command: &mut Command, limit: Duration) -> io::Result<Ended> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    system::own_group(command);
    let mut child = command.spawn()?;
    let group = Group::of(child.id());
    let (closes, closed) = mpsc::channel();
    let out = Stream::read(child.stdout.take().expect("it is piped"), closes.clone());
    let err = Stream::read(child.stderr.take().expect("it is piped"), closes);
    let (ends, ended) = mpsc::channel();
    thread::spawn(move || ends.send(child.wait()));
    let in_time = ended.recv_timeout(limit);
    drop(group);
    let status = match in_time {
        Ok(status) => Some(status?),
        Err(_) => {
            let killed = ended.recv().expect("its end is waited for");
            killed.map(|_| None)?
        }
    };
    let _ = (closed.recv_timeout(REST), closed.recv_timeout(REST));
    let output = String::from_utf8_lossy(&[out.so_far(), err.so_far()].concat()).into_owned();
    Ok(Ended { status, output })
}

/// What has been read of a stream.
struct Stream(Arc<Mutex<Vec<u8>>>);

impl Stream {
    /// Reads it in a thread of its own, which says when it closes.
    fn read(mut from: impl Read + Send + 'static, closes: Sender<()>) -> Stream {
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let kept = bytes.clone();
        thread::spawn(move || {
            let mut some = [0; 1 << 14];
            // What can be read is shown; that the rest cannot be is no finding about the test.
            while let Ok(count @ 1..) = from.read(&mut some) {
                lock(&kept).extend_from_slice(&some[..count]);
            }
            let _ = closes.send(());
        });
        Stream(bytes)
    }

    fn so_far(&self) -> Vec<u8> {
        std::mem::take(&mut lock(&self.0))
    }
}

/// The groups of the processes that run.
static GROUPS: Mutex<BTreeSet<u32>> = Mutex::new(BTreeSet::new());

/// A process and all that it starts, killed when this is dropped.
struct Group(u32);

impl Group {
    fn of(leader: u32) -> Group {
        lock(&GROUPS).insert(leader);
        Group(leader)
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        lock(&GROUPS).remove(&self.0);
        system::kill_group(self.0);
    }
}

/// Makes Ctrl-C end what runs, as it would if all were in one group.
///
/// # Errors
/// The system has no such signal.
pub fn end_with_us() -> Result<(), String> {
    let end = || {
        lock(&GROUPS).iter().copied().for_each(system::kill_group);
        std::process::exit(130);
    };
    ctrlc::set_handler(end).map_err(|error| format!("Ctrl-C cannot be handled: {error}"))
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str, seconds: u64) -> (Option<bool>, String) {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        let ended = run(&mut command, Duration::from_secs(seconds)).expect("there is a shell");
        (ended.status.map(|status| status.success()), ended.output)
    }

    #[test]
    fn a_process_ends_when_it_ends_whoever_holds_its_output() {
        let told = (Some(true), "told\n".to_string());
        assert_eq!(shell("sleep 8 & echo told", 4), told);
        assert_eq!(shell("setsid sleep 8 & echo told", 4), told, "it is in no group of ours");
    }

    #[test]
    fn a_process_that_closes_its_output_is_killed_in_time_all_the_same() {
        assert_eq!(shell("exec >&- 2>&-; sleep 8", 1).0, None);
    }

    #[test]
    fn what_is_killed_has_told_what_it_told() {
        assert_eq!(shell("echo told; sleep 8", 1), (None, "told\n".to_string()));
        assert_eq!(shell("echo no >&2; echo told; exit 3", 9), (Some(false), "told\nno\n".into()));
    }
}

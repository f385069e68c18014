//! A process with a limit on its time.

use std::io::{self, Read};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// How a process ended.
pub struct Ended {
    /// None if it was killed.
    pub status: Option<ExitStatus>,
    /// What it printed, and then what it complained of.
    pub output: String,
}

/// Runs a process to its end, or kills it after `limit`.
pub fn run(command: &mut Command, limit: Duration) -> io::Result<Ended> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    let (sender, closed) = mpsc::channel();
    let read = |stream: Option<Box<dyn Read + Send>>| {
        let (sender, mut stream) = (sender.clone(), stream.expect("it is piped"));
        thread::spawn(move || {
            let mut bytes = Vec::new();
            // What can be read is shown; that the rest cannot be is no finding about the test.
            let _ = stream.read_to_end(&mut bytes);
            let _ = sender.send(());
            bytes
        })
    };
    let out = read(child.stdout.take().map(|stream| Box::new(stream) as _));
    let err = read(child.stderr.take().map(|stream| Box::new(stream) as _));
    let deadline = Instant::now() + limit;
    let left = || deadline.saturating_duration_since(Instant::now());
    let in_time = (0..2).all(|_| closed.recv_timeout(left()).is_ok());
    if !in_time {
        child.kill()?;
    }
    let status = child.wait()?;
    let bytes = [out, err].map(|reader| reader.join().unwrap_or_default()).concat();
    let output = String::from_utf8_lossy(&bytes).into_owned();
    Ok(Ended { status: in_time.then_some(status), output })
}

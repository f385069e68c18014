//! What of the system is asked for that not every one has: limits, groups of processes, signals, links. Where it is missing the command does
//! its work without: a worker has no limit of memory, and Ctrl-C is for all processes of a terminal.

pub use imp::{describe, kill_group, limit_memory, own_group, symlink};

#[cfg(unix)]
mod imp {
    use std::io;
    use std::os::unix::process::{CommandExt, ExitStatusExt};
    use std::path::Path;
    use std::process::{Command, ExitStatus};

    use nix::sys::resource::{Resource, setrlimit};
    use nix::sys::signal::{Signal, killpg};
    use nix::unistd::Pid;

    /// Lets this process map so many bytes and no more, and leave no core behind. A limit that the system refuses is no reason not to work.
    pub fn limit_memory(bytes: u64) {
        let _ = setrlimit(Resource::RLIMIT_AS, bytes, bytes);
        let _ = setrlimit(Resource::RLIMIT_CORE, 0, 0);
    }

    /// Puts a process to be into a group of its own, which the terminal's Ctrl-C does not reach.
    pub fn own_group(command: &mut Command) {
        command.process_group(0);
    }

    /// Kills every process of a group. One that has ended whole is no group any more, which is as well.
    pub fn kill_group(leader: u32) {
        let _ = killpg(Pid::from_raw(leader as i32), Signal::SIGKILL);
    }

    /// How a process that has died came to that: `of SIGABRT (it aborted)`.
    pub fn describe(status: ExitStatus) -> String {
        match status.signal().map(Signal::try_from) {
            Some(Ok(Signal::SIGABRT)) => "of SIGABRT (it aborted)".into(),
            Some(Ok(Signal::SIGKILL)) => {
                "of SIGKILL (it was killed, perhaps for want of memory)".into()
            }
            Some(Ok(Signal::SIGSEGV)) => "of SIGSEGV (a stack overflow or a wild access)".into(),
            Some(Ok(signal)) => format!("of {signal}"),
            Some(Err(_)) | None => format!("with {status}"),
        }
    }

    /// Makes `link` lead to `file`.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn symlink(file: &Path, link: &Path) -> io::Result<()> {
        std::os::unix::fs::symlink(file, link)
    }
}

#[cfg(not(unix))]
mod imp {
    use std::io;
    use std::path::Path;
    use std::process::{Command, ExitStatus};

    /// Nothing: there is no such limit.
    pub fn limit_memory(_bytes: u64) {}

    /// Nothing: there are no such groups.
    pub fn own_group(_command: &mut Command) {}

    /// Kills a process and what it has started, as Windows does it; elsewhere nothing.
    pub fn kill_group(leader: u32) {
        let _ = Command::new("taskkill").args(["/T", "/F", "/PID", &leader.to_string()]).output();
    }

    /// How a process that has died came to that: with its code.
    pub fn describe(status: ExitStatus) -> String {
        format!("with {status}")
    }

    /// Nothing.
    ///
    /// # Errors
    /// Always.
    pub fn symlink(_file: &Path, _link: &Path) -> io::Result<()> {
        Err(io::Error::new(io::ErrorKind::Unsupported, "it takes links, as Unix has them"))
    }
}

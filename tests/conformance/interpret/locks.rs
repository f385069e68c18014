//! `std`'s `Mutex` and `RwLock`. A lock that this thread holds is not waited for.

use super::rt::sync::{Mutex, MutexGuard, RwLock, RwLockReadGuard, RwLockWriteGuard};
use super::{Story, nth};
use crate::conformance::programs::{Locking, Sharing};

pub fn mutex((first, steps): &(i8, Vec<Locking>)) -> Story {
    let mut mutex = Mutex::new(*first);
    let mut held: Option<MutexGuard<i8>> = None;
    let mut story = Story::new();
    for step in steps {
        story.push(match *step {
            Locking::Lock if held.is_some() => "not now".into(),
            Locking::Lock => {
                held = Some(mutex.lock().expect("nobody panics"));
                "locked".into()
            }
            Locking::TryLock => match mutex.try_lock() {
                Ok(guard) => {
                    held = Some(guard);
                    "locked".into()
                }
                Err(error) => format!("{error:?}"),
            },
            Locking::TryLockFor => "there is no such operation".into(),
            Locking::Add(by) => match &mut held {
                Some(data) => {
                    **data = data.wrapping_add(by);
                    format!("changed to {}", **data)
                }
                None => "not now".into(),
            },
            Locking::Unlock => format!("held: {}", held.take().is_some()),
        });
    }
    drop(held);
    story.push(format!("get_mut {:?}", mutex.get_mut()));
    story.push(format!("at the end {:?}", mutex.into_inner()));
    story
}

pub fn rwlock((first, steps): &(i8, Vec<Sharing>)) -> Story {
    let lock = RwLock::new(*first);
    let mut holders = Holders { lock: &lock, readers: Vec::new(), writer: None };
    let mut story = Story::new();
    for step in steps {
        story.push(holders.step(*step).unwrap_or_else(|| "not now".into()));
    }
    drop(holders);
    story.push(format!("at the end {:?}", lock.into_inner()));
    story
}

struct Holders<'a> {
    lock: &'a RwLock<i8>,
    readers: Vec<RwLockReadGuard<'a, i8>>,
    writer: Option<RwLockWriteGuard<'a, i8>>,
}

impl Holders<'_> {
    /// One step; `None` if it would block or what it acts on is not there.
    fn step(&mut self, step: Sharing) -> Option<String> {
        let free = self.readers.is_empty() && self.writer.is_none();
        Some(match step {
            // One thread shares a lock once: `std` may panic at a second `read`, and the engines
            // tell readers apart by their threads.
            Sharing::Read if !free => return None,
            Sharing::TryRead if !self.readers.is_empty() => return None,
            Sharing::Read => {
                self.readers.push(self.lock.read().expect("nobody panics"));
                self.shared()
            }
            Sharing::TryRead => match self.lock.try_read() {
                Ok(guard) => {
                    self.readers.push(guard);
                    self.shared()
                }
                Err(error) => format!("{error:?}"),
            },
            Sharing::Write if !free => return None,
            Sharing::Write => {
                self.writer = Some(self.lock.write().expect("nobody panics"));
                "locked".into()
            }
            Sharing::TryWrite => match self.lock.try_write() {
                Ok(guard) => {
                    self.writer = Some(guard);
                    "locked".into()
                }
                Err(error) => format!("{error:?}"),
            },
            Sharing::Add(by) => {
                let data = self.writer.as_mut()?;
                **data = data.wrapping_add(by);
                format!("changed to {}", **data)
            }
            Sharing::DropReader(n) => {
                drop(self.readers.swap_remove(nth(&self.readers, n)?));
                "reader gone".into()
            }
            Sharing::DropWriter => {
                drop(self.writer.take()?);
                "writer gone".into()
            }
            step => unreachable!("`std` has no {step:?}"),
        })
    }

    fn shared(&self) -> String {
        let values: Vec<i8> = self.readers.iter().map(|data| **data).collect();
        format!("shared, reads {values:?}")
    }
}

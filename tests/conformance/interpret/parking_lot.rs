//! `parking_lot`'s `Mutex`, and its `RwLock` with upgradable reads.

use super::rt::parking_lot::{
    Mutex, MutexGuard, RwLock, RwLockReadGuard, RwLockUpgradableReadGuard, RwLockWriteGuard,
};
use super::{Story, nth};
use crate::conformance::A_MOMENT;
use crate::conformance::programs::{Locking, Sharing};

pub fn mutex((first, steps): &(i8, Vec<Locking>)) -> Story {
    let mutex = Mutex::new(*first);
    let mut held: Option<MutexGuard<i8>> = None;
    let mut has_timed_out = false;
    let mut story = Story::new();
    for step in steps {
        story.push(match *step {
            Locking::Lock if held.is_some() => "not now".into(),
            Locking::Lock => {
                held = Some(mutex.lock());
                "locked".into()
            }
            Locking::TryLock => match mutex.try_lock() {
                Some(guard) => {
                    held = Some(guard);
                    "locked".into()
                }
                None => "refused".into(),
            },
            Locking::TryLockFor if held.is_some() && has_timed_out => "not now".into(),
            Locking::TryLockFor => match mutex.try_lock_for(A_MOMENT) {
                Some(guard) => {
                    held = Some(guard);
                    "locked".into()
                }
                None => {
                    has_timed_out = true;
                    "gave up".into()
                }
            },
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
    story.push(format!("at the end {}", mutex.into_inner()));
    story
}

pub fn rwlock((first, steps): &(i8, Vec<Sharing>)) -> Story {
    let lock = RwLock::new(*first);
    let mut holders = Holders { lock: &lock, readers: Vec::new(), upgradable: None, writer: None };
    let mut story = Story::new();
    for step in steps {
        story.push(holders.step(*step).unwrap_or_else(|| "not now".into()));
    }
    drop(holders);
    story.push(format!("at the end {}", lock.into_inner()));
    story
}

struct Holders<'a> {
    lock: &'a RwLock<i8>,
    readers: Vec<RwLockReadGuard<'a, i8>>,
    upgradable: Option<RwLockUpgradableReadGuard<'a, i8>>,
    writer: Option<RwLockWriteGuard<'a, i8>>,
}

impl Holders<'_> {
    /// One step; `None` if it would block or what it acts on is not there.
    fn step(&mut self, step: Sharing) -> Option<String> {
        match step {
            Sharing::Add(by) => {
                let data = self.writer.as_mut()?;
                **data = data.wrapping_add(by);
            }
            Sharing::DropReader(n) => drop(self.readers.swap_remove(nth(&self.readers, n)?)),
            Sharing::DropWriter => drop(self.writer.take()?),
            Sharing::DropUpgradable => drop(self.upgradable.take()?),
            Sharing::Upgrade if !self.readers.is_empty() => return None,
            Sharing::Upgrade => {
                let upgradable = self.upgradable.take()?;
                self.writer = Some(RwLockUpgradableReadGuard::upgrade(upgradable));
            }
            Sharing::Downgrade => {
                let writer = self.writer.take()?;
                self.readers.push(RwLockWriteGuard::downgrade(writer));
            }
            step => return self.acquire(step),
        }
        Some(self.seen())
    }

    fn acquire(&mut self, step: Sharing) -> Option<String> {
        let shared = self.writer.is_none();
        let single = shared && self.upgradable.is_none();
        let alone = single && self.readers.is_empty();
        match step {
            Sharing::Read if shared => self.readers.push(self.lock.read()),
            Sharing::Upgradable if single => self.upgradable = Some(self.lock.upgradable_read()),
            Sharing::Write if alone => self.writer = Some(self.lock.write()),
            Sharing::TryRead => match self.lock.try_read() {
                Some(guard) => self.readers.push(guard),
                None => return Some("refused".into()),
            },
            Sharing::TryWrite => match self.lock.try_write() {
                Some(guard) => self.writer = Some(guard),
                None => return Some("refused".into()),
            },
            _ => return None,
        }
        Some(self.seen())
    }

    /// What every holder reads.
    fn seen(&self) -> String {
        let readers: Vec<i8> = self.readers.iter().map(|data| **data).collect();
        let upgradable = self.upgradable.as_ref().map(|data| **data);
        let writer = self.writer.as_ref().map(|data| **data);
        format!("readers {readers:?}, upgradable {upgradable:?}, writer {writer:?}")
    }
}

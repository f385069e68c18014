//! A list that was taken out under a lock is not one's own: its items may still be taken out of it by others.
//!
//! Shape: an object has a list of those who want to hear of its end, behind a lock. The end takes the
//! whole list out, unlocks, and goes through it. Whoever does not want to hear any more takes its item
//! out under the lock, wherever it stands: an item in the middle of a list is taken out by changing its
//! neighbours' links. Both change the same links then, one without the lock. As fixed, the end takes one
//! item after the other, each under the lock.
//!
//! Source: CVE-2025-68260 (Linux, the binder driver in Rust, `Node::release`; the first CVE of Rust code there).
//! Does not show: memory that is freed; who is told.

use super::rt::cell::UnsafeCell;
use super::rt::sync::Mutex;
use super::rt::thread;

cases! {
    /// As published: the list is walked without the lock.
    taken_out_whole: fails(DataRace) => end_beside_withdrawal(true);
    /// As fixed: it is emptied item by item.
    one_by_one: holds() => end_beside_withdrawal(false);
}

#[derive(Clone, Copy, PartialEq)]
struct Links {
    before: Option<usize>,
    next: Option<usize>,
    is_listed: bool,
}

/// The first item, and the links of both.
struct List {
    first: Mutex<Option<usize>>,
    links: [UnsafeCell<Links>; 2],
}

impl List {
    fn links(&self, item: usize) -> Links {
        // SAFETY: links are changed under the lock only, or by who walks the list; it is that walk that breaks
        // it, if it does not hold the lock.
        self.links[item].with(|links| unsafe { *links })
    }

    fn change(&self, item: usize, change: impl Fn(&mut Links)) {
        // SAFETY: this thread holds the lock, or has the list for itself, if nobody could take an item out of it.
        self.links[item].with_mut(|links| change(unsafe { &mut *links }));
    }

    fn take_out(&self, item: usize, first: &mut Option<usize>) {
        let Links { before, next, .. } = self.links(item);
        match before {
            Some(before) => self.change(before, |links| links.next = next),
            None => *first = next,
        }
        if let Some(next) = next {
            self.change(next, |links| links.before = before);
        }
        self.change(item, |links| links.is_listed = false);
    }
}

fn end_beside_withdrawal(whole: bool) {
    let links = |before, next| UnsafeCell::new(Links { before, next, is_listed: true });
    let list =
        List { first: Mutex::new(Some(0)), links: [links(None, Some(1)), links(Some(0), None)] };
    thread::scope(|s| {
        s.spawn(|| {
            let mut mine = if whole { list.first.lock().unwrap().take() } else { None };
            while let Some(item) = mine {
                list.take_out(item, &mut mine);
            }
            loop {
                let mut first = list.first.lock().unwrap();
                let Some(item) = *first else { break };
                list.take_out(item, &mut first);
            }
        });
        s.spawn(|| {
            let mut first = list.first.lock().unwrap();
            if list.links(1).is_listed {
                list.take_out(1, &mut first);
            }
        });
    });
}

//! A panic poisons a mutex and an early return does not: who returns in the middle leaves no mark.
//!
//! Shape: a transfer takes from one account and gives to another, under the lock that guards both;
//! the second account has no room for the amount. A transfer that finds this out half-way, and
//! returns, gives up the lock with the money in neither account. The auditor's `lock().unwrap()`
//! finds nothing wrong with the lock, and the sum wrong. Asking for room first leaves nothing to undo.
//!
//! Source: Rust std, `std::sync::Mutex`, section Poisoning (a panic poisons); the Rustonomicon,
//! section Poisoning.
//! Does not show: a panic; there the mark is advice, which `into_inner` passes over.

use super::rt::sync::Mutex;
use super::rt::thread;

/// Two accounts; an account has room for 255.
type Accounts = [u8; 2];

cases! {
    /// Room is asked for before anything changes.
    room_first: holds() => audit(|accounts| {
        let to = accounts[1].checked_add(100)?;
        let from = accounts[0].checked_sub(100)?;
        *accounts = [from, to];
        Some(())
    });
    /// The first account has paid when the second has no room, and nobody gives it back.
    returned_half_way: fails(Assertion) => audit(|accounts| {
        accounts[0] = accounts[0].checked_sub(100)?;
        accounts[1] = accounts[1].checked_add(100)?;
        Some(())
    });
}

fn audit(transfer: impl Fn(&mut Accounts) -> Option<()> + Sync) {
    let accounts = Mutex::new([100, 200]);
    thread::scope(|s| {
        s.spawn(|| assert!(transfer(&mut accounts.lock().unwrap()).is_none(), "there is no room"));
        s.spawn(|| {
            let [from, to] = *accounts.lock().unwrap();
            assert_eq!(u32::from(from) + u32::from(to), 300, "money is lost");
        });
    });
}

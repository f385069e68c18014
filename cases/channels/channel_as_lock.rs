//! A channel with room for one is a lock for who receives its token; to lock it by sending is promised nothing.
//!
//! Shape: two threads change plain data, each between its two uses of a channel with room for one message.
//! If the channel holds a token, to receive it is to lock and to send it back is to unlock: the token's way
//! is a message's way. Go's idiom is the other way round: to send is to lock, for it fills the room, and to
//! receive is to unlock. There the next send has to be after that receive, which Go promises and no Rust channel does.
//!
//! Source: The Go Memory Model, 2022, section Channel communication (the k-th receive and the (k+C)-th
//! send; a channel as a semaphore); crossbeam::channel, documentation.
//! Does not show: the channels of crossbeam and `std` as they are written, which do order the two.

use super::rt::cell::UnsafeCell;
use super::rt::crossbeam::channel::bounded;
use super::rt::thread;

cases! {
    /// The token is received to lock, and sent to unlock.
    receive_to_lock: holds() => count(1, |(send, receive)| {
        receive();
        Some(send)
    });
    /// Go's idiom: the room is filled to lock. That one has to wait for the other's receive is no order.
    send_to_lock: fails(DataRace).misses(Loom, LocksOrderAll) => count(0, |(send, receive)| {
        send();
        Some(receive)
    });
    /// Two tokens let two threads in.
    two_tokens: fails(DataRace) => count(2, |(send, receive)| {
        receive();
        Some(send)
    });
    /// Who does not put the token back locks the next one out.
    token_kept: fails(Deadlock) => count(1, |(_, receive)| {
        receive();
        None
    });
}

type Use<'a> = &'a dyn Fn();

fn count(tokens: usize, lock: for<'a> fn((Use<'a>, Use<'a>)) -> Option<Use<'a>>) {
    let (sender, receiver) = bounded(tokens.max(1));
    (0..tokens).for_each(|_| sender.send(()).unwrap());
    let count = UnsafeCell::new(0);
    thread::scope(|s| {
        for _ in 0..2 {
            s.spawn(|| {
                let (send, receive) = (|| sender.send(()).unwrap(), || receiver.recv().unwrap());
                let unlock = lock((&send, &receive));
                // SAFETY: between lock and unlock nobody else is here, and who was here before sent the
                // token afterwards, which was received; without that edge, or with two tokens, it races.
                count.with_mut(|c| unsafe { *c += 1 });
                unlock.into_iter().for_each(|unlock| unlock());
            });
        }
    });
    assert_eq!(count.into_inner(), 2);
}

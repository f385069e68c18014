//! `Parker`: a token like the one of `park` and `unpark`, and none of a thread: for an executor, whose wake-ups are its own.

use std::panic::Location;

use super::word;
use crate::current::perform_if_inside;
use crate::label::{Op, Order};
use crate::ops::{self, At, Loc};
use crate::thread::{park_step, unpark_step};

/// A token that anybody leaves and one thread waits for. What it does is shown where it was made.
#[derive(Debug)]
pub struct Parker {
    token: Loc,
    at: At,
}

impl Parker {
    /// No token is there.
    #[track_caller]
    pub fn new() -> Self {
        let at = Location::caller();
        Parker { token: ops::create(0, Op::New, at), at }
    }

    /// Blocks until the token is there, and takes it. As [`park`](crate::thread::park), it may wake unasked.
    pub fn park(&self) {
        ops::update(&word(self.token, self, Op::Park, Order::Acquire, self.at), park_step, 0, 1);
    }

    /// Leaves the token. Whoever takes it comes after all who have left it.
    pub fn unpark(&self) {
        let access = word(self.token, self, Op::Unpark, Order::Release, self.at);
        perform_if_inside(|exec| exec.update(&access, unpark_step, 0, 0));
    }
}

impl Default for Parker {
    #[track_caller]
    fn default() -> Self {
        Parker::new()
    }
}

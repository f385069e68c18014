//! Fixed: the receiver is shared behind a lock.

use std::sync::{
    Arc, Mutex,
    mpsc::{self, Receiver},
};

#[derive(Clone)]
struct Jobs(Arc<Mutex<Receiver<u32>>>);

fn main() {
    let (tx, rx) = mpsc::channel();
    let jobs = Jobs(Arc::new(Mutex::new(rx)));
    let other = jobs.clone();
    drop((tx, jobs, other));
}

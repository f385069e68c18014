//! A key with an atomic inside can change its hash while it is in the map, from another thread even.
//!
//! Lint: clippy::mutable_key_type
//! Source: clippy lint list, `mutable_key_type`.

#![deny(clippy::mutable_key_type)]

use std::collections::HashSet;
use std::sync::atomic::AtomicU32;

struct Id(AtomicU32);

impl PartialEq for Id {
    fn eq(&self, other: &Id) -> bool {
        self.0.as_ptr() == other.0.as_ptr()
    }
}
impl Eq for Id {}
impl std::hash::Hash for Id {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.as_ptr().hash(state);
    }
}

fn main() {
    let ids: HashSet<Id> = HashSet::new();
    println!("{}", ids.len());
}

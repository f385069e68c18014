//! Fixed: the key is a plain number.

#![deny(clippy::mutable_key_type)]

use std::collections::HashSet;

#[derive(PartialEq, Eq, Hash)]
struct Id(u32);

fn main() {
    let ids: HashSet<Id> = HashSet::new();
    println!("{}", ids.len());
}

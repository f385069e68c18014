//! Fixed: the field is `Send`, so the struct is, with no promise of ours.

#![deny(clippy::non_send_fields_in_send_ty)]

use std::sync::Arc;

struct Job {
    name: Arc<str>,
}

fn main() {
    println!("{}", Job { name: "a".into() }.name);
}

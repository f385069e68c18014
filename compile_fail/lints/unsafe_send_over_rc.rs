//! An `unsafe impl Send` over a field that is not `Send` deserves a second look: here it is plainly false.
//!
//! Lint: clippy::non_send_fields_in_send_ty
//! Source: clippy lint list, `non_send_fields_in_send_ty`.

#![deny(clippy::non_send_fields_in_send_ty)]

use std::rc::Rc;

struct Job {
    name: Rc<str>,
}

// SAFETY: claimed without a reason.
unsafe impl Send for Job {}

fn main() {
    println!("{}", Job { name: "a".into() }.name);
}

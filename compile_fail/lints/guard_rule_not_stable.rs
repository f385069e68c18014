//! `#[must_not_suspend]`, which would refuse any marked guard across an `await`, is not in stable Rust.
//!
//! Lint: unknown_lints
//! Source: rust issue 83310 (tracking issue of `must_not_suspend`).

#![deny(unknown_lints)]
#![deny(must_not_suspend)]

fn main() {}

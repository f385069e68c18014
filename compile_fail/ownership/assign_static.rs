//! A plain static is shared by all threads and so cannot be assigned.
//!
//! Error: E0594
//! Source: Rust Reference, "Static items".

static VERBOSE: bool = false;

fn main() {
    VERBOSE = true;
}

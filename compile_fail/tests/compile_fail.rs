//! What breaks the rules of `Send`, `Sync`, ownership and lifetimes does not compile, and its twin does.
//!
//! `TRYBUILD=overwrite cargo test --test compile_fail` records the compiler's words for a new case; read them
//! before you keep them. `cargo test --test compile_fail -- compile_fail trybuild=NAME` runs the violations of
//! that name alone.

mod catalogue;
#[path = "catalogue/run.rs"]
mod run;

#[test]
fn compile_fail() {
    run::check("compile_fail", &["send", "sync", "ownership", "lifetimes"]);
}

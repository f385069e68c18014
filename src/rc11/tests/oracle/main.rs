//! The `rc11` engine against an oracle of the memory model that tries everything.

mod agreement;
mod alike;
mod axioms;
mod classics;
mod exposure;
mod finalizers;
mod letter;
mod oracle;
mod parts;
mod preemptions;
mod random_programs;
mod under_engine;

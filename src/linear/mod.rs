//! Linearizability under weak memory: is an object what its interface says, for every small client?
//!
//! An object is compared with a sequential specification ([`Spec`]): a state and what each operation does to it; [`specs`] has those of
//! queues, stacks, numbers, maps and permits. A *client* is a few threads that each call a few operations; it may have a *hand-off*, by which
//! one thread waits for another one. All clients up to a size ([`Clients`]) run in every execution that the memory model allows, and of each execution
//! it is asked whether some order of its operations explains all results ([`linearize`]).
//!
//! ```
//! use casebook_linear::specs::{Hold, Lifo};
//! use casebook_linear::{Check, Clients, Object, Role, Size, Verdict};
//! use rc11::sync::Mutex;
//!
//! struct Stack(Mutex<Vec<u8>>);
//!
//! impl Object for Stack {
//!     type Spec = Lifo;
//!     fn new() -> Self {
//!         Stack(Mutex::new(Vec::new()))
//!     }
//!     fn call(&self, operation: &Hold) -> Option<u8> {
//!         let mut values = self.0.lock().unwrap();
//!         match *operation {
//!             Hold::Put(value) => values.push(value),
//!             _ => return values.pop(),
//!         }
//!         None
//!     }
//! }
//!
//! let roles = [Role::any([Hold::Put(0), Hold::Take])];
//! let clients = Clients::new(roles, Size::new(2, 2)).numbered(Hold::number);
//! let checked = Check::new(clients).run::<Stack>();
//! assert!(matches!(checked.verdict, Verdict::Proved));
//! ```
//!
//! [`Check`] goes through them one by one and returns what it found. [`model`] is one client of them inside any model of rc11's, or of loom's
//! that `cargo casebook` runs, and the checker chooses which. With the feature `random`, `Check::sample` draws clients of sizes of which all are too many.
//!
//! # What it means under weak memory
//!
//! There is no global clock. An operation comes before another if its return happens before the other's call; an order of all operations
//! that explains the results has to agree with that, and with nothing else. On sequentially consistent memory with real time in the place
//! of happens-before, and for operations that all return, this is the definition of Herlihy and Wing, *Linearizability: A Correctness
//! Condition for Concurrent Objects*, TOPLAS 12(3), 1990; a [`World`] whose executions are interleavings takes that. Here an operation that waits
//! for good has to be one that the specification lets wait in the last state. Batty, Dodds and Gotsman, *Library Abstraction for C/C++ Concurrency*,
//! POPL 2013, generalise it to C11: a client may see what a library synchronises as well as what it returns. So a specification may say
//! which operation hands over to which ([`Spec::hands_over`]): then the one has to happen before the other's return. An object that hands values
//! over and does not synchronise is a trap. A specification may also ask for less: [`Agreement`].
//!
//! # What it does not say
//!
//! Nothing is said of larger clients, of clients that choose their operations by what they found, or that have more than one hand-off. Progress
//! is not asked for, nor what an object orders that no specification names. RELINCHE (Golovin, Kokologiannakis, Vafeiadis, *RELINCHE: Automatically
//! Checking Linearizability under Relaxed Memory Consistency*, POPL 2025) establishes refinement: whatever a client sees of the library, it may see
//! of an atomic one, all of its synchronisation included, for every client with so many operations, however it orders them. That is more than is
//! asked here of one client, and it takes a specification that is a program of the same memory model; here it is sequential.

#![warn(missing_docs)]

#[cfg(feature = "rc11")]
mod check;
mod client;
mod explain;
mod history;
mod order;
#[cfg(feature = "random")]
mod random;
mod run;
mod spec;
pub mod specs;
mod world;

#[cfg(feature = "rc11")]
pub use check::{Broken, Check, Checked, Verdict};
pub use client::{Client, Clients, HandOff, Role, Size};
pub use explain::{UNEXPLAINED, UNPUBLISHED, Why, explain};
pub use history::{Called, History};
pub use order::{Unexplained, linearize};
#[cfg(feature = "rc11")]
pub use run::model;
pub use run::{Ran, linearizable};
pub use spec::{Agreement, Object, OperationOf, ResultOf, Spec};
pub use world::{Flag, Moment, World};
#[cfg(feature = "rc11")]
pub use world::{Gate, Rc11};

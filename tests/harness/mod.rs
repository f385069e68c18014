//! Cases that misbehave, to see that the harness does not; and what two models make of one.

use super::rt;

pub mod hostile;
pub mod letter;
pub mod wrong;

//! Cases that misbehave, to see that the harness does not.

use super::rt;

pub mod hostile;
pub mod wrong;

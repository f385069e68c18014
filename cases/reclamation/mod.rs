//! Reclamation: freeing memory that others may still read.

#[expect(unused_imports, reason = "no case yet")]
use super::rt;

//! Published bugs, each as a minimal model of the flawed protocol and its fix.

#[expect(unused_imports, reason = "no case yet")]
use super::rt;

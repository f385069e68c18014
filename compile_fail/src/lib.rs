//! The compile-fail corpus is the folders beside this one; the library only gives their tests a package.

//! Fixed: the permit lives to the end of the block.

#![deny(let_underscore_drop)]

struct Permit;

impl Drop for Permit {
    fn drop(&mut self) {
        println!("released");
    }
}

fn main() {
    let _permit = Permit;
    println!("working under it");
}

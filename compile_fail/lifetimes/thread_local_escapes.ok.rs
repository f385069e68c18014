//! Fixed: the value itself is taken out, not a reference to it.

use std::cell::RefCell;

thread_local!(static NAME: RefCell<String> = RefCell::default());

fn main() {
    let name = NAME.with(|name| name.take());
    println!("{name}");
}

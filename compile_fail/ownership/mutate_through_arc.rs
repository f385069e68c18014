//! A method that needs `&mut` cannot be called through an `Arc`: other holders would see the value change under them.
//!
//! Error: E0596
//! Source: std docs, `Arc::make_mut`.

use std::sync::Arc;

fn main() {
    let routes = Arc::new(vec!["/"]);
    let reader = Arc::clone(&routes);
    routes.push("/new");
    println!("{} {}", routes.len(), reader.len());
}

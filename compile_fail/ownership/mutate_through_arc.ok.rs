//! Fixed: `make_mut` copies what others still hold, so the reader keeps its snapshot.

use std::sync::Arc;

fn main() {
    let mut routes = Arc::new(vec!["/"]);
    let reader = Arc::clone(&routes);
    Arc::make_mut(&mut routes).push("/new");
    println!("{} {}", routes.len(), reader.len());
}

//! Fixed: the object names both: `Sync` because an `Arc` shares it, `Send` because any clone may drop it.

use std::sync::Arc;

type Handler = Arc<dyn Fn() + Send + Sync>;

fn main() {
    let handler: Handler = Arc::new(|| println!("event"));
    spawn(move || handler());
}

fn spawn<F: FnOnce() + Send + 'static>(job: F) {
    std::thread::spawn(job).join().expect("the job returns");
}

//! A thread pool keeps its jobs in a queue, so a job may not borrow from the caller.
//!
//! Error: E0597
//! Source: The Book, ch. 21.2 (`F: FnOnce() + Send + 'static`).

struct Pool(Vec<Box<dyn FnOnce() + Send>>);

impl Pool {
    fn execute<F: FnOnce() + Send + 'static>(&mut self, job: F) {
        self.0.push(Box::new(job));
    }
}

fn main() {
    let mut pool = Pool(Vec::new());
    let numbers = vec![1, 2, 3];
    let view = &numbers;
    pool.execute(move || println!("{view:?}"));
}

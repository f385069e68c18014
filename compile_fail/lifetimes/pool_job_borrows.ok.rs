//! Fixed: the job owns what it reads.

struct Pool(Vec<Box<dyn FnOnce() + Send>>);

impl Pool {
    fn execute<F: FnOnce() + Send + 'static>(&mut self, job: F) {
        self.0.push(Box::new(job));
    }
}

fn main() {
    let mut pool = Pool(Vec::new());
    let numbers = vec![1, 2, 3];
    let view = numbers;
    pool.execute(move || println!("{view:?}"));
}

//! Fixed: the iteration is over before the vector grows.

fn main() {
    let mut jobs = vec![1, 2, 3];
    let more = jobs.iter().filter(|job| **job == 2).count();
    jobs.extend(vec![20; more]);
    println!("{jobs:?}");
}

//! Fixed: the join happens inside and only the result leaves.

fn main() {
    let seven = std::thread::scope(|s| s.spawn(|| 7).join());
    println!("{}", seven.unwrap());
}

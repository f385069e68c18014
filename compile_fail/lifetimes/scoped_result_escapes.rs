//! What a scoped thread borrowed cannot be carried out of the value's own block.
//!
//! Error: E0597
//! Source: std docs, `thread::scope` (`ScopedJoinHandle<'scope, T>`).

fn main() {
    let longest = {
        let words = ["lock", "channel"];
        std::thread::scope(|s| s.spawn(|| &words[1]).join().unwrap())
    };
    println!("{longest}");
}

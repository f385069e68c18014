//! Fixed: the words live as long as the reference to one of them.

fn main() {
    let words = ["lock", "channel"];
    let longest = std::thread::scope(|s| s.spawn(|| &words[1]).join().unwrap());
    println!("{longest}");
}

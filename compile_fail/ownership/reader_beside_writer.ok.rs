//! Fixed: the reading waits until the scope has given the borrow back.

fn main() {
    let mut log = vec![1];
    std::thread::scope(|s| {
        let writer = s.spawn(|| log.push(2));
        writer.join().unwrap();
    });
    println!("{}", log.len());
}

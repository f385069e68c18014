//! Hole: `drop(entry)` unlocks the shard and the reference lives on; that is the bug.

struct Ref<'map, V> {
    value: &'map V,
}

impl<'map, V> Ref<'map, V> {
    fn value(&self) -> &'map V {
        self.value
    }
}

fn main() {
    let entry = Ref { value: &7 };
    let seven = entry.value();
    drop(entry);
    println!("{seven}");
}

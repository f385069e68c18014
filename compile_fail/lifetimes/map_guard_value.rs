//! An accessor on a guard must tie what it returns to the guard, not to the map: else the value outlives the shard lock.
//!
//! Error: E0505
//! Source: RUSTSEC-2022-0002 (dashmap 5.0, `Ref::value`).

struct Ref<'map, V> {
    value: &'map V,
}

impl<'map, V> Ref<'map, V> {
    fn value(&self) -> &V {
        self.value
    }
}

fn main() {
    let entry = Ref { value: &7 };
    let seven = entry.value();
    drop(entry);
    println!("{seven}");
}

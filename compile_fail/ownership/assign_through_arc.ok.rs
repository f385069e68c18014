//! Fixed: `get_mut` checks at run time that there is no other holder.

use std::sync::Arc;

struct Settings {
    level: u32,
}

fn main() {
    let mut settings = Arc::new(Settings { level: 1 });
    Arc::get_mut(&mut settings).expect("not shared yet").level = 2;
    println!("{}", settings.level);
}

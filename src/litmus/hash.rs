//! herd's hash of a test: the same for files that differ only in names, comments before the threads and the condition's form.
//!
//! It is an MD5 of three MD5s: of the initial state, of the threads as they are written, and of what is observed. The
//! form was read off herd7's published expected outputs and its `CTestHash`; MD5 is RFC 1321.

use super::ast::Observable;
use super::initial::{Binding, Initial, Target};
use super::types::Type;

/// What is hashed of a test.
#[derive(Default)]
pub(super) struct Digested {
    initial_state: String,
    threads: Vec<String>,
}

impl Digested {
    pub fn initial_state(&mut self, mut bindings: Vec<Binding>) {
        bindings.sort_by_key(|binding| binding.target);
        bindings.dedup_by_key(|binding| binding.target);
        let entries = bindings.iter().map(|Binding { declared, target, value, .. }| {
            let declared = declared.as_deref().unwrap_or("");
            let target = match target {
                Target::Register(thread, name) => format!("{thread}:{name}"),
                Target::Location(name) => (*name).to_owned(),
            };
            match value {
                Initial::Number(number) => format!("{declared}{target}={number}"),
                Initial::AddressOf(name) => format!("{declared}{target}={name}"),
            }
        });
        self.initial_state = entries.collect::<Vec<_>>().join("; ");
    }

    pub fn thread(&mut self, number: usize, parameters: &[(Type, &str)], body: &str) {
        let parameters: Vec<String> =
            parameters.iter().map(|(to, name)| format!("{to}* {name}")).collect();
        self.threads.push(format!(" P{number}({}) {{\n{body}\n}}\n ", parameters.join(", ")));
    }

    /// The hash of the test that shows these.
    pub fn hash(&self, shown: &[Observable]) -> String {
        let names = shown.iter().map(|observable| observable.to_string().replace(['[', ']'], ""));
        let observed = names.collect::<Vec<_>>().join("; ");
        let threads = format!("{};\n", self.threads.join("|"));
        let parts = [&self.initial_state, &threads, &observed].map(|part| md5(part.as_bytes()));
        md5(&parts.concat()).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

fn md5(message: &[u8]) -> [u8; 16] {
    let mut padded = message.to_vec();
    padded.push(0x80);
    padded.resize(padded.len().next_multiple_of(64), 0);
    if padded.len() - message.len() < 9 {
        padded.resize(padded.len() + 64, 0);
    }
    let length_at = padded.len() - 8;
    padded[length_at..].copy_from_slice(&(message.len() as u64 * 8).to_le_bytes());

    let mut state = [0x6745_2301_u32, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];
    for block in padded.chunks_exact(64) {
        let words: Vec<u32> = block
            .chunks_exact(4)
            .map(|bytes| u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
            .collect();
        let [mut a, mut b, mut c, mut d] = state;
        for step in 0..64 {
            let (mixed, word) = match step / 16 {
                0 => (b & c | !b & d, step),
                1 => (d & b | !d & c, 5 * step + 1),
                2 => (b ^ c ^ d, 3 * step + 5),
                _ => (c ^ (b | !d), 7 * step),
            };
            let constant = (((step + 1) as f64).sin().abs() * 2_f64.powi(32)) as u32;
            let shift = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]]
                [step / 16][step % 4];
            let sum = a.wrapping_add(mixed).wrapping_add(constant).wrapping_add(words[word % 16]);
            (a, d, c, b) = (d, c, b, b.wrapping_add(sum.rotate_left(shift)));
        }
        for (total, part) in state.iter_mut().zip([a, b, c, d]) {
            *total = total.wrapping_add(part);
        }
    }
    let mut digest = [0; 16];
    for (bytes, word) in digest.chunks_exact_mut(4).zip(state) {
        bytes.copy_from_slice(&word.to_le_bytes());
    }
    digest
}

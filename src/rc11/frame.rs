//! The memory of a waiting loop: what is on the thread's stack above a spin hint, and in the registers that a call keeps.
//!
//! A loop whose memory is the same at two hints, with the same values read in between, does the same for ever: a count of its rounds would show
//! here. What a program keeps elsewhere, on the heap or in a static, does not show.

#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
use std::arch::asm;

/// The registers that a function must give back unchanged: a loop may keep its variables in them across a call.
#[cfg(target_arch = "x86_64")]
const KEPT: usize = 6;
#[cfg(target_arch = "aarch64")]
const KEPT: usize = 19;
/// Elsewhere they are not known.
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
const KEPT: usize = 0;

/// Where the caller of a spin hint stands.
pub(super) struct Frame {
    kept: [u64; KEPT],
    /// An address below the caller's part of the stack, in the hint's own.
    below: usize,
}

impl Frame {
    /// The frame of the function that this is inlined into.
    #[inline(always)]
    pub fn here() -> Frame {
        let mut kept = [0; KEPT];
        let to = &raw mut kept;
        // SAFETY: it writes the registers' values into the array, and nothing else.
        #[cfg(target_arch = "x86_64")]
        unsafe {
            asm!(
                "mov [{to}], rbx",
                "mov [{to} + 8], rbp",
                "mov [{to} + 16], r12",
                "mov [{to} + 24], r13",
                "mov [{to} + 32], r14",
                "mov [{to} + 40], r15",
                to = in(reg) to,
                options(nostack, preserves_flags)
            );
        }
        // SAFETY: as above.
        #[cfg(target_arch = "aarch64")]
        unsafe {
            asm!(
                "stp x19, x20, [{to}]",
                "stp x21, x22, [{to}, 16]",
                "stp x23, x24, [{to}, 32]",
                "stp x25, x26, [{to}, 48]",
                "stp x27, x28, [{to}, 64]",
                "str x29, [{to}, 80]",
                "stp d8, d9, [{to}, 88]",
                "stp d10, d11, [{to}, 104]",
                "stp d12, d13, [{to}, 120]",
                "stp d14, d15, [{to}, 136]",
                to = in(reg) to,
                options(nostack, preserves_flags)
            );
        }
        Frame { kept, below: to.addr() + size_of_val(&kept) }
    }

    /// A copy of what the loop can remember: the registers, and the stack up to its base.
    pub fn memory(&self, base: usize) -> Vec<u64> {
        let words = base.saturating_sub(self.below) / 8;
        let mut memory = vec![0; KEPT + words];
        memory[..KEPT].copy_from_slice(&self.kept);
        let mut to = memory[KEPT..].as_mut_ptr();
        let (mut from, mut left) = (self.below, words);
        // SAFETY: the words lie on the running fiber's stack, between a live frame and the base, so they are mapped; other code's variables
        // are copied as bytes, by instructions that Rust knows nothing of, and never written. The vector has the room.
        #[cfg(target_arch = "x86_64")]
        unsafe {
            asm!(
                "rep movsq",
                inout("rcx") left,
                inout("rsi") from,
                inout("rdi") to,
                options(nostack, preserves_flags)
            );
        }
        // SAFETY: as above.
        #[cfg(target_arch = "aarch64")]
        unsafe {
            asm!(
                "cbz {left}, 3f",
                "2:",
                "ldr {word}, [{from}], 8",
                "str {word}, [{to}], 8",
                "subs {left}, {left}, 1",
                "b.ne 2b",
                "3:",
                word = out(reg) _,
                left = inout(reg) left,
                from = inout(reg) from,
                to = inout(reg) to,
                options(nostack)
            );
        }
        // Where the registers are not known, no two memories are alike: no loop is taken to be endless.
        #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
        {
            static DIFFERENT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
            memory.push(DIFFERENT.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
        }
        _ = (from, left, &mut to);
        memory
    }
}

//! The memory of a waiting loop: what is on the thread's stack above a spin hint, and in the registers that a call keeps.
//!
//! A loop whose memory is the same at two hints, with the same values read in between, does the same for ever: a count of its rounds would show
//! here. What a program keeps elsewhere, on the heap or in a static, does not show.

#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
use std::arch::asm;
#[cfg(all(target_arch = "x86_64", unix))]
use std::arch::naked_asm;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, Location, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicU64, Ordering};

use super::current;
use super::fiber::Job;
use super::hash::mix;
use super::ops::At;

/// The registers that a function must give back unchanged: a loop may keep its variables in them across a call.
#[cfg(target_arch = "x86_64")]
const KEPT: usize = 6;
#[cfg(target_arch = "aarch64")]
const KEPT: usize = 19;
/// Elsewhere they are not known.
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
const KEPT: usize = 0;

/// Whose memory is looked at.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Watch {
    Nobody,
    /// Every thread's.
    All,
    /// That of the thread that rehearses.
    Rehearsal,
}

thread_local! {
    static WATCH: Cell<Watch> = const { Cell::new(Watch::Nobody) };
}

/// Says whose memory is looked at from now on. Whose it was.
pub(super) fn watch(whose: Watch) -> Watch {
    WATCH.replace(whose)
}

/// The first thing that an operation does: a part of the program itself. Where the program's memory is looked at, it is taken as it is there.
#[inline(always)]
pub fn arrive() {
    extern "C" fn take(_: At, frame: &Frame) -> bool {
        current::with(|exec| exec.look_at(frame)).is_some()
    }
    if is_watched() {
        with_frame(Location::caller(), take);
    }
}

/// The last thing that an operation does that the rounds of a loop may consist of: a part of the program itself, and so is all
/// that lies between. In a rehearsal it litters the stack where the engine has used it, for what is there is not the program's.
#[inline(always)]
pub fn settle() {
    if is_rehearsal() {
        stir();
    }
}

#[inline(never)]
fn is_watched() -> bool {
    WATCH.get() != Watch::Nobody
}

#[inline(never)]
fn is_rehearsal() -> bool {
    WATCH.get() == Watch::Rehearsal
}

/// Fills the part of the stack that is free with something else each time: what a later frame finds there, and does not write, can be told
/// from what the program keeps. It has no frame of its own, which would stay there.
#[inline(always)]
fn stir() {
    let noise = turn();
    // SAFETY: it writes below the stack pointer, where nothing lives, within a fiber's stack, and upwards, as the direction flag is clear; without
    // `nostack` nothing is kept in the red zone.
    #[cfg(target_arch = "x86_64")]
    unsafe {
        asm!(
            "lea rdi, [rsp - 8 * 2048]",
            "rep stosq",
            inout("rcx") 2048_usize => _,
            in("rax") noise,
            out("rdi") _,
        );
    }
    #[cfg(not(target_arch = "x86_64"))]
    std::hint::black_box([noise; 2048]);
}

/// Another number each time.
#[inline(never)]
fn turn() -> u64 {
    static TURN: AtomicU64 = AtomicU64::new(1);
    mix(0, TURN.fetch_add(1, Ordering::Relaxed)) // Relaxed: only that no two are equal
}

/// Runs a thread's job with nothing of others in the registers, and in a rehearsal with nothing of them on the stack either.
#[inline(never)]
pub(super) fn on_clean_stack(job: Job) {
    if is_rehearsal() {
        stir();
    }
    on_clean_registers(move || {
        // What others have in registers is saved above.
        let here = 0_u8;
        let base = (&raw const here).addr() & !7;
        current::with(|exec| exec.me().job_base = base);
        job();
    });
}

/// Calls `f` with nothing left by its callers in the registers that it has to give back.
fn on_clean_registers(f: impl FnOnce()) {
    type Call<F> = (Option<F>, std::thread::Result<()>);
    extern "C" fn call<F: FnOnce()>(call: &mut Call<F>) {
        let f = call.0.take().expect("it is called once");
        call.1 = catch_unwind(AssertUnwindSafe(f));
    }
    fn address<F: FnOnce()>(_: &Call<F>) -> extern "C" fn(&mut Call<F>) {
        call::<F>
    }
    let mut argument = (Some(f), Ok(()));
    let function = address(&argument);
    // SAFETY: a call by the C convention of a function that does not unwind, on an aligned stack. The registers that such a
    // function gives back are saved around it, or are outputs.
    #[cfg(target_arch = "x86_64")]
    unsafe {
        asm!(
            "push rbx",
            "push rbp",
            "xor ebx, ebx",
            "xor ebp, ebp",
            "xor r12d, r12d",
            "xor r13d, r13d",
            "xor r14d, r14d",
            "xor r15d, r15d",
            "call {function}",
            "pop rbp",
            "pop rbx",
            function = in(reg) function,
            in("rdi") &raw mut argument,
            out("r12") _,
            out("r13") _,
            out("r14") _,
            out("r15") _,
            clobber_abi("C"),
        );
    }
    // Elsewhere what is left there may make a loop seem to remember.
    #[cfg(not(target_arch = "x86_64"))]
    function(&mut argument);
    if let Err(panic) = argument.1 {
        resume_unwind(panic);
    }
}

/// Where a function stands.
#[repr(C)]
pub(super) struct Frame {
    kept: [u64; KEPT],
    /// An address below its part of the stack.
    below: usize,
}

/// Calls `then` with the frame of the function that this is inlined into, of which it leaves nothing out and to which it adds nothing.
#[cfg(all(target_arch = "x86_64", unix))]
#[inline(always)]
pub(super) fn with_frame(at: At, then: extern "C" fn(At, &Frame) -> bool) -> bool {
    /// Puts a `Frame` on the stack: the address above its own return address, then the registers.
    #[unsafe(naked)]
    unsafe extern "C" fn enter(at: At, then: extern "C" fn(At, &Frame) -> bool) -> bool {
        naked_asm!(
            "lea rax, [rsp + 8]",
            "push rax",
            "push r15",
            "push r14",
            "push r13",
            "push r12",
            "push rbp",
            "push rbx",
            "mov rax, rsi",
            "mov rsi, rsp",
            "call rax",
            "pop rbx",
            "pop rbp",
            "pop r12",
            "pop r13",
            "pop r14",
            "pop r15",
            "pop rcx",
            "ret",
        )
    }
    // What the compiler has left in registers and has no more use for is no memory of the program: it keeps elsewhere what it needs.
    // SAFETY: it writes registers that are declared as written.
    unsafe {
        asm!(
            "xor r12d, r12d",
            "xor r13d, r13d",
            "xor r14d, r14d",
            "xor r15d, r15d",
            out("r12") _,
            out("r13") _,
            out("r14") _,
            out("r15") _,
            options(nomem, nostack)
        );
    }
    // SAFETY: seven words and the return address keep the stack aligned; the frame is read while `then` runs, which does not unwind.
    unsafe { enter(at, then) }
}

/// As above, but with a part of the engine's own frame.
#[cfg(not(all(target_arch = "x86_64", unix)))]
#[inline(never)]
pub(super) fn with_frame(at: At, then: extern "C" fn(At, &Frame) -> bool) -> bool {
    then(at, &Frame::here())
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
            static DIFFERENT: AtomicU64 = AtomicU64::new(0);
            memory.push(DIFFERENT.fetch_add(1, Ordering::Relaxed)); // Relaxed: only that no two are equal
        }
        _ = (from, left, &mut to);
        memory
    }
}

//! What stands inside a macro's brackets, where that is plain Rust: arguments, statements, items, or the cases of `cases!`.

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Block, Expr, Item, Stmt, Token};

use crate::justify::name;

/// What an invocation contains.
pub enum Inside {
    /// `assert!(x.load(Acquire), "…")`.
    Arguments(Vec<Expr>),
    /// `loop_until! { x.store(1, Release); … }`.
    Statements(Vec<Stmt>),
    /// `cfg_rt! { fn … }`.
    Items(Vec<Item>),
    /// `cases! { name: expectation => body; }`.
    Cases(Vec<(String, Expr)>),
}

/// What an invocation contains; none where it is in a language of its own.
pub fn of(invoked: &syn::Macro) -> Option<Inside> {
    let tokens = || invoked.tokens.clone();
    if invoked.path.is_ident("cases") {
        return Some(Inside::Cases(name::bodies(invoked)));
    }
    if let Ok(arguments) = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(tokens()) {
        return Some(Inside::Arguments(arguments.into_iter().collect()));
    }
    if let Ok(file) = syn::parse2::<syn::File>(tokens()) {
        return Some(Inside::Items(file.items));
    }
    Block::parse_within.parse2(tokens()).ok().map(Inside::Statements)
}

/// Whether an invocation is in a language of its own and names an ordering: what the audit passes over.
pub fn hides_orderings(invoked: &syn::Macro) -> bool {
    let is_one = |word: &str| {
        matches!(word, "Relaxed" | "Acquire" | "Release" | "AcqRel" | "SeqCst" | "Ordering")
    };
    of(invoked).is_none() && words(invoked.tokens.clone()).iter().any(|word| is_one(word))
}

/// Every identifier among the tokens, however deep.
pub fn words(tokens: TokenStream) -> Vec<String> {
    let mut found = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) => found.extend(words(group.stream())),
            TokenTree::Ident(word) => found.push(word.to_string()),
            _ => {}
        }
    }
    found
}

/// The text of a part of a file, without its blanks.
pub fn text(source: &str, of: Span) -> String {
    source.get(of.byte_range()).unwrap_or_default().split_whitespace().collect()
}

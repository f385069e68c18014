//! Where the sources of a crate write memory orderings, tests and comments aside.

use std::fs;
use std::path::Path;

use casebook_core::ordering::{Role, Strength};
use casebook_core::verdict::Site;
use proc_macro2::{LineColumn, Span};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, Expr, Token};

use super::source;

/// An ordering that is written as the argument of an atomic operation.
#[derive(Clone, Debug)]
pub struct Written {
    /// The operation, where the compiler says that it stands; the file from the root of the workspace.
    pub site: Site,
    /// What the ordering belongs to. That of `fetch_update`'s load is a failure's.
    pub role: Role,
    pub ordering: Strength,
    /// The last word of the argument: `Release`.
    pub word: Range,
    /// Whether the argument is that word alone.
    pub bare: bool,
    /// The statement, where it is nothing but a fence.
    pub statement: Option<Range>,
}

/// A part of a file: its lines from 1, its columns from 0.
#[derive(Clone, Copy, Debug)]
pub struct Range {
    pub from: LineColumn,
    pub to: LineColumn,
}

impl From<Span> for Range {
    fn from(span: Span) -> Range {
        Range { from: span.start(), to: span.end() }
    }
}

/// All of them below a folder of the workspace, but for the target folder.
pub fn written(root: &Path, folder: &Path, target: &Path) -> Vec<Written> {
    let mut all = Vec::new();
    for path in source::own_files(folder, target) {
        let text = fs::read_to_string(&path).unwrap_or_default();
        let Ok(parsed) = syn::parse_file(&text) else { continue };
        let file = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
        let mut calls = Calls { file, found: Vec::new(), statement: None };
        calls.visit_file(&parsed);
        all.append(&mut calls.found);
    }
    all
}

struct Calls {
    file: String,
    found: Vec<Written>,
    /// The statement that is nothing but the call that comes next.
    statement: Option<Range>,
}

impl Calls {
    /// `before` is how many arguments precede those of the method.
    fn note(
        &mut self,
        (at, name): (Span, &str),
        arguments: &Punctuated<Expr, Token![,]>,
        before: usize,
    ) {
        let statement = self.statement.take();
        let LineColumn { line, column } = at.start();
        let site = Site {
            file: self.file.clone(),
            line: line as u32,
            column: column as u32 + 1,
            relation: Default::default(),
        };
        for (role, ordering, word, bare) in orderings(name, arguments, before) {
            self.found.push(Written {
                site: site.clone(),
                role,
                ordering,
                word,
                bare,
                statement: statement.filter(|_| role == Role::Fence),
            });
        }
    }
}

/// The orderings that a call gives by their names, each with its last word and whether the argument is that word alone.
/// `before` is how many arguments precede those of the method.
pub fn orderings(
    name: &str,
    arguments: &Punctuated<Expr, Token![,]>,
    before: usize,
) -> Vec<(Role, Strength, Range, bool)> {
    let places = roles(name).iter();
    let given = places.filter_map(|(role, place)| {
        let (ordering, word, bare) = arguments.iter().nth(place + before).and_then(ordering)?;
        Some((*role, ordering, word, bare))
    });
    given.collect()
}

/// What the orderings of an operation belong to, and which of its arguments they are. Others may be variables. That of
/// `compare_and_swap` is none of these: it gives an update its ordering and, made weaker in another way, a failure.
fn roles(name: &str) -> &'static [(Role, usize)] {
    match name {
        "load" => &[(Role::Load, 0)],
        "store" => &[(Role::Store, 1)],
        "swap" => &[(Role::Update, 1)],
        "compare_exchange" | "compare_exchange_weak" => &[(Role::Update, 2), (Role::Failure, 3)],
        "fetch_update" | "try_update" | "update" => &[(Role::Update, 0), (Role::Failure, 1)],
        "fence" => &[(Role::Fence, 0)],
        "fetch_not" => &[(Role::Update, 0)],
        name if name.starts_with("fetch_") => &[(Role::Update, 1)],
        _ => &[],
    }
}

/// An argument that is an ordering by its name.
fn ordering(argument: &Expr) -> Option<(Strength, Range, bool)> {
    let Expr::Path(path) = argument else { return None };
    let last = path.path.segments.last()?;
    let ordering = match &last.ident.to_string()[..] {
        "Relaxed" => Strength::Relaxed,
        "Acquire" => Strength::Acquire,
        "Release" => Strength::Release,
        "AcqRel" => Strength::AcqRel,
        "SeqCst" => Strength::SeqCst,
        _ => return None,
    };
    Some((ordering, last.ident.span().into(), path.path.segments.len() == 1))
}

fn is_fence(call: &syn::ExprCall) -> bool {
    let Expr::Path(path) = &*call.func else { return false };
    path.path.segments.last().is_some_and(|last| last.ident == "fence")
}

impl<'ast> Visit<'ast> for Calls {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        if !source::is_for_tests(item) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        if !source::are_for_tests(&item.attrs) {
            visit::visit_impl_item_fn(self, item);
        }
    }

    // What stands in a comment is an attribute here.
    fn visit_attribute(&mut self, _: &'ast Attribute) {}

    fn visit_stmt(&mut self, statement: &'ast syn::Stmt) {
        self.statement = match statement {
            syn::Stmt::Expr(Expr::Call(call), Some(_)) if is_fence(call) => {
                Some(statement.span().into())
            }
            _ => None,
        };
        visit::visit_stmt(self, statement);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        self.note((call.method.span(), &call.method.to_string()), &call.args, 0);
        visit::visit_expr_method_call(self, call);
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        if let Expr::Path(path) = &*call.func
            && let Some(last) = path.path.segments.last()
        {
            // A method that is called by its path takes the atomic first.
            let before = usize::from(last.ident != "fence");
            self.note((call.span(), &last.ident.to_string()), &call.args, before);
        }
        visit::visit_expr_call(self, call);
    }

    fn visit_macro(&mut self, invoked: &'ast syn::Macro) {
        let arguments = Punctuated::<Expr, Token![,]>::parse_terminated;
        if let Ok(arguments) = arguments.parse2(invoked.tokens.clone()) {
            arguments.iter().for_each(|argument| self.visit_expr(argument));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orderings_are_found_with_what_they_belong_to() {
        let text = "/// `x.load(SeqCst)`\n\
                    fn f(x: &A) {\n    assert!(x.load(Ordering::Acquire) == 1);\n    \
                    fence(Release);\n    x.compare_exchange(1, 2, AcqRel, Relaxed);\n    \
                    x.store(1, order); y.load(1);\n    x.compare_exchange(1, 2, order, Acquire);\n    \
                    x.fetch_update(order, Relaxed, f); A::swap(&x, 1, SeqCst); x.fetch_not(SeqCst);\n    \
                    (self.f)(fence(SeqCst)); atomic::fence(SeqCst);\n    x.compare_and_swap(1, 2, AcqRel);\n}\n\
                    #[cfg(test)] mod a { fn g() { x.load(SeqCst); } }\n\
                    #[test] fn h() { x.load(SeqCst); }\n";
        let mut calls = Calls { file: String::new(), found: Vec::new(), statement: None };
        calls.visit_file(&syn::parse_file(text).expect("it is Rust"));
        let found: Vec<_> = (calls.found.iter())
            .map(|w| (w.site.line, w.site.column, w.role, w.ordering, w.statement.is_some()))
            .collect();
        let expected = [
            (3, 15, Role::Load, Strength::Acquire, false),
            (4, 5, Role::Fence, Strength::Release, true),
            (5, 7, Role::Update, Strength::AcqRel, false),
            (5, 7, Role::Failure, Strength::Relaxed, false),
            (7, 7, Role::Failure, Strength::Acquire, false),
            (8, 7, Role::Failure, Strength::Relaxed, false),
            (8, 40, Role::Update, Strength::SeqCst, false),
            (8, 66, Role::Update, Strength::SeqCst, false),
            (9, 14, Role::Fence, Strength::SeqCst, false),
            (9, 30, Role::Fence, Strength::SeqCst, true),
        ];
        assert_eq!(found, expected);
    }
}

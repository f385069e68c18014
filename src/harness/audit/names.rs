//! What names tell where there are no types: what an operation is applied to, and what a call may do.

use std::collections::BTreeSet;

use syn::visit::Visit;
use syn::{Block, Expr, Stmt};

/// The last name of an expression: of `self.flags[me]` it is `flags`, of `(*p).head` it is `head`.
pub fn last_name(of: &Expr) -> Option<String> {
    match of {
        Expr::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
        Expr::Field(field) => Some(match &field.member {
            syn::Member::Named(name) => name.to_string(),
            syn::Member::Unnamed(index) => index.index.to_string(),
        }),
        Expr::Index(index) => last_name(&index.expr),
        Expr::Paren(inner) => last_name(&inner.expr),
        Expr::Reference(inner) => last_name(&inner.expr),
        Expr::Unary(inner) => last_name(&inner.expr),
        Expr::Try(inner) => last_name(&inner.expr),
        Expr::MethodCall(call) => Some(format!("{}()", call.method)),
        Expr::Call(call) => last_name(&call.func).map(|name| format!("{name}()")),
        _ => None,
    }
}

/// Whether a call by its name may order memory: better too many than too few, for each one keeps a pattern quiet.
pub fn may_order(name: &str, of: Option<&Expr>, is_bare: bool) -> bool {
    let name = name.to_lowercase();
    let is_pointer = matches!(of, Some(Expr::MethodCall(call)) if call.method == "get");
    let words =
        ["lock", "fence", "acquire", "join", "wait", "park", "barrier", "synchroni", "sync"];
    let is_one = words.iter().any(|word| name.contains(word)) && !name.contains("block");
    is_one
        || (is_bare && !is_pointer && matches!(&name[..], "read" | "write" | "recv" | "try_read"))
}

/// Every name in an expression.
pub fn names(of: &Expr) -> BTreeSet<String> {
    let mut names = Names(BTreeSet::new());
    names.visit_expr(of);
    names.0
}

struct Names(BTreeSet<String>);

impl<'ast> Visit<'ast> for Names {
    fn visit_ident(&mut self, name: &'ast syn::Ident) {
        self.0.insert(name.to_string());
    }
}

/// Whether a block ends by leaving it for good.
pub fn leaves(block: &Block) -> bool {
    match block.stmts.last() {
        Some(Stmt::Expr(Expr::Return(_) | Expr::Break(_) | Expr::Continue(_), _)) => true,
        Some(Stmt::Macro(last)) => is_panic(&last.mac),
        _ => false,
    }
}

fn is_panic(invoked: &syn::Macro) -> bool {
    let name = invoked.path.segments.last().map(|last| last.ident.to_string());
    name.is_some_and(|name| name.contains("panic") || name.contains("unreachable"))
}

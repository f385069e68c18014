//! The guard of a blocking lock is held across an `await`: another task on that thread that locks waits for good.
//!
//! A guard is what `lock().unwrap()`, `read().expect(…)` and the like give, which no lock for tasks has, and what a bare
//! `lock()` gives in a file that uses `parking_lot`. It ends with its block, or where it is handed on by value.

use proc_macro2::LineColumn;
use syn::visit::{self, Visit};
use syn::{Expr, Pat};

use super::super::declared::Declared;
use super::super::finding::Rule;
use super::super::step::Function;
use super::Found;

/// All of a function.
pub fn find(function: &Function, declared: &Declared) -> Vec<Found> {
    let is_bare = declared.used.contains("parking_lot");
    let mut reader = Reader { is_bare, guards: Vec::new(), found: Vec::new() };
    reader.visit_block(&function.body);
    let found = reader.found.into_iter().map(|(guard, awaited)| Found {
        rule: Rule::GuardAcrossAwait,
        at: guard.at,
        function: function.name.clone(),
        operation: guard.method.clone(),
        says: format!(
            "the guard of `{}` {} is still held at the await in line {}",
            guard.method, guard.name, awaited.line
        ),
        case: 0,
        in_tests: function.is_for_tests,
    });
    found.collect()
}

#[derive(Clone)]
struct Guard {
    /// `in a temporary of the condition`, or `named hits`.
    name: String,
    variable: Option<String>,
    method: String,
    at: LineColumn,
}

struct Reader {
    is_bare: bool,
    guards: Vec<Guard>,
    found: Vec<(Guard, LineColumn)>,
}

impl Reader {
    /// The call that locks, if the value of this expression is its guard.
    fn guard<'e>(&self, of: &'e Expr) -> Option<&'e syn::ExprMethodCall> {
        match of {
            Expr::Paren(inner) => self.guard(&inner.expr),
            Expr::Try(inner) => locks(&inner.expr),
            Expr::MethodCall(call) => match &call.method.to_string()[..] {
                "unwrap" | "expect" | "unwrap_or_else" => locks(&call.receiver),
                _ if self.is_bare => locks(of),
                _ => None,
            },
            _ => None,
        }
    }

    /// The guard among what this expression is made of, which lives as long as the statement.
    fn temporary<'e>(&self, of: &'e Expr) -> Option<&'e syn::ExprMethodCall> {
        self.guard(of).or_else(|| match of {
            Expr::MethodCall(call) => self.temporary(&call.receiver),
            Expr::Field(field) => self.temporary(&field.base),
            Expr::Reference(inner) => self.temporary(&inner.expr),
            Expr::Unary(inner) => self.temporary(&inner.expr),
            Expr::Paren(inner) => self.temporary(&inner.expr),
            _ => None,
        })
    }

    fn hold(&mut self, call: &syn::ExprMethodCall, name: String, variable: Option<String>) {
        let (method, at) = (call.method.to_string(), call.method.span().start());
        self.guards.push(Guard { name, variable, method, at });
    }

    /// While `visit` goes on, what the condition has locked is held.
    fn while_matched(&mut self, condition: &Expr, visit: impl FnOnce(&mut Self)) {
        let held = self.guards.len();
        if let Some(call) = self.temporary(condition) {
            self.hold(call, "in what is matched".to_string(), None);
        }
        visit(self);
        self.guards.truncate(held);
    }

    /// What runs at another time holds nothing of this.
    fn elsewhere(&mut self, visit: impl FnOnce(&mut Self)) {
        let held = std::mem::take(&mut self.guards);
        visit(self);
        self.guards = held;
    }

    fn is_variable(&self, of: &Expr) -> bool {
        matches!(of, Expr::Path(path) if path.path.get_ident().is_some())
    }
}

/// `x.lock()`, without arguments.
fn locks(of: &Expr) -> Option<&syn::ExprMethodCall> {
    let Expr::MethodCall(call) = of else { return None };
    let is_one = call.method == "lock" || call.method == "read" || call.method == "write";
    Some(call).filter(|_| is_one && call.args.is_empty())
}

/// What an `if let` or a `while let` matches.
fn matched(condition: &Expr) -> Option<&Expr> {
    match condition {
        Expr::Let(of) => Some(&of.expr),
        Expr::Binary(both) => matched(&both.left).or_else(|| matched(&both.right)),
        _ => None,
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_block(&mut self, block: &'ast syn::Block) {
        let held = self.guards.len();
        visit::visit_block(self, block);
        self.guards.truncate(held);
    }

    fn visit_local(&mut self, local: &'ast syn::Local) {
        visit::visit_local(self, local);
        let name = match &local.pat {
            Pat::Ident(name) => name.ident.to_string(),
            _ => return,
        };
        if let Some(call) = local.init.as_ref().and_then(|init| self.guard(&init.expr)) {
            self.hold(call, format!("named `{name}`"), Some(name));
        }
    }

    fn visit_expr_await(&mut self, of: &'ast syn::ExprAwait) {
        visit::visit_expr_await(self, of);
        let at = of.await_token.span.start();
        for guard in &self.guards {
            if !self.found.iter().any(|(known, _)| known.at == guard.at) {
                self.found.push((guard.clone(), at));
            }
        }
    }

    // A name by itself is a value that is handed on; behind it stands `.`, `*`, `&` or `[` where it is only used.
    fn visit_expr_path(&mut self, path: &'ast syn::ExprPath) {
        if let Some(name) = path.path.get_ident().map(ToString::to_string) {
            self.guards.retain(|guard| guard.variable.as_ref() != Some(&name));
        }
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        if !self.is_variable(&call.receiver) {
            self.visit_expr(&call.receiver);
        }
        call.args.iter().for_each(|argument| self.visit_expr(argument));
    }

    fn visit_expr_field(&mut self, field: &'ast syn::ExprField) {
        if !self.is_variable(&field.base) {
            self.visit_expr(&field.base);
        }
    }

    fn visit_expr_unary(&mut self, of: &'ast syn::ExprUnary) {
        if !self.is_variable(&of.expr) {
            self.visit_expr(&of.expr);
        }
    }

    fn visit_expr_reference(&mut self, of: &'ast syn::ExprReference) {
        if !self.is_variable(&of.expr) {
            self.visit_expr(&of.expr);
        }
    }

    fn visit_expr_index(&mut self, of: &'ast syn::ExprIndex) {
        if !self.is_variable(&of.expr) {
            self.visit_expr(&of.expr);
        }
        self.visit_expr(&of.index);
    }

    fn visit_expr_if(&mut self, choice: &'ast syn::ExprIf) {
        match matched(&choice.cond) {
            Some(of) => self.while_matched(of, |this| visit::visit_expr_if(this, choice)),
            None => visit::visit_expr_if(self, choice),
        }
    }

    fn visit_expr_while(&mut self, choice: &'ast syn::ExprWhile) {
        match matched(&choice.cond) {
            Some(of) => self.while_matched(of, |this| visit::visit_expr_while(this, choice)),
            None => visit::visit_expr_while(self, choice),
        }
    }

    fn visit_expr_match(&mut self, choice: &'ast syn::ExprMatch) {
        self.while_matched(&choice.expr, |this| visit::visit_expr_match(this, choice));
    }

    fn visit_expr_for_loop(&mut self, of: &'ast syn::ExprForLoop) {
        self.while_matched(&of.expr, |this| visit::visit_expr_for_loop(this, of));
    }

    fn visit_expr_closure(&mut self, closure: &'ast syn::ExprClosure) {
        self.elsewhere(|this| visit::visit_expr_closure(this, closure));
    }

    fn visit_expr_async(&mut self, task: &'ast syn::ExprAsync) {
        self.elsewhere(|this| visit::visit_expr_async(this, task));
    }

    fn visit_item(&mut self, _: &'ast syn::Item) {}
}

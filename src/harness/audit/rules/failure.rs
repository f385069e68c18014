//! What a failed compare-exchange has read is followed, and its failure ordering is Relaxed.
//!
//! The failure is a load of its own: the success ordering has no part in it. Looked for is a pointer that the `Err` arm
//! binds and somebody then dereferences, and a cell that the `Err` arm of a certain value uses. A retry that
//! only takes what it read for the next attempt is right, and is none of this.

use casebook_core::ordering::{Role, Strength};
use proc_macro2::LineColumn;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Expr, ExprMethodCall, Pat, Stmt};

use super::super::finding::Rule;
use super::super::step::{Function, Step, What};
use super::Found;
use crate::own::calls;

/// All of a function.
pub fn find(function: &Function) -> Vec<Found> {
    let mut reader = Reader { function, found: Vec::new(), uses: Vec::new(), loops: Vec::new() };
    let mut uses = Uses(Vec::new());
    uses.visit_block(&function.body);
    reader.uses = uses.0;
    reader.visit_block(&function.body);
    reader.found
}

struct Reader<'a> {
    function: &'a Function,
    found: Vec<Found>,
    /// Where a pointer of a name is followed.
    uses: Vec<(String, LineColumn)>,
    /// The beginnings and ends of the loops around.
    loops: Vec<(LineColumn, LineColumn)>,
}

impl Reader<'_> {
    /// An exchange and its `Err` arm: the pattern, and what is done then.
    fn arm(&mut self, exchange: &ExprMethodCall, pattern: &Pat, body: &Expr) {
        let (from, to) = (body.span().start(), body.span().end());
        let used = match pattern {
            Pat::Ident(name) if !is_constant(name) => {
                let name = name.ident.to_string();
                let inside = self.first_use(&name, from, to);
                inside.or_else(|| self.use_as_another(&name, body)).map(|line| {
                    format!(
                        "`{name}`, which the failed exchange has read, is followed in line {line}"
                    )
                })
            }
            Pat::Lit(_) | Pat::Path(_) | Pat::Ident(_) => {
                let cell = self.function.steps.iter().find(|step| {
                    matches!(step.what, What::Plain(_)) && from <= step.at && step.at < to
                });
                let cell = cell.filter(|cell| !self.is_ordered(from, cell.at));
                cell.map(|cell| {
                    format!(
                        "`{}` is used in line {} because the exchange has failed",
                        cell.operation(),
                        cell.at.line
                    )
                })
            }
            _ => None,
        };
        if let Some(used) = used {
            self.note(exchange, pattern, &used);
        }
    }

    fn note(&mut self, exchange: &ExprMethodCall, pattern: &Pat, used: &str) {
        let at = exchange.method.span().start();
        let step = self.function.steps.iter().find(|step| step.at == at);
        self.found.push(Found {
            rule: Rule::RelaxedFailure,
            at,
            function: self.function.name.clone(),
            operation: step.map(Step::operation).unwrap_or_default(),
            says: format!("{used}, and its failure is Relaxed"),
            case: usize::from(!matches!(pattern, Pat::Ident(name) if !is_constant(name))),
            in_tests: self.function.is_for_tests,
        });
    }

    /// The line where a pointer is first followed between two places, with nothing before it there that acquires.
    fn first_use(&self, name: &str, from: LineColumn, to: LineColumn) -> Option<usize> {
        let used = self.uses.iter().find(|(of, at)| of == name && from <= *at && *at < to)?;
        Some(used.1.line).filter(|_| !self.is_ordered(from, used.1))
    }

    fn is_ordered(&self, from: LineColumn, to: LineColumn) -> bool {
        let between = self.function.steps.iter().filter(|step| from <= step.at && step.at < to);
        between.into_iter().any(Step::acquires)
    }

    /// Where what was read becomes the value of a variable that lives on: `current = found`.
    fn use_as_another(&self, name: &str, body: &Expr) -> Option<usize> {
        let mut assigned = Assigned { name, to: None };
        assigned.visit_expr(body);
        let (to, end) = (assigned.to?, body.span().end());
        if self.is_ordered(body.span().start(), end) {
            return None;
        }
        let function_end = self.function.body.span().end();
        match self.loops.last() {
            // The next turn begins where the loop does.
            Some((from, _)) => self.first_use(&to, *from, body.span().start()),
            None => self.first_use(&to, end, function_end),
        }
    }

    fn in_loop(&mut self, of: &impl Spanned, visit: impl FnOnce(&mut Self)) {
        self.loops.push((of.span().start(), of.span().end()));
        visit(self);
        self.loops.pop();
    }
}

/// A compare-exchange whose failure is Relaxed.
fn relaxed_failure(of: &Expr) -> Option<&ExprMethodCall> {
    let Expr::MethodCall(call) = of else { return None };
    let name = call.method.to_string();
    let is_exchange = name == "compare_exchange" || name == "compare_exchange_weak";
    let orderings = calls::orderings(&name, &call.args, 0);
    let is_relaxed = orderings
        .iter()
        .any(|(role, ordering, ..)| *role == Role::Failure && *ordering == Strength::Relaxed);
    Some(call).filter(|_| is_exchange && is_relaxed)
}

/// A name in a pattern that binds nothing: `READY`.
fn is_constant(name: &syn::PatIdent) -> bool {
    name.ident.to_string().chars().all(|c| !c.is_lowercase())
}

/// Whether the value of an arm is this name.
fn gives(body: &Expr, name: &str) -> bool {
    match body {
        Expr::Path(path) => path.path.is_ident(name),
        Expr::Block(block) => match block.block.stmts.last() {
            Some(Stmt::Expr(last, None)) => gives(last, name),
            _ => false,
        },
        _ => false,
    }
}

/// What `Err(…)` binds.
fn of_err(pattern: &Pat) -> Option<&Pat> {
    match pattern {
        Pat::TupleStruct(of) if of.path.segments.last()?.ident == "Err" => of.elems.first(),
        _ => None,
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_expr_match(&mut self, choice: &'ast syn::ExprMatch) {
        if let Some(exchange) = relaxed_failure(&choice.expr) {
            for arm in &choice.arms {
                if let Some(pattern) = of_err(&arm.pat) {
                    self.arm(exchange, pattern, &arm.body);
                }
            }
        }
        visit::visit_expr_match(self, choice);
    }

    fn visit_local(&mut self, local: &'ast syn::Local) {
        visit::visit_local(self, local);
        // `let table = match exchange { Ok(_) => mine, Err(theirs) => theirs };`
        if let (Pat::Ident(variable), Some(init)) = (&local.pat, &local.init)
            && let Expr::Match(choice) = &*init.expr
            && let Some(exchange) = relaxed_failure(&choice.expr)
        {
            let end = self.function.body.span().end();
            let variable = variable.ident.to_string();
            for arm in &choice.arms {
                if let Some(pattern @ Pat::Ident(name)) = of_err(&arm.pat)
                    && gives(&arm.body, &name.ident.to_string())
                    && let Some(line) = self.first_use(&variable, local.span().end(), end)
                {
                    let used = format!(
                        "`{variable}` may be what the failed exchange has read, and is followed in line {line}"
                    );
                    self.note(exchange, pattern, &used);
                }
            }
        }
    }

    fn visit_expr_if(&mut self, choice: &'ast syn::ExprIf) {
        if let Expr::Let(condition) = &*choice.cond
            && let Some(exchange) = relaxed_failure(&condition.expr)
            && let Some(pattern) = of_err(&condition.pat)
        {
            let body = Expr::Block(syn::ExprBlock {
                attrs: Vec::new(),
                label: None,
                block: choice.then_branch.clone(),
            });
            self.arm(exchange, pattern, &body);
        }
        visit::visit_expr_if(self, choice);
    }

    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        if call.method == "unwrap_or_else"
            && let Some(exchange) = relaxed_failure(&call.receiver)
            && let Some(Expr::Closure(closure)) = call.args.first()
            && let Some(pattern) = closure.inputs.first()
        {
            self.arm(exchange, pattern, &closure.body);
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_expr_loop(&mut self, of: &'ast syn::ExprLoop) {
        self.in_loop(of, |this| visit::visit_expr_loop(this, of));
    }

    fn visit_expr_while(&mut self, of: &'ast syn::ExprWhile) {
        self.in_loop(of, |this| visit::visit_expr_while(this, of));
    }

    // What runs elsewhere is a function of its own.
    fn visit_item(&mut self, _: &'ast syn::Item) {}
}

/// Where names are followed as pointers.
struct Uses(Vec<(String, LineColumn)>);

impl Uses {
    fn note(&mut self, of: &Expr) {
        match of {
            Expr::Path(path) => {
                if let Some(name) = path.path.get_ident() {
                    self.0.push((name.to_string(), name.span().start()));
                }
            }
            Expr::Paren(inner) => self.note(&inner.expr),
            _ => {}
        }
    }
}

impl<'ast> Visit<'ast> for Uses {
    fn visit_expr_unary(&mut self, of: &'ast syn::ExprUnary) {
        if matches!(of.op, syn::UnOp::Deref(_)) {
            self.note(&of.expr);
        }
        visit::visit_expr_unary(self, of);
    }

    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        if call.method == "as_ref" || call.method == "as_mut" {
            self.note(&call.receiver);
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        if let Expr::Path(path) = &*call.func
            && path.path.segments.last().is_some_and(|last| last.ident == "from_raw")
        {
            call.args.iter().for_each(|argument| self.note(argument));
        }
        visit::visit_expr_call(self, call);
    }
}

/// The variable that a name is assigned to.
struct Assigned<'a> {
    name: &'a str,
    to: Option<String>,
}

impl<'ast> Visit<'ast> for Assigned<'_> {
    fn visit_expr_assign(&mut self, of: &'ast syn::ExprAssign) {
        if let (Expr::Path(to), Expr::Path(from)) = (&*of.left, &*of.right)
            && from.path.is_ident(self.name)
        {
            self.to = to.path.get_ident().map(ToString::to_string);
        }
    }
}

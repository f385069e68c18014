//! From a parsed file to the functions in it and what they do, step by step.

use std::collections::BTreeSet;

use proc_macro2::Span;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Block, Expr, Signature, Stmt, Token};

use super::declared::Declared;
use super::inside::{self, Inside};
use super::names::{self, last_name, leaves, may_order};
use super::step::{Function, Place, Step, What};
use crate::own::{calls, source};

/// The calls that run a closure in a thread or a task of its own.
const STARTS: [&str; 4] = ["spawn", "spawn_blocking", "spawn_local", "spawn_scoped"];

/// What is done with code that only tests have.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Tests {
    /// It is passed over.
    LeftOut,
    /// It is looked into and marked.
    Marked,
    /// The whole file is such code.
    All,
}

/// The functions of a file, and how many macros were passed over that name an ordering.
pub fn functions(
    file: &syn::File,
    text: &str,
    declared: &Declared,
    tests: Tests,
) -> (Vec<Function>, usize) {
    let mut walk = Walk {
        text,
        declared,
        with_tests: tests != Tests::LeftOut,
        in_tests: usize::from(tests == Tests::All),
        types: Vec::new(),
        in_drop: false,
        open: Vec::new(),
        done: Vec::new(),
        arms: Vec::new(),
        choices: 0,
        last_if: 0,
        in_condition: false,
        is_unsafe: false,
        from: 0,
        passed_over: 0,
    };
    walk.visit_file(file);
    (walk.done, walk.passed_over)
}

struct Walk<'a> {
    text: &'a str,
    declared: &'a Declared,
    with_tests: bool,
    /// How many items around are for tests alone.
    in_tests: usize,
    types: Vec<String>,
    in_drop: bool,
    /// The functions around, the innermost last.
    open: Vec<Function>,
    done: Vec<Function>,
    arms: Vec<(usize, usize)>,
    choices: usize,
    /// The `if` that was left last.
    last_if: usize,
    in_condition: bool,
    is_unsafe: bool,
    /// The first line of the statement around.
    from: usize,
    passed_over: usize,
}

impl Walk<'_> {
    fn signature(&mut self, of: &Signature, body: &Block) {
        let owner = self.types.last().filter(|_| self.open.is_empty());
        let name = match owner {
            Some(owner) => format!("{owner}::{}", of.ident),
            None => of.ident.to_string(),
        };
        let is_exclusive = of.receiver().is_some_and(|receiver| match &receiver.kind {
            syn::ReceiverKind::Reference(_, _, mutable) => mutable.is_some(),
            _ => true,
        });
        let function = Function {
            name,
            line: of.ident.span().start().line,
            is_unsafe: matches!(of.safety, syn::Safety::Unsafe(_)),
            is_exclusive,
            is_drop: self.in_drop && of.ident == "drop",
            is_for_tests: self.in_tests > 0,
            steps: Vec::new(),
            asked: BTreeSet::new(),
            body: body.clone(),
        };
        self.function(function, |this| this.visit_block(body));
    }

    /// A closure or the body of a case, as a function of its own.
    fn by_itself(&mut self, name: Option<String>, body: &Expr) {
        let around = self.open.last().map(|function| function.name.clone());
        let statement = Stmt::Expr(body.clone(), None);
        let function = Function {
            name: name.or(around).unwrap_or_default(),
            line: body.span().start().line,
            is_unsafe: false,
            is_exclusive: false,
            is_drop: false,
            is_for_tests: self.in_tests > 0,
            steps: Vec::new(),
            asked: BTreeSet::new(),
            body: Block { brace_token: Default::default(), stmts: vec![statement] },
        };
        self.function(function, |this| this.visit_expr(body));
    }

    fn function(&mut self, function: Function, visit: impl FnOnce(&mut Self)) {
        let is_unsafe = std::mem::replace(&mut self.is_unsafe, function.is_unsafe);
        let in_condition = std::mem::replace(&mut self.in_condition, false);
        let arms = std::mem::take(&mut self.arms);
        self.open.push(function);
        visit(self);
        self.done.extend(self.open.pop());
        (self.is_unsafe, self.in_condition, self.arms) = (is_unsafe, in_condition, arms);
    }

    fn step(&mut self, at: Span, call: Span, what: What) {
        let Some(function) = self.open.last_mut() else { return };
        let (at, end) = (at.start(), call.end().line);
        function.steps.push(Step {
            at,
            lines: (self.from.clamp(1, at.line), end.max(at.line)),
            what,
            in_condition: self.in_condition,
            waits: false,
            bound: None,
            arms: self.arms.clone(),
        });
    }

    fn place(&self, of: &Expr) -> Place {
        let text = inside::text(self.text, of.span());
        let text = text.trim_start_matches(['&', '(']).trim_start_matches("mut");
        Place { text: text.to_string(), name: last_name(of).unwrap_or_default() }
    }

    /// An operation with orderings by their names, or else what its name tells.
    fn call(
        &mut self,
        at: Span,
        whole: Span,
        name: &str,
        of: Option<&Expr>,
        arguments: &Punctuated<Expr, Token![,]>,
    ) {
        let before = usize::from(of.is_none() && name != "fence");
        let orderings: Vec<_> = calls::orderings(name, arguments, before)
            .into_iter()
            .map(|(role, ordering, ..)| (role, ordering))
            .collect();
        let of = of.or_else(|| arguments.first().filter(|_| before == 1));
        let what = match (name, &orderings[..], of) {
            ("fence", [(_, ordering)], _) => What::Fence(*ordering),
            (_, [_, ..], Some(of)) => What::Atomic {
                method: name.to_string(),
                on: self.place(of),
                orderings,
                arguments: arguments.iter().skip(before).cloned().collect(),
            },
            ("get" | "with" | "with_mut", _, Some(of)) if self.is_cell(of) => {
                What::Plain(self.place(of))
            }
            ("from_raw" | "drop_in_place" | "dealloc", ..) => What::Frees,
            _ if may_order(name, of, arguments.is_empty()) => What::Unknown,
            _ => return,
        };
        self.step(at, whole, what);
    }

    fn arguments(&mut self, name: &str, arguments: &Punctuated<Expr, Token![,]>) {
        for argument in arguments {
            match argument {
                Expr::Closure(closure) if STARTS.contains(&name) => {
                    self.by_itself(None, &closure.body);
                }
                Expr::Async(task) if STARTS.contains(&name) => {
                    self.by_itself(None, &Expr::Async(task.clone()));
                }
                argument => self.visit_expr(argument),
            }
        }
    }

    fn is_cell(&self, of: &Expr) -> bool {
        let name = last_name(of).unwrap_or_default();
        self.is_unsafe && !self.declared.structures(&name, &["UnsafeCell"]).is_empty()
    }

    fn condition(&mut self, condition: &Expr) {
        let outer = std::mem::replace(&mut self.in_condition, true);
        self.visit_expr(condition);
        self.in_condition = outer;
        if let Some(function) = self.open.last_mut() {
            function.asked.extend(names::names(condition));
        }
    }

    /// One of the ways of a choice.
    fn arm(&mut self, choice: usize, arm: usize, visit: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.in_condition, false);
        self.arms.push((choice, arm));
        visit(self);
        self.arms.pop();
        self.in_condition = outer;
    }

    fn choice(&mut self) -> usize {
        self.choices += 1;
        self.choices
    }

    /// What stands in lines of its own: what is said of it stands above or in them.
    fn in_lines(&mut self, from: usize, visit: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.from, from);
        visit(self);
        self.from = outer;
    }

    fn impl_of(&mut self, item: &syn::ItemImpl, visit: impl FnOnce(&mut Self)) {
        let of = match &*item.self_ty {
            syn::Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
            _ => None,
        };
        let of_drop = item.trait_.as_ref().is_some_and(|(path, _)| path.is_ident("Drop"));
        let outer = std::mem::replace(&mut self.in_drop, of_drop);
        self.types.push(of.unwrap_or_default());
        visit(self);
        self.types.pop();
        self.in_drop = outer;
    }
}

impl<'ast> Visit<'ast> for Walk<'_> {
    fn visit_attribute(&mut self, _: &'ast syn::Attribute) {}

    fn visit_item(&mut self, item: &'ast syn::Item) {
        let for_tests = source::is_for_tests(item);
        if for_tests && !self.with_tests {
            return;
        }
        self.in_tests += usize::from(for_tests);
        visit::visit_item(self, item);
        self.in_tests -= usize::from(for_tests);
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        self.impl_of(item, |this| visit::visit_item_impl(this, item));
    }

    fn visit_item_trait(&mut self, item: &'ast syn::ItemTrait) {
        self.types.push(item.ident.to_string());
        visit::visit_item_trait(self, item);
        self.types.pop();
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.signature(&item.sig, &item.block);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        let for_tests = source::are_for_tests(&item.attrs);
        if for_tests && !self.with_tests {
            return;
        }
        self.in_tests += usize::from(for_tests);
        self.signature(&item.sig, &item.block);
        self.in_tests -= usize::from(for_tests);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if let Some(body) = &item.default {
            self.signature(&item.sig, body);
        }
    }

    fn visit_block(&mut self, block: &'ast Block) {
        let arms = self.arms.len();
        for statement in &block.stmts {
            self.visit_stmt(statement);
            // What follows an `if` that leaves is its other way.
            if let Stmt::Expr(Expr::If(choice), _) = statement
                && choice.else_branch.is_none()
                && leaves(&choice.then_branch)
            {
                self.arms.push((self.last_if, 1));
            }
        }
        self.arms.truncate(arms);
    }

    fn visit_stmt(&mut self, statement: &'ast Stmt) {
        let from = statement.span().start().line;
        self.in_lines(from, |this| visit::visit_stmt(this, statement));
    }

    fn visit_local(&mut self, local: &'ast syn::Local) {
        visit::visit_local(self, local);
        let name = match &local.pat {
            syn::Pat::Ident(name) => Some(name.ident.to_string()),
            syn::Pat::Type(typed) => match &*typed.pat {
                syn::Pat::Ident(name) => Some(name.ident.to_string()),
                _ => None,
            },
            _ => None,
        };
        if let Some(init) = &local.init
            && let Expr::MethodCall(call) = &*init.expr
            && let Some(last) = self.open.last_mut().and_then(|function| function.steps.last_mut())
            && last.at == call.method.span().start()
        {
            last.bound = name;
        }
    }

    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        let from = arm.span().start().line;
        self.in_lines(from, |this| visit::visit_arm(this, arm));
    }

    fn visit_field_value(&mut self, field: &'ast syn::FieldValue) {
        let from = field.span().start().line;
        self.in_lines(from, |this| visit::visit_field_value(this, field));
    }

    fn visit_expr_if(&mut self, choice: &'ast syn::ExprIf) {
        self.condition(&choice.cond);
        let id = self.choice();
        self.arm(id, 0, |this| this.visit_block(&choice.then_branch));
        if let Some((_, other)) = &choice.else_branch {
            self.arm(id, 1, |this| this.visit_expr(other));
        }
        self.last_if = id;
    }

    fn visit_expr_while(&mut self, choice: &'ast syn::ExprWhile) {
        self.condition(&choice.cond);
        if let Expr::MethodCall(call) = &*choice.cond
            && let Some(step) = self.open.last_mut().and_then(|of| of.steps.last_mut())
        {
            step.waits = step.at == call.method.span().start();
        }
        let outer = std::mem::replace(&mut self.in_condition, false);
        self.visit_block(&choice.body);
        self.in_condition = outer;
    }

    fn visit_expr_match(&mut self, choice: &'ast syn::ExprMatch) {
        self.condition(&choice.expr);
        let id = self.choice();
        for (nth, arm) in choice.arms.iter().enumerate() {
            self.arm(id, nth, |this| this.visit_arm(arm));
        }
    }

    fn visit_expr_unsafe(&mut self, block: &'ast syn::ExprUnsafe) {
        let outer = std::mem::replace(&mut self.is_unsafe, true);
        visit::visit_expr_unsafe(self, block);
        self.is_unsafe = outer;
    }

    fn visit_expr_path(&mut self, path: &'ast syn::ExprPath) {
        if let Some(name) = path.path.get_ident().map(ToString::to_string)
            && self.is_unsafe
            && self.declared.static_mut.contains(&name)
        {
            let on = Place { text: name.clone(), name };
            self.step(path.span(), path.span(), What::Plain(on));
        }
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        let name = call.method.to_string();
        self.visit_expr(&call.receiver);
        self.arguments(&name, &call.args);
        self.call(call.method.span(), call.span(), &name, Some(&call.receiver), &call.args);
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        let Expr::Path(path) = &*call.func else { return visit::visit_expr_call(self, call) };
        let Some(last) = path.path.segments.last() else { return };
        let name = last.ident.to_string();
        self.arguments(&name, &call.args);
        self.call(call.span(), call.span(), &name, None, &call.args);
    }

    fn visit_macro(&mut self, invoked: &'ast syn::Macro) {
        let name = invoked.path.segments.last().map(|last| last.ident.to_string());
        match inside::of(invoked) {
            Some(Inside::Arguments(all)) => all.iter().for_each(|one| self.visit_expr(one)),
            Some(Inside::Statements(all)) => all.iter().for_each(|one| self.visit_stmt(one)),
            Some(Inside::Items(all)) => all.iter().for_each(|one| self.visit_item(one)),
            Some(Inside::Cases(all)) => {
                for (name, body) in &all {
                    self.by_itself(Some(name.clone()), body);
                }
            }
            None => self.passed_over += usize::from(inside::hides_orderings(invoked)),
        }
        if name.is_some_and(|name| may_order(&name, None, false)) {
            self.step(invoked.path.span(), invoked.path.span(), What::Unknown);
        }
    }
}

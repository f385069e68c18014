//! What a reader calls a site: the function around it, and the text of the call.

use proc_macro2::{LineColumn, Span};
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, Expr, Ident, Token};

/// A site as the source shows it: `Ring::push` and `self.tail.store`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Name {
    /// The function around it, or the case where it stands in the body of a case itself.
    pub function: String,
    /// Receiver and method, or the function called.
    pub operation: String,
}

/// The name of every call in a case file, by line and column, both from 1.
pub struct Names<'a> {
    lines: Vec<&'a str>,
    functions: Vec<String>,
    types: Vec<String>,
    calls: Vec<((usize, usize), Name)>,
}

impl<'a> Names<'a> {
    /// Reads a case file. What does not parse has no names.
    pub fn of(source: &'a str) -> Self {
        let mut names = Names {
            lines: source.lines().collect(),
            functions: Vec::new(),
            types: Vec::new(),
            calls: Vec::new(),
        };
        if let Ok(file) = syn::parse_file(source) {
            names.visit_file(&file);
        }
        names
    }

    /// The name of the call at this line and column; the text of the line where there is none.
    pub fn at(&self, line: u32, column: u32) -> Name {
        let place = (line as usize, column as usize);
        let known = self.calls.iter().find(|(at, _)| *at == place);
        known.map(|(_, name)| name.clone()).unwrap_or_else(|| Name {
            function: String::new(),
            operation: self.lines.get(place.0 - 1).unwrap_or(&"").trim().to_string(),
        })
    }

    /// Whether some call of the file has this name: `Ring::push: self.tail.store`.
    pub fn has(&self, name: &str) -> bool {
        self.calls.iter().any(|(_, Name { function, operation })| match function.is_empty() {
            true => name == operation,
            false => name.strip_prefix(&format!("{function}: ")) == Some(operation),
        })
    }

    fn note(&mut self, at: Span, from: Span, to: Span) {
        let LineColumn { line, column } = at.start();
        let name = Name {
            function: self.functions.last().cloned().unwrap_or_default(),
            operation: self.text(from.start(), to.end()),
        };
        self.calls.push(((line, column + 1), name));
    }

    /// The source between two places, in one line.
    fn text(&self, from: LineColumn, to: LineColumn) -> String {
        let mut text = String::new();
        for number in from.line..=to.line {
            let line = self.lines.get(number - 1).unwrap_or(&"");
            let end = if number == to.line { to.column } else { usize::MAX };
            let start = if number == from.line { from.column } else { 0 };
            text += line.chars().take(end).skip(start).collect::<String>().trim();
        }
        text
    }

    fn within(&mut self, function: String, visit: impl FnOnce(&mut Self)) {
        self.functions.push(function);
        visit(self);
        self.functions.pop();
    }

    fn method(&mut self, name: &Ident, visit: impl FnOnce(&mut Self)) {
        let of = self.types.last().map(|of| format!("{of}::")).unwrap_or_default();
        self.within(format!("{of}{name}"), visit);
    }
}

impl<'ast> Visit<'ast> for Names<'_> {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.within(item.sig.ident.to_string(), |this| visit::visit_item_fn(this, item));
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        let of = match &*item.self_ty {
            syn::Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
            _ => None,
        };
        self.types.push(of.unwrap_or_default());
        visit::visit_item_impl(self, item);
        self.types.pop();
    }

    fn visit_item_trait(&mut self, item: &'ast syn::ItemTrait) {
        self.types.push(item.ident.to_string());
        visit::visit_item_trait(self, item);
        self.types.pop();
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.method(&item.sig.ident, |this| visit::visit_impl_item_fn(this, item));
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        self.method(&item.sig.ident, |this| visit::visit_trait_item_fn(this, item));
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        self.note(call.method.span(), call.receiver.span(), call.method.span());
        visit::visit_expr_method_call(self, call);
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        self.note(call.span(), call.func.span(), call.func.span());
        visit::visit_expr_call(self, call);
    }

    fn visit_macro(&mut self, invoked: &'ast syn::Macro) {
        if invoked.path.is_ident("cases") {
            for (name, body) in bodies(invoked) {
                self.within(name, |this| this.visit_expr(&body));
            }
        } else if let Ok(arguments) =
            Punctuated::<Expr, Token![,]>::parse_terminated.parse2(invoked.tokens.clone())
        {
            arguments.iter().for_each(|argument| self.visit_expr(argument));
        }
    }
}

/// The cases that `cases!` declares, each with its body.
pub fn bodies(cases: &syn::Macro) -> Vec<(String, Expr)> {
    let cases = many::<Case>.parse2(cases.tokens.clone()).unwrap_or_default();
    cases.into_iter().map(|case| (case.name.to_string(), case.body)).collect()
}

/// One case of `cases!`: `/// doc` `name: expectation => body;`.
struct Case {
    name: Ident,
    body: Expr,
}

impl Parse for Case {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        Attribute::parse_outer(input)?;
        let name = input.parse()?;
        input.parse::<Token![:]>()?;
        input.parse::<Expr>()?;
        input.parse::<Token![=>]>()?;
        let body = input.parse()?;
        input.parse::<Token![;]>()?;
        Ok(Case { name, body })
    }
}

fn many<T: Parse>(input: ParseStream<'_>) -> syn::Result<Vec<T>> {
    let mut all = Vec::new();
    while !input.is_empty() {
        all.push(input.parse()?);
    }
    Ok(all)
}

//! What a file declares that patterns are about: cells and flags by their types, `static mut`, and where a field belongs.

use std::collections::{BTreeMap, BTreeSet};

use syn::Type;
use syn::spanned::Spanned;
use syn::visit::Visit;

use super::inside::{self, Inside};

/// The fields and statics of a file.
#[derive(Debug, Default)]
pub struct Declared {
    /// The words of each field's type, by the structure and the field; statics belong to the structure `static`.
    fields: BTreeMap<(String, String), BTreeSet<String>>,
    /// The lines on which each name is declared.
    lines: BTreeMap<String, Vec<usize>>,
    /// Every `static mut`.
    pub static_mut: BTreeSet<String>,
    /// What the file names in its `use`, word by word.
    pub used: BTreeSet<String>,
}

impl Declared {
    /// What a file declares.
    pub fn of(file: &syn::File, source: &str) -> Declared {
        let mut reader = Reader { source, declared: Declared::default() };
        reader.visit_file(file);
        reader.declared
    }

    /// The structures that have a field of this name with one of these words in its type.
    pub fn structures(&self, field: &str, words: &[&str]) -> BTreeSet<&str> {
        let fields = self.fields.iter().filter(|((_, name), of)| name == field && has(of, words));
        fields.map(|((structure, _), _)| &structure[..]).collect()
    }

    /// Whether a structure has a field with one of these words in its type.
    pub fn has_field_with(&self, structure: &str, words: &[&str]) -> bool {
        self.fields.iter().any(|((of, _), types)| of == structure && has(types, words))
    }

    /// The lines on which something of this name is declared.
    pub fn lines(&self, name: &str) -> &[usize] {
        self.lines.get(name).map(|lines| &lines[..]).unwrap_or_default()
    }
}

fn has(of: &BTreeSet<String>, words: &[&str]) -> bool {
    words.iter().any(|word| of.contains(*word))
}

struct Reader<'a> {
    source: &'a str,
    declared: Declared,
}

impl Reader<'_> {
    fn note(&mut self, structure: &str, name: String, of: &Type, line: usize) {
        self.declared.lines.entry(name.clone()).or_default().push(line);
        let text = self.source.get(of.span().byte_range()).unwrap_or_default();
        let words = text.split(|c: char| !c.is_alphanumeric() && c != '_').map(str::to_string);
        self.declared.fields.insert((structure.to_string(), name), words.collect());
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item_struct(&mut self, item: &'ast syn::ItemStruct) {
        let structure = item.ident.to_string();
        for (nth, field) in item.fields.iter().enumerate() {
            let name = field.ident.as_ref().map_or(nth.to_string(), ToString::to_string);
            let at = field.ident.as_ref().map_or(field.ty.span(), syn::Ident::span);
            self.note(&structure, name, &field.ty, at.start().line);
        }
    }

    fn visit_item_static(&mut self, item: &'ast syn::ItemStatic) {
        let name = item.ident.to_string();
        if matches!(item.mutability, syn::StaticMutability::Mut(_)) {
            self.declared.static_mut.insert(name.clone());
        }
        self.note("static", name, &item.ty, item.ident.span().start().line);
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        for path in crate::own::source::leaves(&item.tree) {
            self.declared.used.extend(path);
        }
    }

    fn visit_macro(&mut self, invoked: &'ast syn::Macro) {
        match inside::of(invoked) {
            Some(Inside::Items(items)) => items.iter().for_each(|item| self.visit_item(item)),
            Some(Inside::Statements(all)) => all.iter().for_each(|one| self.visit_stmt(one)),
            _ => {}
        }
    }

    fn visit_attribute(&mut self, _: &'ast syn::Attribute) {}
}

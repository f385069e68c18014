//! How to cite a case: in a comment, in a review, in a paper.

use super::Book;
use super::html::{block, escaped};
use casebook_core::case::Entry;
use casebook_harness::cite::Citation;
use casebook_harness::run::Checked;

/// The three forms, each in a block with a button that copies it.
pub(super) fn cite(book: &Book, entry: &Entry) -> String {
    // What real threads did cannot be repeated, so it is not cited.
    let results = book.results(entry).into_iter().filter(|(engine, _)| !engine.runs_real_threads());
    let verdicts: Vec<Checked> = results.filter_map(|(_, checked)| checked.cloned()).collect();
    let citation = Citation::of(entry, &verdicts, book.justified.get(entry.shape.stem()));
    let citation = citation.at(book.address.as_deref());
    let forms = [
        ("Above an operation", citation.comment()),
        ("In a review", citation.markdown()),
        ("In a bibliography", citation.bibtex()),
    ];
    let blocks = forms.iter().map(|(what, text)| format!("<p>{what}:</p>\n{}", block(text)));
    let blocks: String = blocks.collect();
    let id = escaped(&entry.id);
    format!(
        "<details class=\"cite\"><summary>Cite <code class=\"nohighlight\">{id}</code></summary>\n\
         {blocks}</details>\n"
    )
}

//! The ledger's page: what people say about concurrency, each with a verdict and what shows it.

use super::html::{escaped, heading};
use super::indexes::leaf;
use super::{Book, Page};
use casebook_harness::ledger::{Claim, Verdict, ledger};

/// Article by article.
pub(super) fn page(book: &Book) -> Page {
    let claims = ledger();
    let count = |verdict| claims.iter().filter(|claim| claim.verdict == verdict).count();
    let mut html = heading(1, "ledger", "What people say");
    html += &format!(
        "<p>{} claims about Rust's concurrency, from articles and from common belief: {} upheld, {} refuted, \
         {} in need of a condition. Each verdict is shown by cases.</p>\n",
        claims.len(),
        count(Verdict::Upheld),
        count(Verdict::Refuted),
        count(Verdict::NeedsCondition)
    );
    for article in claims.chunk_by(|a, b| a.article == b.article) {
        let id = article[0].article.replace('_', "-");
        html += &heading(2, &format!("article-{id}"), &escaped(&article[0].title));
        html += &article.iter().map(|one| claim(book, one)).collect::<String>();
    }
    leaf("What people say", "ledger.html", html)
}

fn claim(book: &Book, claim: &Claim) -> String {
    let class = claim.verdict.to_string().replace(' ', "-");
    let cites: Vec<String> = claim.cites.iter().map(|cite| cited(book, cite)).collect();
    format!(
        "<div class=\"claim\">\n<p class=\"said\">{}</p>\n<p><span class=\"badge {class}\">{}</span> {}</p>\n\
         <p class=\"shown\">Shown by {}</p>\n</div>\n",
        book.links.prose(&claim.claim),
        claim.verdict,
        book.links.prose(&claim.why),
        cites.join(" · ")
    )
}

/// An id, or a file of what must not compile, or its twin.
fn cited(book: &Book, cite: &str) -> String {
    let file = cite.replace(".hole.rs", ".rs").replace(".ok.rs", ".rs");
    match book.refused.iter().find(|refused| refused.file == file) {
        Some(refused) => {
            let (address, cite) = (refused.address(), escaped(cite));
            format!("<a class=\"case\" href=\"@/{address}\">{cite}</a>")
        }
        None => book.links.case(cite),
    }
}

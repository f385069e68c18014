//! "Ten cases to begin with": each needs the one before, and ends in a question that one changed line answers.

use casebook_harness::ladder::{Step, ladder};

use super::html::{block, code, escaped, heading};
use super::indexes::leaf;
use super::{Book, Page};

/// Step by step.
pub(super) fn page(book: &Book) -> Page {
    let name = "Ten cases to begin with";
    let mut html = heading(1, "ladder", name);
    html += &format!(
        "<p>For who knows Rust and is new to this. Read the case, its twin that fails, and what a step says that you learn. Then \
         answer the question: change the line in the case's file, and look with {}. Each step needs the one before it. The \
         answer is folded away.</p>\n",
        code("casebook check FILE.rs")
    );
    for (nth, one) in ladder().iter().enumerate() {
        html += &step(book, nth + 1, one);
    }
    leaf(name, "ladder.html", html)
}

fn step(book: &Book, nth: usize, step: &Step) -> String {
    let needs: Vec<String> = step.needs.iter().map(|id| book.links.case(id)).collect();
    let needs = match needs.is_empty() {
        true => String::new(),
        false => format!("<p>Needs {}</p>\n", needs.join(" and ")),
    };
    let finds = match step.finds.as_str() {
        "holds" => "It still holds.".to_string(),
        kind => format!("It fails: {}.", escaped(kind)),
    };
    format!(
        "{}<p>{}</p>\n<p>Holds: {}. Fails: {}.</p>\n{needs}<p class=\"use\">{}</p>\n<p>Change this</p>\n{}<p>to this</p>\n{}\
         <details><summary>What is found</summary><p>{finds} {}</p></details>\n",
        heading(2, &format!("step{nth}"), &format!("{nth}. {}", escaped(title(&step.case)))),
        book.links.prose(&step.learns),
        book.links.case(&step.case),
        book.links.case(&step.twin),
        book.links.prose(&step.question),
        block(&step.line),
        block(&step.becomes),
        book.links.prose(&step.because),
    )
}

/// The file's name: what a step is called.
fn title(id: &str) -> &str {
    id.split_once('/').map_or(id, |(stem, _)| stem)
}

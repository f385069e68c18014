//! "How to read a verdict": for a reviewer who has one minute.

use super::Page;
use super::html::{code, escaped, heading, table};
use super::indexes::leaf;

/// What each word claims, and what it leaves open.
const WORDS: [(&str, &str, &str, &str); 6] = [
    (
        "proved",
        "proved",
        "Every execution that the engine's model allows was visited, and none fails.",
        "Other programs, and what is outside of the model. The row says which model that is.",
    ),
    (
        "refuted",
        "refuted",
        "An execution fails. It is shown, and a command runs it again.",
        "Nothing, unless the case declares a false alarm: then the verdict has a °.",
    ),
    (
        "explored",
        "explored",
        "loom's search came to its end.",
        "Whatever loom skips. It is no proof.",
    ),
    (
        "sampled",
        "sampled",
        "So many executions, chosen at random, passed.",
        "All the others. It is no proof.",
    ),
    (
        "bounded",
        "bounded",
        "What was visited until a bound passed.",
        "All that is behind the bound. It is no proof.",
    ),
    (
        "not-run",
        "not run",
        "Nothing.",
        "All. The engine has no model of something, or the failure is undefined behaviour and must not be run for real.",
    ),
];

/// The page.
pub(super) fn page() -> Page {
    let name = "How to read a verdict";
    let mut html = heading(1, "verdict", name);
    html += "<ol>\n";
    for (what, how) in [
        (
            "Read the claim",
            "at the top of the page, and what the case declares: that it holds, or how it fails.",
        ),
        (
            "Look at rc11 first.",
            "Its <span class=\"badge proved\">proved</span> is about every execution that RC11 allows, and its \
             <span class=\"badge refuted\">refuted</span> shows one that fails. The other engines are \
             there because each sees some things otherwise.",
        ),
        (
            "Look for marks.",
            "° the engine is declared to be wrong here, and the row says why. † load buffering could arise, which C++ and Rust allow \
             and RC11 does not. ‡ RC11 allows what the letter of C++20 does \
             not. ✗ the verdict is not what the case declares: do not rely on the page.",
        ),
        (
            "Read what it does not show.",
            "Each file says so above its table. A case speaks for its own small program: compare yours with the source.",
        ),
        (
            "See for yourself.",
            "Below each refutation stands the execution, as a picture, as steps and in words, and under <i>Run it again</i> the \
             command that repeats it.",
        ),
    ] {
        html += &format!("<li><strong>{what}</strong> {how}</li>\n");
    }
    html += "</ol>\n";
    html += &heading(2, "the-words", "The words");
    let row = |(class, word, says, open): (&str, &str, &str, &str)| {
        let word = format!("<span class=\"badge {class}\">{word}</span>");
        vec![word, escaped(says), escaped(open)]
    };
    let rows: Vec<Vec<String>> = WORDS.into_iter().map(row).collect();
    html += &table("words", &["verdict", "what it says", "what it leaves open"], &rows);
    html += "<p>The number behind the word is how many executions were visited. Under native real threads ran the case, on the machine \
             that wrote this book: that they pass proves nothing, and how often they did is not told here.</p>\n";
    html += &heading(2, "an-ordering", "Is this ordering needed?");
    html += &format!(
        "<p>Where a case holds, a table says of each memory ordering whether it is <span class=\"badge load-bearing\">load-bearing\
         </span>, and leads to the execution that fails with a weaker one; or <span class=\"badge slack\">slack</span>, and down \
         to what. {} answers that for the loom tests of a crate of your own.</p>\n",
        code("cargo casebook justify")
    );
    html += &heading(2, "to-cite", "To rely on it");
    html += "<p>Cite the id: it is stable and never reused. What is under <i>Cite</i> on each page has the verdicts, the model and the \
             commit that gave them. <a href=\"@/engines.html\">What a verdict proves</a> has all of this in full.</p>\n";
    leaf(name, "verdict.html", html)
}

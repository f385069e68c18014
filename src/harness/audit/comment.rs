//! The comments of a file, which `syn` throws away: what stands between the tokens, and what stands where.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};

/// Words by which a comment says something of memory order. A comment without any of them is about something else.
const OF_ORDER: [&str; 16] = [
    "relaxed",
    "acquire",
    "release",
    "acqrel",
    "seqcst",
    "sequential",
    "ordering",
    "order",
    "synchroni",
    "happens-before",
    "happens before",
    "pairs",
    "publish",
    "fence",
    "barrier",
    "as above",
];

/// The comments of a file by their lines, from 1.
#[derive(Debug, Default)]
pub struct Comments {
    lines: BTreeMap<usize, String>,
    /// The lines with something else than comments and attributes.
    code: BTreeSet<usize>,
    /// The lines with attributes.
    attributes: BTreeSet<usize>,
}

impl Comments {
    /// Those of a text. It is no error if it is no Rust: then there are none.
    pub fn of(text: &str) -> Comments {
        let mut comments = Comments::default();
        let Ok(tokens) = text.parse::<TokenStream>() else { return comments };
        let mut reader = Reader { text, at: 0, line: 1, comments: &mut comments };
        reader.all(tokens);
        reader.between(text.len());
        comments
    }

    /// What is said of an operation in these lines of its statement: in them, behind them, and directly above.
    pub fn at(&self, from: usize, to: usize) -> Vec<&str> {
        let inside = self.lines.range(from..=to).map(|(_, text)| &text[..]);
        self.above(from).into_iter().chain(inside).collect()
    }

    /// The comment directly above a line, attributes between them aside.
    pub fn above(&self, line: usize) -> Vec<&str> {
        let mut first = line;
        while first > 1 && !self.code.contains(&(first - 1)) {
            let above = first - 1;
            if !self.lines.contains_key(&above) && !self.attributes.contains(&above) {
                break;
            }
            first = above;
        }
        self.lines.range(first..line).map(|(_, text)| &text[..]).collect()
    }

    /// The comments in the lines above that no empty line parts from this one.
    pub fn in_paragraph(&self, line: usize) -> Vec<&str> {
        let is_there = |line: &usize| {
            let line = &(line - 1);
            self.code.contains(line)
                || self.lines.contains_key(line)
                || self.attributes.contains(line)
        };
        let mut first = line;
        while first > 1 && is_there(&first) {
            first -= 1;
        }
        self.lines.range(first..line).map(|(_, text)| &text[..]).collect()
    }

    /// All of them, each with its line.
    pub fn all(&self) -> impl Iterator<Item = (usize, &str)> {
        self.lines.iter().map(|(line, text)| (*line, &text[..]))
    }

    /// The first line below a comment that has code: what a comment of its own line is about.
    pub fn code_from(&self, line: usize) -> Option<usize> {
        self.code.range(line..).next().copied()
    }
}

/// Whether a comment says something of memory order.
pub fn is_of_order(text: &str) -> bool {
    let text = text.to_lowercase();
    OF_ORDER.iter().any(|word| text.contains(word))
}

/// Whether a comment names this ordering.
pub fn names(text: &str, ordering: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric()).any(|word| word.eq_ignore_ascii_case(ordering))
}

struct Reader<'a> {
    text: &'a str,
    /// How far it was read, in bytes, and the line there.
    at: usize,
    line: usize,
    comments: &'a mut Comments,
}

impl Reader<'_> {
    fn all(&mut self, tokens: TokenStream) {
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            let (is_hash, span) =
                (matches!(&token, TokenTree::Punct(mark) if mark.as_char() == '#'), token.span());
            match token {
                TokenTree::Group(group) => {
                    self.token(group.span_open().byte_range(), false);
                    self.all(group.stream());
                    self.token(group.span_close().byte_range(), false);
                }
                _ if is_hash && matches!(tokens.peek(), Some(TokenTree::Group(_))) => {
                    self.token(span.byte_range(), true);
                    // The attribute itself.
                    let group = tokens.next().expect("it was seen");
                    self.token(group.span().byte_range(), true);
                }
                _ => self.token(span.byte_range(), false),
            }
        }
    }

    /// A token, after what stands before it. Those of a doc comment all have its place.
    fn token(&mut self, range: std::ops::Range<usize>, of_attribute: bool) {
        if range.end <= self.at {
            return;
        }
        self.between(range.start);
        let token = &self.text[range.clone()];
        if token.starts_with("//") || token.starts_with("/*") {
            return self.between(range.end);
        }
        let last = self.line + token.matches('\n').count();
        let kind =
            if of_attribute { &mut self.comments.attributes } else { &mut self.comments.code };
        kind.extend(self.line..=last);
        (self.line, self.at) = (last, range.end);
    }

    /// Reads on to a place, with nothing but comments and blanks until there.
    fn between(&mut self, end: usize) {
        let gap = &self.text[self.at..end];
        for (nth, line) in gap.split('\n').enumerate() {
            self.line += usize::from(nth > 0);
            let marks = |c: char| c == '/' || c == '!' || c == '*';
            let words = line.trim().trim_start_matches(marks).trim_end_matches(marks).trim();
            if !words.is_empty() {
                let known = self.comments.lines.entry(self.line).or_default();
                *known = format!("{known} {words}").trim().to_string();
            }
        }
        self.at = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "//! Of the file.\n\n/// Of f.\n#[inline]\nfn f() {\n    let a = \"// no comment\";\n\n    \
                        // Relaxed: one\n    // two\n    g(a); // behind\n    h(a) /* in */ ;\n}\n";

    #[test]
    fn comments_stand_where_they_stand() {
        let comments = Comments::of(TEXT);
        let all: Vec<_> = comments.all().collect();
        let expected = [
            (1, "Of the file."),
            (3, "Of f."),
            (8, "Relaxed: one"),
            (9, "two"),
            (10, "behind"),
            (11, "in"),
        ];
        assert_eq!(all, expected);
        assert_eq!(comments.above(5), ["Of f."]);
        assert_eq!(comments.at(10, 10), ["Relaxed: one", "two", "behind"]);
        assert_eq!(
            comments.at(11, 11),
            ["in"],
            "what stands behind the line above is of that line"
        );
        assert_eq!(comments.in_paragraph(11), ["Relaxed: one", "two", "behind"]);
        assert_eq!(comments.in_paragraph(6), ["Of f."], "up to the empty line");
        assert_eq!(comments.code_from(8), Some(10));
    }

    #[test]
    fn a_comment_is_of_order_by_its_words() {
        for text in ["Acquire: pairs with", "orders nothing", "as above", "synchronises"] {
            assert!(is_of_order(text), "{text}");
        }
        assert!(!is_of_order("count one more"));
        assert!(names("Relaxed, since", "Relaxed") && !names("Relaxedly", "Relaxed"));
    }
}

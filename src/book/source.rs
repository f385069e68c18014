//! Rust source as HTML: every line has an address, and every memory ordering stands out.

use super::html::escaped;

const KEYWORDS: [&str; 38] = [
    "as", "async", "await", "break", "const", "continue", "crate", "dyn", "else", "enum", "extern",
    "false", "fn", "for", "if", "impl", "in", "let", "loop", "match", "mod", "move", "mut", "pub",
    "ref", "return", "self", "static", "struct", "super", "trait", "true", "type", "union",
    "unsafe", "use", "where", "while",
];

/// The class of an ordering's name; none for another word.
pub(super) fn ordering(word: &str) -> Option<&'static str> {
    Some(match word {
        "Relaxed" => "relaxed",
        "Acquire" => "acquire",
        "Release" => "release",
        "AcqRel" => "acqrel",
        "SeqCst" => "seqcst",
        "fence" => "fence",
        _ => return None,
    })
}

/// The text as a block whose lines are called `{prefix}1`, `{prefix}2`, ...
pub(super) fn rust(text: &str, prefix: &str) -> String {
    let mut lines = vec![String::new()];
    for (class, token) in tokens(text) {
        for (nth, part) in token.split('\n').enumerate() {
            if nth > 0 {
                lines.push(String::new());
            }
            let line = lines.last_mut().expect("there is a first line");
            *line += &marked(class, part);
        }
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    let lines: Vec<String> = (1..)
        .zip(lines)
        .map(|(nr, line)| format!("<span class=\"line\" id=\"{prefix}{nr}\">{line}</span>"))
        .collect();
    let lines = lines.join("\n");
    format!(
        "<pre class=\"source\" tabindex=\"0\"><code class=\"nohighlight\">{lines}</code></pre>\n"
    )
}

/// A piece of one line.
fn marked(class: &str, part: &str) -> String {
    match class {
        _ if part.is_empty() => String::new(),
        "" => escaped(part),
        // Its first word often names the ordering that it explains.
        "comment" => {
            let words = part.split_inclusive(|c: char| !c.is_ascii_alphanumeric());
            let words = words.map(|word| {
                let name = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
                match ordering(name) {
                    Some(_) => {
                        format!("<b>{}</b>{}", escaped(name), escaped(&word[name.len()..]))
                    }
                    None => escaped(word),
                }
            });
            format!("<i class=\"comment\">{}</i>", words.collect::<String>())
        }
        "ordering" => {
            let ordering = ordering(part).unwrap_or_default();
            format!("<b class=\"ordering {ordering}\">{}</b>", escaped(part))
        }
        class => format!("<span class=\"{class}\">{}</span>", escaped(part)),
    }
}

/// The text in pieces, each with its class. Together they are the text.
pub fn tokens(text: &str) -> Vec<(&'static str, &str)> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (class, length) = token(rest, first);
        let (token, after) = rest.split_at(length.clamp(first.len_utf8(), rest.len()));
        tokens.push((class, token));
        rest = after;
    }
    tokens
}

/// The class and the length of the piece that `text` begins with.
fn token(text: &str, first: char) -> (&'static str, usize) {
    let while_in = |holds: fn(char) -> bool| text.find(|c| !holds(c)).unwrap_or(text.len());
    if text.starts_with("//") {
        return ("comment", text.find('\n').unwrap_or(text.len()));
    }
    if text.starts_with("/*") {
        return ("comment", text.find("*/").map_or(text.len(), |end| end + 2));
    }
    if let Some(length) = raw_string(text) {
        return ("string", length);
    }
    match first {
        '"' => ("string", 1 + until_quote(&text[1..], '"')),
        '\'' => quoted(text),
        c if c.is_ascii_digit() => ("number", while_in(|c| c.is_ascii_alphanumeric() || c == '_')),
        c if c.is_alphabetic() || c == '_' => {
            let length = while_in(|c| c.is_alphanumeric() || c == '_');
            (word(&text[..length], &text[length..]), length)
        }
        _ => ("", first.len_utf8()),
    }
}

fn word(word: &str, after: &str) -> &'static str {
    match word {
        "fence" if !after.starts_with('(') => "",
        word if ordering(word).is_some() => "ordering",
        word if KEYWORDS.contains(&word) => "keyword",
        _ if after.starts_with('!') && !after.starts_with("!=") => "macro",
        _ if word.starts_with(|c: char| c.is_uppercase()) => "type",
        _ => "",
    }
}

/// The length of `r#"..."#` at the beginning of a text.
fn raw_string(text: &str) -> Option<usize> {
    let rest = text.strip_prefix("br").or_else(|| text.strip_prefix('r'))?;
    let hashes = rest.find(|c| c != '#')?;
    rest[hashes..].starts_with('"').then(|| {
        let begin = text.len() - rest.len() + hashes + 1;
        let end = format!("\"{}", &rest[..hashes]);
        text[begin..].find(&end).map_or(text.len(), |at| begin + at + end.len())
    })
}

/// A character literal, or a lifetime.
fn quoted(text: &str) -> (&'static str, usize) {
    let mut chars = text[1..].chars();
    match (chars.next(), chars.next()) {
        (Some('\\'), _) => ("string", 1 + until_quote(&text[1..], '\'')),
        (Some(c), Some('\'')) => ("string", 2 + c.len_utf8()),
        _ => {
            let name = text[1..].find(|c: char| !c.is_alphanumeric() && c != '_');
            ("lifetime", name.map_or(text.len(), |length| 1 + length))
        }
    }
}

/// How far it is behind the closing quote, which a backslash hides.
fn until_quote(text: &str, quote: char) -> usize {
    let mut hidden = false;
    for (at, c) in text.char_indices() {
        if c == quote && !hidden {
            return at + 1;
        }
        hidden = c == '\\' && !hidden;
    }
    text.len()
}

//! HTML as text: what in prose becomes a link, and how a page passes through Markdown.

use std::collections::BTreeSet;

pub(super) use casebook_harness::report::escaped;

/// What prose can link to. Links are written from the book's root, as `@/case/seqlock.html`, and
/// [`finished`] makes them relative.
#[derive(Default)]
pub(super) struct Links {
    ids: BTreeSet<String>,
}

impl Links {
    /// Knows these cases.
    pub fn new(ids: impl IntoIterator<Item = String>) -> Self {
        Links { ids: ids.into_iter().collect() }
    }

    /// Whether the book has this case.
    pub fn has(&self, id: &str) -> bool {
        self.ids.contains(id)
    }

    /// A case by its id, linked where the book has it.
    pub fn case(&self, id: &str) -> String {
        match id.split_once('/').filter(|_| self.has(id)) {
            Some((stem, name)) => {
                format!("<a class=\"case\" href=\"@/case/{stem}.html#{name}\">{}</a>", escaped(id))
            }
            None => code(id),
        }
    }

    /// A sentence of prose: what stands in backticks is code, ids and addresses are links.
    pub fn prose(&self, text: &str) -> String {
        let mut html = String::new();
        for (nth, part) in text.split('`').enumerate() {
            match nth % 2 {
                0 => html += &emphasis(&self.words(part)),
                _ if self.has(part) => html += &self.case(part),
                _ => html += &code(part),
            }
        }
        html
    }

    /// Prose without code.
    fn words(&self, text: &str) -> String {
        let linked = text.split(' ').map(|word| {
            let core = word.trim_matches(|c: char| ".,;:()".contains(c));
            let target = match core {
                core if core.contains('/') && self.has(core) => self.case(core),
                core if core.starts_with("https://") => {
                    let address = escaped(core);
                    format!("<a href=\"{address}\">{address}</a>")
                }
                _ => return escaped(word),
            };
            let at = word.find(core).unwrap_or(0);
            format!("{}{target}{}", escaped(&word[..at]), escaped(&word[at + core.len()..]))
        });
        linked.collect::<Vec<_>>().join(" ")
    }
}

/// `**strong**` and `*emphasized*` words.
fn emphasis(html: &str) -> String {
    let tagged = |html: &str, mark: &str, tag: &str| {
        let parts: Vec<&str> = html.split(mark).collect();
        // A mark without its partner is itself.
        let paired = parts.len() % 2 == 1;
        let tags = [format!("<{tag}>"), format!("</{tag}>")];
        let joint = |nth: usize| if paired { tags[(nth + 1) % 2].as_str() } else { mark };
        let rest = parts.iter().enumerate().skip(1);
        parts[0].to_string()
            + &rest.map(|(nth, part)| joint(nth).to_string() + part).collect::<String>()
    };
    tagged(&tagged(html, "**", "strong"), "*", "em")
}

/// A number of things.
pub(super) fn counted(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}

/// Code within a sentence.
pub(super) fn code(text: &str) -> String {
    format!("<code class=\"nohighlight\">{}</code>", escaped(text))
}

/// Text in a block of its own, with a button that copies it.
pub(super) fn block(text: &str) -> String {
    format!("<pre><code class=\"nohighlight\">{}</code></pre>\n", escaped(text.trim_end()))
}

/// A heading that can be linked to.
pub(super) fn heading(level: u8, id: &str, html: &str) -> String {
    let link = format!("<a class=\"header\" href=\"#{id}\">{html}</a>");
    format!("<h{level} id=\"{id}\">{link}</h{level}>\n")
}

/// A table that scrolls where it does not fit: the heads, and the rows' cells, of which the first says what the row is about.
pub(super) fn table(class: &str, heads: &[&str], rows: &[Vec<String>]) -> String {
    let heads: String = heads.iter().map(|head| format!("<th scope=\"col\">{head}</th>")).collect();
    let row = |cells: &Vec<String>| {
        let cell = |(nth, cell): (usize, &String)| match nth {
            0 => format!("<th scope=\"row\">{cell}</th>"),
            _ => format!("<td>{cell}</td>"),
        };
        let cells: String = cells.iter().enumerate().map(cell).collect();
        format!("<tr>{cells}</tr>\n")
    };
    let rows: String = rows.iter().map(row).collect();
    let wrapper =
        format!("class=\"table-wrapper\" tabindex=\"0\" role=\"group\" aria-label=\"{class}\"");
    format!(
        "<div {wrapper}><table class=\"{class}\">\n<thead><tr>{heads}</tr></thead>\n\
         <tbody>\n{rows}</tbody></table></div>\n"
    )
}

/// A page as Markdown takes it: one block of HTML, which a blank line would end, with links that
/// are relative to its depth in the book.
pub(super) fn finished(html: &str, path: &str) -> String {
    let mut page = String::with_capacity(html.len());
    for line in html.lines() {
        page.push_str(match line.trim().is_empty() {
            true => "&#10;",
            false if page.is_empty() => "",
            false => "\n",
        });
        page.push_str(line);
    }
    let root = "../".repeat(path.matches('/').count());
    page.replace("=\"@/", &format!("=\"{root}"))
}

//! A cursor over the text of a litmus file hands out tokens and knows where it is.

use std::fmt;

use super::error::{Error, Place};

/// A word of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token<'a> {
    Name(&'a str),
    Number(i64),
    /// An operator or a bracket.
    Symbol(&'a str),
    End,
}

impl fmt::Display for Token<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Token::Name(word) | Token::Symbol(word) => write!(f, "`{word}`"),
            Token::Number(number) => write!(f, "`{number}`"),
            Token::End => f.write_str("the end of the file"),
        }
    }
}

/// Longest first.
const SYMBOLS: [&str; 16] = [
    "/\\", "\\/", "==", "!=", "<>", "=>", "<=", ">=", "&&", "||", "<<", ">>", "++", "--", "+=",
    "-=",
];

#[derive(Clone)]
pub struct Cursor<'a> {
    file: &'a str,
    text: &'a str,
    offset: usize,
    /// Whether `(*` begins a comment: it does outside of threads, and is a dereference in parentheses inside.
    pub stars_comment: bool,
    /// How many brackets are open.
    open: usize,
    /// How many operators there were in the expression or the condition so far.
    operators: usize,
    /// How many `if` there were.
    ifs: usize,
}

/// Reading, running and dropping a test recurse as deep as its brackets nest, and as often as operators, or an `if` and an `if`, follow
/// each other.
const MOST_OPEN: usize = 100;
const MOST_OPERATORS: usize = 1_000;
const MOST_IFS: usize = 100;

/// Does it begin and end what operators stand in, or is it one of them? What stands between their operands is neither.
fn is_end(word: &str) -> bool {
    ["{", "}", ";", "exists", "forall", "filter"].contains(&word)
}

fn is_operator(word: &str) -> bool {
    let symbol = word.chars().all(|c| "/\\=!<>&|^+-*~".contains(c));
    (symbol && word != "=") || word == "not"
}

impl<'a> Cursor<'a> {
    pub fn new(file: &'a str, text: &'a str) -> Self {
        Cursor { file, text, offset: 0, stars_comment: true, open: 0, operators: 0, ifs: 0 }
    }

    fn rest(&self) -> &'a str {
        &self.text[self.offset..]
    }

    /// The same cursor after blanks and comments.
    pub fn at_token(&self) -> Result<Self, Error> {
        let mut at = self.clone();
        at.skip_blanks()?;
        Ok(at)
    }

    /// The text from here to another cursor further on.
    pub fn text_until(&self, end: &Cursor) -> &'a str {
        &self.text[self.offset..end.offset]
    }

    /// The name of the test, in which herd allows some signs.
    pub fn test_name(&mut self) -> Result<&'a str, Error> {
        self.skip_blanks()?;
        let rest = self.rest();
        let name =
            &rest[..rest.find(|c| !is_word(c) && !"/.-+[]:".contains(c)).unwrap_or(rest.len())];
        if name.is_empty() {
            return Err(self.expected("the name of the test"));
        }
        self.offset += name.len();
        Ok(name)
    }

    /// What stands before the initial state, line by line without comments and quotations.
    pub fn lines_before_brace(&mut self) -> Result<Vec<&'a str>, Error> {
        let mut lines = Vec::new();
        loop {
            self.skip_blanks()?;
            let rest = self.rest();
            let end = match rest.chars().next() {
                None => return Err(self.expected("the initial state in braces")),
                Some('{') => return Ok(lines),
                Some('"') => {
                    1 + rest[1..]
                        .find('"')
                        .ok_or_else(|| self.error("this quotation does not end".to_owned()))?
                        + 1
                }
                Some(_) => rest.find(['\n', '{', '"']).unwrap_or(rest.len()),
            };
            lines.push(rest[..end].trim());
            self.offset += end;
        }
    }

    pub fn peek(&self) -> Result<Token<'a>, Error> {
        self.clone().next()
    }

    pub fn next(&mut self) -> Result<Token<'a>, Error> {
        self.skip_blanks()?;
        let rest = self.rest();
        let Some(first) = rest.chars().next() else {
            return Ok(Token::End);
        };
        let length = if first.is_ascii_digit() || is_word(first) {
            rest.find(|c| !is_word(c)).unwrap_or(rest.len())
        } else {
            let symbol = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol));
            symbol.map_or(first.len_utf8(), |symbol| symbol.len())
        };
        let word = &rest[..length];
        let token = if first.is_ascii_digit() {
            Token::Number(
                number(word).ok_or_else(|| self.error(format!("`{word}` is not a number")))?,
            )
        } else if is_word(first) {
            Token::Name(word)
        } else {
            Token::Symbol(word)
        };
        match word {
            "(" | "{" if self.open == MOST_OPEN => {
                return Err(self.unsupported(&format!("nesting deeper than {MOST_OPEN} brackets")));
            }
            "(" | "{" => self.open += 1,
            ")" | "}" => self.open = self.open.saturating_sub(1),
            _ => {}
        }
        self.ifs += usize::from(word == "if");
        self.operators =
            if is_end(word) { 0 } else { self.operators + usize::from(is_operator(word)) };
        for (count, most, what) in [
            (self.operators, MOST_OPERATORS, "operators in one expression"),
            (self.ifs, MOST_IFS, "times `if`"),
        ] {
            if count > most {
                return Err(self.unsupported(&format!("more than {most} {what}")));
            }
        }
        self.offset += length;
        Ok(token)
    }

    /// Consumes the symbol if it is next.
    pub fn take(&mut self, symbol: &str) -> Result<bool, Error> {
        let found = self.peek()? == Token::Symbol(symbol);
        if found {
            self.next()?;
        }
        Ok(found)
    }

    /// Consumes the word if it is next.
    pub fn take_word(&mut self, word: &str) -> Result<bool, Error> {
        let found = self.peek()? == Token::Name(word);
        if found {
            self.next()?;
        }
        Ok(found)
    }

    pub fn expect(&mut self, symbol: &str) -> Result<(), Error> {
        if self.take(symbol)? { Ok(()) } else { Err(self.expected(&format!("`{symbol}`"))) }
    }

    pub fn name(&mut self, what: &str) -> Result<&'a str, Error> {
        match self.peek()? {
            Token::Name(name) => {
                self.next()?;
                Ok(name)
            }
            _ => Err(self.expected(what)),
        }
    }

    /// A number, perhaps negative.
    pub fn number(&mut self) -> Result<i64, Error> {
        let negative = self.take("-")?;
        match self.peek()? {
            Token::Number(number) => {
                self.next()?;
                Ok(if negative { -number } else { number })
            }
            _ => Err(self.expected("a number")),
        }
    }

    /// An error at the next token, which should have been something else.
    pub fn expected(&self, what: &str) -> Error {
        match self.peek() {
            Ok(found) => self.error(format!("expected {what}, found {found}")),
            Err(error) => error,
        }
    }

    /// An error at the next token: something herd may know and this library does not.
    pub fn unsupported(&self, what: &str) -> Error {
        self.error(format!("{what} is outside the supported subset of herd's C litmus format"))
    }

    /// An error at the next token.
    pub fn error(&self, what: String) -> Error {
        let mut at = self.clone();
        // A comment without an end is an error of its own; its start is the place to show.
        let _ = at.skip_blanks();
        let before = &at.text[..at.offset];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = before.matches('\n').count() + 1;
        let column = before[line_start..].chars().count() + 1;
        Error::at(self.file, Place { line, column }, what)
    }

    fn skip_blanks(&mut self) -> Result<(), Error> {
        loop {
            let rest = self.rest();
            self.offset += rest.len() - rest.trim_start().len();
            let rest = self.rest();
            if rest.starts_with("//") {
                self.offset += rest.find('\n').unwrap_or(rest.len());
            } else if rest.starts_with("/*") {
                self.skip_comment("/*", "*/", false)?;
            } else if self.stars_comment && rest.starts_with("(*") {
                self.skip_comment("(*", "*)", true)?;
            } else {
                return Ok(());
            }
        }
    }

    fn skip_comment(&mut self, open: &str, close: &str, nests: bool) -> Result<(), Error> {
        let rest = self.rest();
        let (mut depth, mut at) = (1, open.len());
        while depth > 0 {
            let Some(next) = rest[at..].find(close).map(|found| at + found) else {
                let before = self.text[..self.offset].to_owned();
                let line = before.matches('\n').count() + 1;
                let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
                let what = format!("a comment begins with `{open}` and does not end");
                return Err(Error::at(self.file, Place { line, column }, what));
            };
            match rest[at..next].find(open).filter(|_| nests) {
                Some(inner) => (depth, at) = (depth + 1, at + inner + open.len()),
                None => (depth, at) = (depth - 1, next + close.len()),
            }
        }
        self.offset += at;
        Ok(())
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn number(word: &str) -> Option<i64> {
    match word.strip_prefix("0x").or(word.strip_prefix("0X")) {
        Some(digits) => i64::from_str_radix(digits, 16).ok(),
        None => word.parse().ok(),
    }
}

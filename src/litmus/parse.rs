//! Reading a litmus file: its header, initial state, threads and question.

use super::ast::{Location, Register, Test, Thread, address};
use super::code::Code;
use super::cursor::{Cursor, Token};
use super::error::Error;
use super::hash::Digested;
use super::initial::{Target, bindings};
use super::question;
use super::types::Type;

/// Parses the text of a C litmus test; `file` is the name that errors give.
pub fn parse(text: &str, file: &str) -> Result<Test, Error> {
    let survey = survey(&mut Cursor::new(file, text))?;
    let mut cursor = Cursor::new(file, text);
    let (name, hash) = header(&mut cursor)?;
    let threads = vec![Thread::default(); survey.threads];
    let mut scope = Scope { locations: survey.locations, threads };
    for binding in bindings(&mut cursor)? {
        binding.apply(&mut scope)?;
    }
    for expected in 0..survey.threads {
        let number = thread_number(&cursor)?;
        if number != Some(expected) {
            return Err(
                cursor.expected(&format!("`P{expected}`: threads are P0, P1, ... in order"))
            );
        }
        thread(&mut cursor, &mut scope, expected)?;
    }
    if survey.threads == 0 {
        return Err(cursor.expected("a thread, such as `P0 (atomic_int* x) { ... }`"));
    }
    let mut test = question::parse(&mut cursor, scope, name)?;
    test.hash = hash.unwrap_or_else(|| survey.digested.hash(&test.shown));
    Ok(test)
}

/// What the names of a test mean.
pub(super) struct Scope {
    pub locations: Vec<Location>,
    pub threads: Vec<Thread>,
}

impl Scope {
    pub fn location(&self, name: &str) -> Option<usize> {
        self.locations.iter().position(|location| location.name == name)
    }

    /// The register of that name, which is added if the thread has none yet.
    pub fn register(&mut self, thread: usize, name: &str) -> usize {
        let registers = &mut self.threads[thread].registers;
        registers.iter().position(|register| register.name == name).unwrap_or_else(|| {
            registers.push(Register { name: name.to_owned(), initial: 0 });
            registers.len() - 1
        })
    }
}

/// `C NAME`, then anything up to the brace: a quoted description and `key=value` lines.
fn header(cursor: &mut Cursor) -> Result<(String, Option<String>), Error> {
    if !cursor.take_word("C")? {
        return Err(
            cursor.expected("`C` and the name of the test: only C litmus tests are supported")
        );
    }
    let name = cursor.test_name()?;
    let lines = cursor.lines_before_brace()?;
    let hash = lines.into_iter().find_map(|line| line.strip_prefix("Hash="));
    Ok((name.to_owned(), hash.map(str::to_owned)))
}

/// What must be known before the first expression is read.
struct Survey {
    /// Every location that the initial state or a parameter names, sorted: addresses are made of positions in this list.
    locations: Vec<Location>,
    /// How many threads there are.
    threads: usize,
    digested: Digested,
}

/// Reads the whole file but for the code of the threads.
fn survey(cursor: &mut Cursor) -> Result<Survey, Error> {
    header(cursor)?;
    let bindings = bindings(cursor)?;
    let mut names: Vec<&str> = Vec::new();
    let mut digested = Digested::default();
    names.extend(bindings.iter().filter_map(|binding| match binding.target {
        Target::Location(name) => Some(name),
        Target::Register(..) => None,
    }));
    digested.initial_state(bindings);
    let mut threads = 0;
    while let Some(number) = thread_number(cursor)? {
        threads += 1;
        let parameters = parameters(cursor)?;
        names.extend(parameters.iter().map(|(_, name)| *name));
        digested.thread(number, &parameters, block(cursor)?);
    }
    names.sort_unstable();
    names.dedup();
    let locations =
        names.into_iter().map(|name| Location { name: name.to_owned(), initial: 0 }).collect();
    Ok(Survey { locations, threads, digested })
}

/// `0` if `P0` is next; `void P0` too.
fn thread_number(cursor: &Cursor) -> Result<Option<usize>, Error> {
    let mut ahead = cursor.clone();
    ahead.take_word("void")?;
    Ok(match ahead.peek()? {
        Token::Name(name) => name.strip_prefix('P').and_then(|number| number.parse().ok()),
        _ => None,
    })
}

fn thread(cursor: &mut Cursor, scope: &mut Scope, number: usize) -> Result<(), Error> {
    for (_, name) in parameters(cursor)? {
        let location = scope.location(name).expect("all locations were collected");
        let register = scope.register(number, name);
        scope.threads[number].registers[register].initial = address(location);
    }
    let body = Code { cursor, scope, thread: number }.body()?;
    scope.threads[number].body = body;
    Ok(())
}

/// `P0 (atomic_int* x, volatile int* y)`: the types pointed to, and the names.
fn parameters<'a>(cursor: &mut Cursor<'a>) -> Result<Vec<(Type, &'a str)>, Error> {
    cursor.take_word("void")?;
    cursor.next()?;
    cursor.stars_comment = false;
    cursor.expect("(")?;
    let mut parameters = Vec::new();
    if cursor.take(")")? {
        return Ok(parameters);
    }
    loop {
        let Type::Pointer(to) = Type::parse(cursor)? else {
            return Err(cursor.expected("`*`: a parameter is the address of a shared location"));
        };
        parameters.push((*to, cursor.name("the name of a parameter")?));
        if cursor.take(")")? {
            return Ok(parameters);
        }
        cursor.expect(",")?;
    }
}

/// Passes over `{ ... }` and gives what is between the braces.
fn block<'a>(cursor: &mut Cursor<'a>) -> Result<&'a str, Error> {
    let open = cursor.clone();
    cursor.expect("{")?;
    let inside = cursor.clone();
    let mut depth = 1;
    loop {
        let before = cursor.clone();
        match cursor.next()? {
            Token::Symbol("{") => depth += 1,
            Token::Symbol("}") if depth > 1 => depth -= 1,
            Token::Symbol("}") => {
                cursor.stars_comment = true;
                return Ok(inside.text_until(&before.at_token()?));
            }
            Token::End => return Err(open.error("this brace is not closed".to_owned())),
            _ => {}
        }
    }
}

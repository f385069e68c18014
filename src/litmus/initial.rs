//! Reading the initial state of a litmus test.

use super::ast::{Value, address};
use super::cursor::{Cursor, Token};
use super::error::Error;
use super::parse::Scope;
use super::types::{Type, is_type};

/// One entry of the initial state, such as `int x = 1`.
pub(super) struct Binding<'a> {
    /// The type, as it is spelt there.
    pub declared: Option<String>,
    pub target: Target<'a>,
    pub value: Initial<'a>,
    /// Where it stands.
    at: Cursor<'a>,
}

/// What is given a value; in herd's order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Target<'a> {
    Register(usize, &'a str),
    Location(&'a str),
}

#[derive(Clone, Copy)]
pub(super) enum Initial<'a> {
    Number(Value),
    AddressOf(&'a str),
}

/// `{ x=0; int y = 1; 0:r0=2; int *p = &x; atomic_int z }`; the first thread comes next.
pub(super) fn bindings<'a>(cursor: &mut Cursor<'a>) -> Result<Vec<Binding<'a>>, Error> {
    cursor.expect("{")?;
    let mut bindings = Vec::new();
    loop {
        while cursor.take(";")? {}
        if cursor.take("}")? {
            return Ok(bindings);
        }
        bindings.push(binding(cursor)?);
        if !matches!(cursor.peek()?, Token::Symbol(";" | "}")) {
            return Err(cursor.expected("`;` or `}` in the initial state"));
        }
    }
}

fn binding<'a>(cursor: &mut Cursor<'a>) -> Result<Binding<'a>, Error> {
    let at = cursor.clone();
    let declared = declared_type(cursor)?;
    let target = target(cursor)?;
    let value = if cursor.take("=")? { initial(cursor)? } else { Initial::Number(0) };
    Ok(Binding { declared, target, value, at })
}

/// `int `, `atomic_int `, `_Atomic int `, `int *`
fn declared_type(cursor: &mut Cursor) -> Result<Option<String>, Error> {
    let start = cursor.clone();
    let mut ahead = cursor.clone();
    let bare = matches!(ahead.next()?, Token::Name(_))
        && matches!(ahead.peek()?, Token::Symbol("=" | ";" | "}" | "["));
    let typed = is_type(cursor.peek()?) || matches!(cursor.peek()?, Token::Name(_)) && !bare;
    if !typed {
        return Ok(None);
    }
    Ok(Some(match Type::parse(cursor)? {
        Type::Pointer(to) => format!("{to} *"),
        _ => {
            let words = start.text_until(cursor).split_whitespace();
            words.map(|word| format!("{word} ")).collect()
        }
    }))
}

fn target<'a>(cursor: &mut Cursor<'a>) -> Result<Target<'a>, Error> {
    match cursor.peek()? {
        Token::Number(thread) => {
            cursor.next()?;
            cursor.expect(":")?;
            Ok(Target::Register(thread as usize, cursor.name("the name of a register")?))
        }
        Token::Symbol("[") => {
            cursor.next()?;
            let name = cursor.name("the name of a location")?;
            cursor.expect("]")?;
            Ok(Target::Location(name))
        }
        _ => {
            let name = cursor.name("a location, such as `x=0`")?;
            if cursor.peek()? == Token::Symbol("[") {
                Err(cursor.unsupported("an array"))
            } else {
                Ok(Target::Location(name))
            }
        }
    }
}

fn initial<'a>(cursor: &mut Cursor<'a>) -> Result<Initial<'a>, Error> {
    if cursor.take_word("ATOMIC_INIT")? {
        cursor.expect("(")?;
        let value = cursor.number()?;
        cursor.expect(")")?;
        return Ok(Initial::Number(value));
    }
    let ampersand = cursor.take("&")?;
    match cursor.peek()? {
        Token::Name(name) => {
            cursor.next()?;
            Ok(Initial::AddressOf(name))
        }
        _ if ampersand => Err(cursor.expected("the name of a location")),
        _ => Ok(Initial::Number(cursor.number()?)),
    }
}

impl Binding<'_> {
    /// Sets the initial value of the location or register.
    pub(super) fn apply(&self, scope: &mut Scope) -> Result<(), Error> {
        let value = match self.value {
            Initial::Number(number) => number,
            Initial::AddressOf(name) => match scope.location(name) {
                Some(location) => address(location),
                None => {
                    return Err(self.at.error(format!("`{name}` is not a location of this test")));
                }
            },
        };
        match self.target {
            Target::Location(name) => {
                let location = scope.location(name).expect("all locations were collected");
                scope.locations[location].initial = value;
            }
            Target::Register(thread, _) if thread >= scope.threads.len() => {
                return Err(self.at.error(format!("there is no thread P{thread}")));
            }
            Target::Register(thread, name) => {
                let register = scope.register(thread, name);
                scope.threads[thread].registers[register].initial = value;
            }
        }
        Ok(())
    }
}

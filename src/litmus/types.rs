//! C types are read and otherwise ignored: all integers are alike here. Only herd's hash of a test asks how one is spelt.

use std::fmt;

use super::cursor::{Cursor, Token};
use super::error::Error;

/// A type of the subset.
#[derive(Clone, Debug)]
pub enum Type {
    Base(String),
    Volatile(Box<Type>),
    Const(Box<Type>),
    Atomic(Box<Type>),
    Pointer(Box<Type>),
}

/// Base types, with the words that may come before one of them.
const BASES: [&str; 21] = [
    "void",
    "int",
    "long",
    "char",
    "short",
    "unsigned",
    "signed",
    "_Bool",
    "bool",
    "int8_t",
    "uint8_t",
    "int16_t",
    "uint16_t",
    "int32_t",
    "uint32_t",
    "int64_t",
    "uint64_t",
    "intptr_t",
    "uintptr_t",
    "size_t",
    "ptrdiff_t",
];
const ATOMICS: [&str; 5] =
    ["atomic_int", "atomic_uint", "atomic_long", "atomic_ulong", "atomic_bool"];
const QUALIFIERS: [&str; 3] = ["volatile", "const", "_Atomic"];

/// Whether a type is next.
pub fn is_type(token: Token) -> bool {
    matches!(token, Token::Name(word) if BASES.contains(&word) || ATOMICS.contains(&word) || QUALIFIERS.contains(&word))
}

impl Type {
    /// Reads a type with its stars.
    pub fn parse(cursor: &mut Cursor) -> Result<Type, Error> {
        let mut parsed = Type::unqualified(cursor)?;
        loop {
            parsed = if cursor.take("*")? {
                Type::Pointer(parsed.into())
            } else if cursor.take_word("volatile")? {
                Type::Volatile(parsed.into())
            } else if cursor.take_word("const")? {
                Type::Const(parsed.into())
            } else {
                return Ok(parsed);
            }
        }
    }

    /// What stands before the first star or trailing qualifier.
    fn unqualified(cursor: &mut Cursor) -> Result<Type, Error> {
        let found = cursor.peek()?;
        match found {
            Token::Symbol("(") => {
                cursor.next()?;
                let inner = Type::parse(cursor)?;
                cursor.expect(")")?;
                Ok(inner)
            }
            Token::Name(word) if QUALIFIERS.contains(&word) => {
                cursor.next()?;
                let inner = Box::new(Type::unqualified(cursor)?);
                Ok(match word {
                    "volatile" => Type::Volatile(inner),
                    "const" => Type::Const(inner),
                    _ => Type::Atomic(inner),
                })
            }
            Token::Name(word) if ATOMICS.contains(&word) => {
                cursor.next()?;
                let base = word.trim_start_matches("atomic_").to_owned();
                Ok(Type::Atomic(Type::Base(base).into()))
            }
            Token::Name(word) if BASES.contains(&word) => {
                cursor.next()?;
                let mut words = word.to_owned();
                while let Token::Name(next) = cursor.peek()?
                    && BASES.contains(&next)
                {
                    cursor.next()?;
                    words = format!("{words} {next}");
                }
                Ok(Type::Base(words))
            }
            Token::Name(_) => Err(cursor.unsupported(&format!("the type {found}"))),
            _ => Err(cursor.expected("a type")),
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Base(name) => f.write_str(name),
            Type::Volatile(inner) if matches!(**inner, Type::Base(_)) => {
                write!(f, "volatile {inner}")
            }
            Type::Volatile(inner) => write!(f, "{inner} volatile"),
            Type::Const(inner) => write!(f, "{inner} const"),
            Type::Atomic(inner) if matches!(**inner, Type::Base(_)) => write!(f, "_Atomic {inner}"),
            Type::Atomic(inner) => write!(f, "_Atomic ({inner})"),
            Type::Pointer(inner) => write!(f, "{inner}*"),
        }
    }
}

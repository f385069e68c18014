//! Reading the code of a thread: C statements and expressions over `atomic_*` functions and plain accesses.

use std::sync::atomic::Ordering::{self, AcqRel, Acquire, Relaxed, Release, SeqCst};

use super::ast::{Binary, Change, CompareExchange, Expected, Expr, Stmt, Unary};
use super::cursor::{Cursor, Token};
use super::error::Error;
use super::parse::Scope;
use super::types::{Type, is_type};

/// Reads the code of one thread.
pub(super) struct Code<'c, 'a> {
    pub cursor: &'c mut Cursor<'a>,
    pub scope: &'c mut Scope,
    pub thread: usize,
}

impl<'a> Code<'_, 'a> {
    /// The braces of a thread; after the last one, `(*` begins a comment again.
    pub fn body(mut self) -> Result<Vec<Stmt>, Error> {
        self.cursor.expect("{")?;
        let body = self.statements()?;
        self.cursor.expect("}")?;
        self.cursor.stars_comment = true;
        Ok(body)
    }

    /// Statements up to a closing brace.
    fn statements(&mut self) -> Result<Vec<Stmt>, Error> {
        let mut statements = Vec::new();
        while self.cursor.peek()? != Token::Symbol("}") {
            if self.cursor.peek()? == Token::End {
                return Err(self.cursor.expected("`}`"));
            }
            self.statement(&mut statements)?;
        }
        Ok(statements)
    }

    fn block(&mut self) -> Result<Vec<Stmt>, Error> {
        let mut statements = Vec::new();
        if self.cursor.take("{")? {
            statements = self.statements()?;
            self.cursor.expect("}")?;
        } else {
            self.statement(&mut statements)?;
        }
        Ok(statements)
    }

    fn statement(&mut self, into: &mut Vec<Stmt>) -> Result<(), Error> {
        let token = self.cursor.peek()?;
        match token {
            Token::Symbol(";") => self.cursor.expect(";"),
            Token::Symbol("{") => {
                into.extend(self.block()?);
                Ok(())
            }
            Token::Symbol("*") => self.plain_store(into),
            Token::Name("if") => self.conditional(into),
            Token::Name("atomic_store" | "atomic_store_explicit") => self.store(into),
            Token::Name("atomic_thread_fence") => self.fence(into),
            Token::Name(
                "while" | "for" | "do" | "goto" | "switch" | "return" | "break" | "continue"
                | "struct",
            ) => Err(self.cursor.unsupported(&token.to_string())),
            _ if is_type(token) => self.declaration(into),
            _ => self.assignment_or_effect(into),
        }
    }

    /// `int r0 = e;` or `int r0;`
    fn declaration(&mut self, into: &mut Vec<Stmt>) -> Result<(), Error> {
        Type::parse(self.cursor)?;
        let name = self.cursor.name("the name of a variable")?;
        let register = self.scope.register(self.thread, name);
        if self.cursor.take("=")? {
            into.push(Stmt::Set(register, self.expression()?));
        } else if matches!(self.cursor.peek()?, Token::Symbol("[" | ",")) {
            return Err(self.cursor.unsupported("an array or a list of declarations"));
        }
        self.end_of_statement()
    }

    /// `r0 = e;` or `e;`
    fn assignment_or_effect(&mut self, into: &mut Vec<Stmt>) -> Result<(), Error> {
        let mut ahead = self.cursor.clone();
        let first = ahead.next()?;
        if let (Token::Name(_), Token::Name(_)) = (first, ahead.peek()?) {
            return Err(self.cursor.unsupported(&format!("the type {first}")));
        }
        if let (Token::Name(name), Token::Symbol("=")) = (first, ahead.peek()?) {
            let register = self.known_register(name)?;
            self.cursor.next()?;
            self.cursor.next()?;
            into.push(Stmt::Set(register, self.expression()?));
        } else {
            into.push(Stmt::Do(self.expression()?));
            if matches!(self.cursor.peek()?, Token::Symbol("=" | "+=" | "-=" | "++" | "--")) {
                let operator = self.cursor.peek()?;
                return Err(self.cursor.unsupported(&format!("{operator} here")));
            }
        }
        self.end_of_statement()
    }

    /// `*x = e;`, or an expression statement that begins with `*`.
    fn plain_store(&mut self, into: &mut Vec<Stmt>) -> Result<(), Error> {
        let start = self.cursor.clone();
        let target = self.unary()?;
        match target {
            Expr::PlainLoad(address) if self.cursor.take("=")? => {
                let value = self.expression()?;
                into.push(Stmt::PlainStore(*address, value));
            }
            _ => {
                *self.cursor = start;
                into.push(Stmt::Do(self.expression()?));
            }
        }
        self.end_of_statement()
    }

    fn conditional(&mut self, into: &mut Vec<Stmt>) -> Result<(), Error> {
        self.cursor.next()?;
        self.cursor.expect("(")?;
        let condition = self.expression()?;
        self.cursor.expect(")")?;
        let then = self.block()?;
        let otherwise = if self.cursor.take_word("else")? { self.block()? } else { Vec::new() };
        into.push(Stmt::If { condition, then, otherwise });
        Ok(())
    }

    fn store(&mut self, into: &mut Vec<Stmt>) -> Result<(), Error> {
        let explicit = self.cursor.next()? == Token::Name("atomic_store_explicit");
        self.cursor.expect("(")?;
        let address = self.expression()?;
        self.cursor.expect(",")?;
        let value = self.expression()?;
        let order = self.order_argument(explicit, "a store", &[Relaxed, Release, SeqCst])?;
        self.cursor.expect(")")?;
        into.push(Stmt::Store(address, value, order));
        self.end_of_statement()
    }

    /// A relaxed fence is legal in C and does nothing.
    fn fence(&mut self, into: &mut Vec<Stmt>) -> Result<(), Error> {
        self.cursor.next()?;
        self.cursor.expect("(")?;
        let order = self.order("a fence", &[Relaxed, Acquire, Release, AcqRel, SeqCst])?;
        self.cursor.expect(")")?;
        into.extend((order != Relaxed).then_some(Stmt::Fence(order)));
        self.end_of_statement()
    }

    fn end_of_statement(&mut self) -> Result<(), Error> {
        if self.cursor.take(";")? {
            Ok(())
        } else {
            Err(self.cursor.expected("`;` after the statement"))
        }
    }

    fn expression(&mut self) -> Result<Expr, Error> {
        self.operators(0)
    }

    /// Operators that bind at least as tightly as `level`, by precedence climbing.
    fn operators(&mut self, level: u8) -> Result<Expr, Error> {
        let mut left = self.unary()?;
        while let Token::Symbol(symbol) = self.cursor.peek()?
            && let Some((operator, its_level)) = binary(symbol)
            && its_level >= level
        {
            let at = self.cursor.clone();
            self.cursor.next()?;
            let right = self.operators(its_level + 1)?;
            let in_order = matches!(operator, Binary::LogicalAnd | Binary::LogicalOr);
            if !in_order && left.accesses_memory() && right.accesses_memory() {
                let what = format!(
                    "an expression with memory accesses in no order, on both sides of `{symbol}`,"
                );
                return Err(at.unsupported(&what));
            }
            left = Expr::Binary(operator, left.into(), right.into());
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<Expr, Error> {
        let operator = match self.cursor.peek()? {
            Token::Symbol("*") => {
                self.cursor.next()?;
                return Ok(Expr::PlainLoad(self.unary()?.into()));
            }
            Token::Symbol("-") => Unary::Negate,
            Token::Symbol("!") => Unary::Not,
            Token::Symbol("~") => Unary::Complement,
            _ => return self.primary(),
        };
        self.cursor.next()?;
        Ok(Expr::Unary(operator, self.unary()?.into()))
    }

    fn primary(&mut self) -> Result<Expr, Error> {
        match self.cursor.peek()? {
            Token::Number(number) => {
                self.cursor.next()?;
                Ok(Expr::Constant(number))
            }
            Token::Symbol("(") => self.parenthesis(),
            Token::Name(name) => {
                let mut ahead = self.cursor.clone();
                ahead.next()?;
                if ahead.peek()? == Token::Symbol("(") {
                    return self.call(name);
                }
                let register = self.known_register(name)?;
                self.cursor.next()?;
                Ok(Expr::Register(register))
            }
            _ => Err(self.cursor.expected("an expression")),
        }
    }

    /// `(e)` or a cast, which changes nothing.
    fn parenthesis(&mut self) -> Result<Expr, Error> {
        self.cursor.next()?;
        if is_type(self.cursor.peek()?) {
            Type::parse(self.cursor)?;
            self.cursor.expect(")")?;
            return self.unary();
        }
        let inner = self.expression()?;
        self.cursor.expect(")")?;
        Ok(inner)
    }

    fn call(&mut self, name: &'a str) -> Result<Expr, Error> {
        let explicit = name.ends_with("_explicit");
        let function = name.strip_suffix("_explicit").unwrap_or(name);
        let change = match function {
            "atomic_exchange" => Change::Swap,
            "atomic_fetch_add" => Change::Add,
            "atomic_fetch_sub" => Change::Sub,
            "atomic_fetch_and" => Change::And,
            "atomic_fetch_or" => Change::Or,
            "atomic_fetch_xor" => Change::Xor,
            "atomic_load" => return self.load(explicit),
            "atomic_compare_exchange_strong" => return self.compare_exchange(explicit, false),
            "atomic_compare_exchange_weak" => return self.compare_exchange(explicit, true),
            _ => return Err(self.cursor.unsupported(&format!("the function `{name}`"))),
        };
        self.cursor.next()?;
        self.cursor.expect("(")?;
        let address = self.expression()?;
        self.cursor.expect(",")?;
        let operand = self.expression()?;
        let order = self.order_argument(
            explicit,
            "a read-modify-write",
            &[Relaxed, Acquire, Release, AcqRel, SeqCst],
        )?;
        self.cursor.expect(")")?;
        Ok(Expr::Fetch(change, address.into(), operand.into(), order))
    }

    fn load(&mut self, explicit: bool) -> Result<Expr, Error> {
        self.cursor.next()?;
        self.cursor.expect("(")?;
        let address = self.expression()?;
        let order = self.order_argument(explicit, "a load", &[Relaxed, Acquire, SeqCst])?;
        self.cursor.expect(")")?;
        Ok(Expr::Load(address.into(), order))
    }

    fn compare_exchange(&mut self, explicit: bool, weak: bool) -> Result<Expr, Error> {
        self.cursor.next()?;
        self.cursor.expect("(")?;
        let object = self.expression()?;
        self.cursor.expect(",")?;
        let expected = self.expected_value()?;
        self.cursor.expect(",")?;
        let desired = self.expression()?;
        let every = &[Relaxed, Acquire, Release, AcqRel, SeqCst];
        let success = self.order_argument(explicit, "a compare-exchange", every)?;
        let failure = self.order_argument(
            explicit,
            "a failed compare-exchange, which is a load,",
            &[Relaxed, Acquire, SeqCst],
        )?;
        self.cursor.expect(")")?;
        Ok(Expr::CompareExchange(
            CompareExchange { object, expected, desired, success, failure, weak }.into(),
        ))
    }

    /// `&r` or the address of a shared location.
    fn expected_value(&mut self) -> Result<Expected, Error> {
        if !self.cursor.take("&")? {
            return Ok(Expected::Shared(self.expression()?));
        }
        let Token::Name(name) = self.cursor.peek()? else {
            return Err(self.cursor.expected("the name of a variable"));
        };
        let register = self.known_register(name)?;
        self.cursor.next()?;
        Ok(Expected::Local(register))
    }

    fn known_register(&self, name: &str) -> Result<usize, Error> {
        let registers =
            &self.scope.threads.get(self.thread).map_or(&[][..], |thread| &thread.registers);
        registers.iter().position(|register| register.name == name).ok_or_else(|| {
            let what =
                format!("`{name}` is neither a parameter nor a variable of P{}", self.thread);
            self.cursor.error(what)
        })
    }

    /// `, memory_order_...` of the explicit functions; the others are sequentially consistent.
    fn order_argument(
        &mut self,
        explicit: bool,
        what: &str,
        legal: &[Ordering],
    ) -> Result<Ordering, Error> {
        if !explicit {
            return Ok(SeqCst);
        }
        self.cursor.expect(",")?;
        self.order(what, legal)
    }

    fn order(&mut self, what: &str, legal: &[Ordering]) -> Result<Ordering, Error> {
        let token = self.cursor.peek()?;
        let order = match token {
            Token::Name("memory_order_relaxed") => Relaxed,
            Token::Name("memory_order_acquire") => Acquire,
            Token::Name("memory_order_release") => Release,
            Token::Name("memory_order_acq_rel") => AcqRel,
            Token::Name("memory_order_seq_cst") => SeqCst,
            Token::Name("memory_order_consume") => {
                return Err(self.cursor.unsupported(&token.to_string()));
            }
            _ => {
                return Err(self.cursor.expected("a memory order, such as `memory_order_relaxed`"));
            }
        };
        if !legal.contains(&order) {
            return Err(self.cursor.error(format!("{what} cannot be {token}")));
        }
        self.cursor.next()?;
        Ok(order)
    }
}

/// The operator and how tightly it binds, as in C.
fn binary(symbol: &str) -> Option<(Binary, u8)> {
    Some(match symbol {
        "||" => (Binary::LogicalOr, 0),
        "&&" => (Binary::LogicalAnd, 1),
        "|" => (Binary::Or, 2),
        "^" => (Binary::Xor, 3),
        "&" => (Binary::And, 4),
        "==" => (Binary::Equal, 5),
        "!=" => (Binary::NotEqual, 5),
        "<" => (Binary::Less, 6),
        "<=" => (Binary::LessEqual, 6),
        ">" => (Binary::Greater, 6),
        ">=" => (Binary::GreaterEqual, 6),
        "+" => (Binary::Add, 7),
        "-" => (Binary::Sub, 7),
        "*" => (Binary::Mul, 8),
        "/" => (Binary::Div, 8),
        _ => return None,
    })
}

impl Expr {
    /// Whether evaluating it reads or writes shared memory.
    fn accesses_memory(&self) -> bool {
        match self {
            Expr::Constant(_) | Expr::Register(_) => false,
            Expr::Unary(_, inner) => inner.accesses_memory(),
            Expr::Binary(_, left, right) => left.accesses_memory() || right.accesses_memory(),
            Expr::PlainLoad(_) | Expr::Load(..) | Expr::Fetch(..) | Expr::CompareExchange(_) => {
                true
            }
        }
    }
}

//! Reading what a litmus test asks: `locations [...]`, `filter (...)` and the final condition.

use super::ast::{Observable, Prop, Quantifier, Test, Value, address};
use super::cursor::{Cursor, Token};
use super::error::Error;
use super::parse::Scope;

/// Everything after the last thread.
pub(super) fn parse(cursor: &mut Cursor, scope: Scope, name: String) -> Result<Test, Error> {
    let mut question = Question { cursor, scope: &scope };
    let mut shown = question.locations()?;
    let filter = if question.cursor.take_word("filter")? { Some(question.prop()?) } else { None };
    let (quantifier, condition) = question.condition()?;
    question.cursor.take(";")?;
    if question.cursor.peek()? != Token::End {
        return Err(cursor.expected("the end of the file"));
    }
    let mut mentioned = Vec::new();
    condition.observables(&mut mentioned);
    shown.extend(mentioned.into_iter().cloned());
    shown.sort();
    shown.dedup();
    let Scope { locations, threads } = scope;
    Ok(Test { name, locations, threads, shown, filter, quantifier, condition, hash: String::new() })
}

struct Question<'c, 'a> {
    cursor: &'c mut Cursor<'a>,
    scope: &'c Scope,
}

impl Question<'_, '_> {
    /// `locations [x; 0:r0;]`
    fn locations(&mut self) -> Result<Vec<Observable>, Error> {
        let mut shown = Vec::new();
        if !self.cursor.take_word("locations")? {
            return Ok(shown);
        }
        self.cursor.expect("[")?;
        while !self.cursor.take("]")? {
            shown.push(self.observable()?);
            if !self.cursor.take(";")? && self.cursor.peek()? != Token::Symbol("]") {
                return Err(self.cursor.expected("`;` or `]`"));
            }
        }
        Ok(shown)
    }

    /// Without one, herd takes `forall (true)`.
    fn condition(&mut self) -> Result<(Quantifier, Prop), Error> {
        let quantifier = match self.cursor.peek()? {
            Token::Name("exists") => Quantifier::Exists,
            Token::Name("forall") => Quantifier::Forall,
            Token::Symbol("~") => {
                self.cursor.next()?;
                Quantifier::NotExists
            }
            Token::End => return Ok((Quantifier::Forall, Prop::True)),
            _ => {
                return Err(self
                    .cursor
                    .expected("a thread, `locations`, `filter`, `exists`, `~exists` or `forall`"));
            }
        };
        if quantifier == Quantifier::NotExists && self.cursor.peek()? != Token::Name("exists") {
            return Err(self.cursor.expected("`exists`"));
        }
        self.cursor.next()?;
        Ok((quantifier, self.prop()?))
    }

    /// `\/` binds least, then `/\`, then `=>`, then `~`: herd's own precedence.
    fn prop(&mut self) -> Result<Prop, Error> {
        let mut prop = self.conjunction()?;
        while self.cursor.take("\\/")? {
            prop = Prop::Or(prop.into(), self.conjunction()?.into());
        }
        Ok(prop)
    }

    fn conjunction(&mut self) -> Result<Prop, Error> {
        let mut prop = self.implication()?;
        while self.cursor.take("/\\")? {
            prop = Prop::And(prop.into(), self.implication()?.into());
        }
        Ok(prop)
    }

    fn implication(&mut self) -> Result<Prop, Error> {
        let prop = self.negation()?;
        if self.cursor.take("=>")? {
            Ok(Prop::Implies(prop.into(), self.implication()?.into()))
        } else {
            Ok(prop)
        }
    }

    fn negation(&mut self) -> Result<Prop, Error> {
        if self.cursor.take("~")? || self.cursor.take_word("not")? {
            return Ok(Prop::Not(self.negation()?.into()));
        }
        if self.cursor.take("(")? {
            let prop = self.prop()?;
            self.cursor.expect(")")?;
            return Ok(prop);
        }
        if self.cursor.take_word("true")? {
            return Ok(Prop::True);
        }
        if self.cursor.take_word("false")? {
            return Ok(Prop::False);
        }
        self.atom()
    }

    /// `0:r0=1`, `x=1`, `[x]!=1`, `0:r0=&x`, `0:r0=1:r0`
    fn atom(&mut self) -> Result<Prop, Error> {
        let observable = self.observable()?;
        let equal = self.cursor.take("=")? || self.cursor.take("==")?;
        if !equal && !self.cursor.take("!=")? && !self.cursor.take("<>")? {
            return Err(self.cursor.expected("`=` or `!=`"));
        }
        let mut ahead = self.cursor.clone();
        let register =
            matches!(ahead.next()?, Token::Number(_)) && ahead.peek()? == Token::Symbol(":");
        let bracketed = self.cursor.peek()? == Token::Symbol("[");
        let prop = if register || bracketed {
            Prop::Same(observable, self.observable()?)
        } else {
            Prop::Is(observable, self.value()?)
        };
        Ok(if equal { prop } else { Prop::Not(prop.into()) })
    }

    /// `0:r0` or `P0:r0`, `x` or `[x]`
    fn observable(&mut self) -> Result<Observable, Error> {
        let mut ahead = self.cursor.clone();
        let thread = match ahead.next()? {
            Token::Number(number) => usize::try_from(number).ok(),
            Token::Name(name) if ahead.peek()? == Token::Symbol(":") => {
                name.strip_prefix('P').and_then(|number| number.parse().ok())
            }
            _ => None,
        };
        if let Some(thread) = thread {
            ahead.expect(":")?;
            let name = ahead.name("the name of a register")?;
            let found = self.register(thread, name);
            let missing = || self.cursor.error(format!("P{thread} has no variable `{name}`"));
            let register = found.ok_or_else(missing)?;
            *self.cursor = ahead;
            return Ok(register);
        }
        if self.cursor.take("[")? {
            let location = self.location()?;
            self.cursor.expect("]")?;
            return Ok(location);
        }
        match self.cursor.peek()? {
            Token::Name(_) => self.location(),
            _ => Err(self.cursor.expected("a register such as `0:r0` or a location")),
        }
    }

    fn register(&self, thread: usize, name: &str) -> Option<Observable> {
        let registers = &self.scope.threads.get(thread)?.registers;
        let register = registers.iter().position(|register| register.name == name)?;
        Some(Observable::Register { thread, name: name.to_owned(), register })
    }

    fn location(&mut self) -> Result<Observable, Error> {
        let at = self.cursor.clone();
        let name = self.cursor.name("the name of a location")?;
        if self.cursor.peek()? == Token::Symbol("[") {
            return Err(at.unsupported("an array"));
        }
        let location = self
            .scope
            .location(name)
            .ok_or_else(|| at.error(format!("`{name}` is not a location of this test")))?;
        Ok(Observable::Location { name: name.to_owned(), location })
    }

    fn value(&mut self) -> Result<Value, Error> {
        let address_of = self.cursor.take("&")?;
        if !address_of && !matches!(self.cursor.peek()?, Token::Name(_)) {
            return self.cursor.number();
        }
        let at = self.cursor.clone();
        let name = self.cursor.name("the name of a location")?;
        let location = self
            .scope
            .location(name)
            .ok_or_else(|| at.error(format!("`{name}` is not a location of this test")))?;
        Ok(address(location))
    }
}

//! Running a litmus test on any engine: the engine gives threads, fences and a location that takes every kind of access.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::ast::{
    Binary, Change, CompareExchange, Expected, Expr, Location, Observable, Stmt, Test, Unary,
    Value, location_at,
};

/// A shared location as an engine gives it, and what else a litmus test needs of the engine.
pub trait Memory: Send + Sync + 'static {
    /// The location, with its initial value.
    fn new(location: &Location) -> Self;
    /// An atomic load.
    fn load(&self, order: Ordering) -> Value;
    /// An atomic store.
    fn store(&self, value: Value, order: Ordering);
    /// An atomic read-modify-write; gives the old value.
    fn fetch(&self, change: Change, operand: Value, order: Ordering) -> Value;
    /// An atomic compare-exchange; gives the old value, as `Err` on failure.
    fn compare_exchange(
        &self,
        old: Value,
        new: Value,
        orders: (Ordering, Ordering),
        weak: bool,
    ) -> Result<Value, Value>;
    /// A non-atomic read.
    fn plain_load(&self) -> Value;
    /// A non-atomic write.
    fn plain_store(&self, value: Value);
    /// The value when all threads have ended.
    fn finally(&self) -> Value;
    /// A fence.
    fn fence(order: Ordering);
    /// Starts a thread; calling the result waits for its end and gives its value.
    fn spawn<T: Send + 'static>(thread: impl FnOnce() -> T + Send + 'static) -> impl FnOnce() -> T;
}

/// What a thread of a test gives, or why it cannot run on: an access through no address, a division by zero.
type Run<T> = Result<T, String>;

/// Runs the test once.
///
/// It fails if a thread accesses memory through something that is no address, or divides by zero.
pub fn execute<M: Memory>(test: &Arc<Test>) -> Result<FinalState, String> {
    let memory: Arc<Vec<M>> = Arc::new(test.locations.iter().map(M::new).collect());
    let running: Vec<_> = (0..test.threads.len())
        .map(|number| {
            let (test, memory) = (Arc::clone(test), Arc::clone(&memory));
            M::spawn(move || Thread::run(&test, number, &memory))
        })
        .collect();
    let registers: Vec<Run<Vec<Value>>> = running.into_iter().map(|join| join()).collect();
    let registers = registers.into_iter().collect::<Run<_>>()?;
    let locations = memory.iter().map(M::finally).collect();
    Ok(FinalState { registers, locations })
}

/// Runs one thread of the test, and gives its registers.
pub(super) fn execute_thread<M: Memory>(
    test: &Test,
    number: usize,
    memory: &[M],
) -> Result<Vec<Value>, String> {
    Thread::run(test, number, memory)
}

/// Where an execution ended.
#[derive(Clone, Debug)]
pub struct FinalState {
    registers: Vec<Vec<Value>>,
    locations: Vec<Value>,
}

impl FinalState {
    pub(super) fn new(registers: Vec<Vec<Value>>, locations: Vec<Value>) -> Self {
        FinalState { registers, locations }
    }

    /// The final value of what is observed.
    pub fn value(&self, observable: &Observable) -> Value {
        match observable {
            Observable::Register { thread, register, .. } => self.registers[*thread][*register],
            Observable::Location { location, .. } => self.locations[*location],
        }
    }
}

struct Thread<'a, M> {
    memory: &'a [M],
    registers: Vec<Value>,
}

impl<M: Memory> Thread<'_, M> {
    fn run(test: &Test, number: usize, memory: &[M]) -> Run<Vec<Value>> {
        let code = &test.threads[number];
        let registers = code.registers.iter().map(|register| register.initial).collect();
        let mut thread = Thread { memory, registers };
        thread.block(&code.body)?;
        Ok(thread.registers)
    }

    fn block(&mut self, statements: &[Stmt]) -> Run<()> {
        statements.iter().try_for_each(|statement| self.statement(statement))
    }

    fn statement(&mut self, statement: &Stmt) -> Run<()> {
        match statement {
            Stmt::Set(register, value) => self.registers[*register] = self.value(value)?,
            Stmt::PlainStore(address, value) => {
                let value = self.value(value)?;
                self.at(address)?.plain_store(value);
            }
            Stmt::Store(address, value, order) => {
                let value = self.value(value)?;
                self.at(address)?.store(value, *order);
            }
            Stmt::Fence(order) => M::fence(*order),
            Stmt::Do(value) => {
                self.value(value)?;
            }
            Stmt::If { condition, then, otherwise } => {
                let taken = if self.value(condition)? != 0 { then } else { otherwise };
                self.block(taken)?;
            }
        }
        Ok(())
    }

    fn value(&mut self, expression: &Expr) -> Run<Value> {
        Ok(match expression {
            Expr::Constant(value) => *value,
            Expr::Register(register) => self.registers[*register],
            Expr::Unary(operator, inner) => unary(*operator, self.value(inner)?),
            Expr::Binary(Binary::LogicalAnd, left, right) => {
                Value::from(self.value(left)? != 0 && self.value(right)? != 0)
            }
            Expr::Binary(Binary::LogicalOr, left, right) => {
                Value::from(self.value(left)? != 0 || self.value(right)? != 0)
            }
            Expr::Binary(operator, left, right) => {
                binary(*operator, self.value(left)?, self.value(right)?)?
            }
            Expr::PlainLoad(address) => self.at(address)?.plain_load(),
            Expr::Load(address, order) => self.at(address)?.load(*order),
            Expr::Fetch(change, address, operand, order) => {
                let operand = self.value(operand)?;
                self.at(address)?.fetch(*change, operand, *order)
            }
            Expr::CompareExchange(exchange) => self.compare_exchange(exchange)?,
        })
    }

    fn at(&mut self, address: &Expr) -> Run<&M> {
        let address = self.value(address)?;
        match location_at(address, self.memory.len()) {
            Some(location) => Ok(&self.memory[location]),
            None => Err(format!("{address} is not the address of a location")),
        }
    }

    fn compare_exchange(&mut self, exchange: &CompareExchange) -> Run<Value> {
        let old = match &exchange.expected {
            Expected::Local(register) => self.registers[*register],
            Expected::Shared(address) => self.at(address)?.plain_load(),
        };
        let new = self.value(&exchange.desired)?;
        let orders = (exchange.success, exchange.failure);
        let done = self.at(&exchange.object)?.compare_exchange(old, new, orders, exchange.weak);
        if let Err(found) = done {
            match &exchange.expected {
                Expected::Local(register) => self.registers[*register] = found,
                Expected::Shared(address) => self.at(address)?.plain_store(found),
            }
        }
        Ok(Value::from(done.is_ok()))
    }
}

fn unary(operator: Unary, value: Value) -> Value {
    match operator {
        Unary::Negate => value.wrapping_neg(),
        Unary::Not => Value::from(value == 0),
        Unary::Complement => !value,
    }
}

fn binary(operator: Binary, left: Value, right: Value) -> Run<Value> {
    Ok(match operator {
        Binary::Add => left.wrapping_add(right),
        Binary::Sub => left.wrapping_sub(right),
        Binary::Mul => left.wrapping_mul(right),
        Binary::Div => {
            left.checked_div(right).ok_or("a division by zero, or of the least number")?
        }
        Binary::And => left & right,
        Binary::Or => left | right,
        Binary::Xor => left ^ right,
        Binary::Equal => Value::from(left == right),
        Binary::NotEqual => Value::from(left != right),
        Binary::Less => Value::from(left < right),
        Binary::LessEqual => Value::from(left <= right),
        Binary::Greater => Value::from(left > right),
        Binary::GreaterEqual => Value::from(left >= right),
        Binary::LogicalAnd => Value::from(left != 0 && right != 0),
        Binary::LogicalOr => Value::from(left != 0 || right != 0),
    })
}

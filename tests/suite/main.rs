//! What Casebook promises beyond single verdicts: a module a subject, in one program, since each program
//! of the tests links the whole corpus.

mod audit;
mod blindness;
mod cli;
mod counts;
mod docs;
mod graph;
mod index;
mod justify;
mod ladder;
mod ledger;
mod letter;
mod litmus_cli;
mod own;
mod parts;
mod sources;
mod table;
mod tidy;
mod trace;

//! `casebook cite`: a code comment, Markdown and BibTeX for one case, with its verdicts now.

use crate::cite::Citation;
use crate::justify;
use crate::run;
use casebook_core::verdict::{EngineId, Model};
use casebook_engine::Request;
use clap::{Args, ValueEnum};

use super::{End, Refusal};

#[derive(Args)]
pub struct Cite {
    /// The case's id
    id: String,
    /// Only this form
    #[arg(long, value_enum)]
    form: Option<Form>,
    /// The address of a book that is published, such as https://example.org/casebook: the citation then leads to the case there
    #[arg(long, value_name = "URL", value_parser = super::book::address)]
    base_url: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// A line to stand above an operation, for each ordering that is needed
    Comment,
    /// A paragraph for a review or a page
    Markdown,
    /// An entry for a bibliography
    Bibtex,
}

impl Cite {
    pub fn run(self) -> Result<End, Refusal> {
        let corpus = casebook_core::case::corpus();
        let entry = super::find(&corpus, &self.id)?;
        let pool = super::pool()?;
        let verdicts: Vec<_> = entry
            .engines
            .iter()
            .map(|engine| run::check(&pool, *engine, entry, &Request::default()))
            .collect();
        let files = justify::files(&corpus);
        let file = files.iter().find(|cases| cases.iter().any(|case| case.id == entry.id));
        let found = file.map(|cases| justify::justify(&pool, EngineId::EXACT, Model::Rc11, cases));
        let citation = Citation::of(entry, &verdicts, found.as_ref());
        let citation = citation.at(self.base_url.as_deref());
        let forms = [
            (Form::Comment, citation.comment()),
            (Form::Markdown, citation.markdown()),
            (Form::Bibtex, citation.bibtex()),
        ];
        let wanted =
            forms.into_iter().filter(|(form, _)| self.form.is_none_or(|only| only == *form));
        let texts: Vec<String> = wanted.map(|(_, text)| text).collect();
        super::print(&texts.join("\n"))?;
        let as_declared = verdicts.iter().all(run::Checked::as_declared);
        Ok(if as_declared { End::Done } else { End::NotAsDeclared })
    }
}

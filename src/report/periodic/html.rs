//! How does a report become a page? One template, both languages, in the dress of `report.html`; it asks no network.

use super::Report;
use crate::report::{ReportError, page, section};
use minijinja::value::Value;
use minijinja::{Environment, context};

/// The report as a page of its own.
///
/// # Errors
/// The template does not fit its data: a mistake of this program.
pub fn html(report: &Report) -> Result<String, ReportError> {
    let mut environment: Environment<'static> = page::environment()?;
    environment.add_function("s", |zh: &str, en: &str| page::spans(zh, en));
    environment.add_filter("yuan", section::yuan);
    environment.add_filter("percent", |share: f64| format!("{:.0} %", share * 100.0));
    environment.add_filter("fixed", |number: f64| format!("{number:.2}"));
    environment.add_template("periodic.html", include_str!("periodic.html"))?;
    let style = Value::from_safe_string(include_str!("../report.css").to_owned());
    let script = Value::from_safe_string(include_str!("../report.js").to_owned());
    Ok(environment.get_template("periodic.html")?.render(context! { report => report, style, script })?)
}

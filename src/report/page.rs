//! How does `report.html` come together? One template for the frame, one per ring, one catalogue of texts.
//!
//! The page is a single file that asks nothing of any network. The first rings stand in it openly; the others lie in
//! `<template>` elements that the page unfolds when they are opened, so that hundreds of rings stay light.

use super::grouped::{activity_by_ring, ties_by_ring};
use super::section::{PICTURES, grouped, section, yuan};
use super::{Edition, ReportError, caption, mask::Masks};
use crate::model::{Reason, Sentence};
use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, context};

/// Renders the page.
pub(super) fn render(edition: &Edition) -> Result<String, ReportError> {
    let environment = environment()?;
    let ring_template = environment.get_template("ring.html")?;
    let masks = Masks::of(edition);
    let (ties, activity) = (ties_by_ring(edition), activity_by_ring(edition));
    let mut rows = Vec::new();
    let mut rings = Vec::new();
    for (index, ring) in edition.rings.iter().enumerate() {
        let section = section(edition, ring, &ties[index], &activity[index], &masks);
        let view = Value::from_serialize(&section);
        let html = ring_template.render(context! { ring => view })?;
        rings.push(context! { id => ring.id, html => Value::from_safe_string(html) });
        rows.push(view);
    }
    let run = edition.run;
    let fund: i64 = edition.rings.iter().map(|ring| ring.finding.amount.fund_fen).sum();
    let chance = edition.rings.iter().map(|ring| ring.expected_by_chance_milli).max().unwrap_or(0);
    let html = environment.get_template("report.html")?.render(context! {
        style => Value::from_safe_string(include_str!("report.css").to_owned()),
        script => Value::from_safe_string(include_str!("report.js").to_owned()),
        run => Value::from_serialize(run),
        not_run => reasoned(&run.typologies_not_run),
        limited => reasoned(&run.typologies_limited),
        typologies_run => run.typologies_run.iter().map(|slug| caption::typology(slug)).map(Value::from_serialize).collect::<Vec<_>>(),
        reasons => reasons(edition),
        pictures => PICTURES,
        fund => yuan(fund),
        chance => super::line::thousandths(chance),
        rows => rows,
        rings => rings,
    })?;
    Ok(html)
}

/// Typologies with the reason why they did not run, or not with all they could.
fn reasoned(entries: &[super::NotRun]) -> Vec<Value> {
    let line = |entry: &super::NotRun| {
        context! { name => Value::from_serialize(caption::typology(&entry.typology)), reason => Value::from_serialize(&entry.reason) }
    };
    entries.iter().map(line).collect()
}

/// Reason codes that occur, with their meaning.
fn reasons(edition: &Edition) -> Vec<Value> {
    let occurs = |reason: &Reason| {
        edition.run.conservation.iter().any(|table| table.reasons.get(reason.code()).is_some_and(|rows| *rows > 0))
    };
    let line = |reason: Reason| {
        let (zh, en) = reason.sentence();
        context! { code => reason.code(), text => Value::from_serialize(Sentence { zh: zh.to_owned(), en: en.to_owned() }) }
    };
    Reason::ALL.into_iter().filter(occurs).map(line).collect()
}

pub(super) fn environment() -> Result<Environment<'static>, Error> {
    let mut environment = Environment::new();
    environment.set_trim_blocks(true);
    environment.set_lstrip_blocks(true);
    environment.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_function("t", |key: &str| match caption::caption(key) {
        Some((zh, en)) => Ok(spans(zh, en)),
        None => Err(Error::new(ErrorKind::InvalidOperation, format!("no caption «{key}»"))),
    });
    environment.add_function("plain", |key: &str| match caption::caption(key) {
        Some((zh, en)) => Ok(format!("{zh} / {en}")),
        None => Err(Error::new(ErrorKind::InvalidOperation, format!("no caption «{key}»"))),
    });
    environment.add_filter("both", |text: Value| -> Result<Value, Error> {
        let part = |key: &str| text.get_attr(key).map(|part| part.to_string());
        Ok(spans(&part("zh")?, &part("en")?))
    });
    environment.add_filter("grouped", grouped);
    environment.add_template("ring.html", include_str!("ring.html"))?;
    environment.add_template("report.html", include_str!("report.html"))?;
    Ok(environment)
}

/// A text in both languages; the page's style shows one of them.
pub(super) fn spans(zh: &str, en: &str) -> Value {
    let (zh, en) = (super::drawing::escape(zh), super::drawing::escape(en));
    Value::from_safe_string(format!(r#"<span class="zh">{zh}</span><span class="en" lang="en">{en}</span>"#))
}

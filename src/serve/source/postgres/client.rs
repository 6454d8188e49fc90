//! How does a source talk to the database? It only reads, on a connection of its own, and says what failed where.

use super::settings::{PostgresOptions, TableOptions};
use super::tls::Way;
use crate::model::Table;
use std::error::Error;
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio_postgres::{Client, NoTls, SimpleQueryMessage};

/// Longest time that one question may take.
const QUESTION: Duration = Duration::from_secs(600);

/// A table that is read.
#[derive(Clone, Debug)]
pub(super) struct Read {
    pub(super) table: Table,
    /// Schema and name, quoted.
    pub(super) relation: String,
    pub(super) schema: String,
    pub(super) name: String,
    /// Columns and their types.
    pub(super) columns: Vec<(String, String)>,
    /// Columns that make a row the same row; may be empty.
    pub(super) key: Vec<String>,
    pub(super) watermark: Vec<String>,
}

/// An open connection.
pub(super) struct Database {
    runtime: Runtime,
    client: Client,
}

/// A row as text, in the order of the question's columns.
pub(super) type Texts = Vec<Option<String>>;

impl Database {
    pub(super) fn open(options: &PostgresOptions) -> Result<Database, String> {
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| error.to_string())?;
        let (config, way) = options.connection()?;
        // The end of a connection shows in the next question.
        let client = match way {
            Way::Plain => {
                let (client, connection) =
                    runtime.block_on(config.connect(NoTls)).map_err(|error| unreached(&error))?;
                runtime.spawn(async move { drop(connection.await) });
                client
            }
            Way::Tls(tls) => {
                let (client, connection) = runtime.block_on(config.connect(*tls)).map_err(|error| unreached(&error))?;
                runtime.spawn(async move { drop(connection.await) });
                client
            }
        };
        let database = Database { runtime, client };
        database.ask(
            "SET standard_conforming_strings = on; SET datestyle = ISO; SET timezone = 'Asia/Shanghai'; \
             SET bytea_output = hex; SET extra_float_digits = 1; SET lock_timeout = '10s'; SET statement_timeout = '600s'",
        )?;
        Ok(database)
    }

    /// Asks, and gives all rows as text.
    pub(super) fn ask(&self, question: &str) -> Result<Vec<Texts>, String> {
        let asked = async { tokio::time::timeout(QUESTION, self.client.simple_query(question)).await };
        let answer = self
            .runtime
            .block_on(asked)
            .map_err(|_| "the database did not answer in time / 数据库未及时应答".to_owned())?;
        let messages = answer.map_err(|error| failed("read", &error))?;
        let rows = messages.into_iter().filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => {
                Some((0..row.len()).map(|at| row.get(at).map(str::to_owned)).collect::<Texts>())
            }
            _ => None,
        });
        Ok(rows.collect())
    }

    /// The first column of the first row.
    pub(super) fn one(&self, question: &str) -> Result<Option<String>, String> {
        Ok(self.ask(question)?.into_iter().next().and_then(|row| row.into_iter().next().flatten()))
    }

    /// The tables to read: those of the settings, or all that bear a known name.
    pub(super) fn tables(&self, options: &PostgresOptions) -> Result<Vec<Read>, String> {
        let mut found = Vec::new();
        if options.tables.is_empty() {
            for table in Table::ALL {
                if self.place(table.name())?.is_some() {
                    found.push(self.describe(table, &TableOptions::default())?);
                }
            }
        }
        for (name, wanted) in &options.tables {
            if let Some(table) = Table::named(name) {
                found.push(self.describe(table, wanted)?);
            }
        }
        if found.is_empty() {
            return Err("the database has no table with a national name in the search path of this user. Remedy: name them as [tables.setl_d] relation = \"schema.table\", or GRANT SELECT / 当前用户的搜索路径中没有国家标准名称的表; 请用 [tables.setl_d] relation = \"schema.table\" 指明, 或执行 GRANT SELECT".to_owned());
        }
        Ok(found)
    }

    /// Schema and name of a relation that can be read.
    fn place(&self, relation: &str) -> Result<Option<(String, String)>, String> {
        let found = self.ask(&format!(
            "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
             WHERE c.oid = to_regclass({})",
            literal(relation)
        ))?;
        let row = found.into_iter().next().unwrap_or_default();
        let mut cells = row.into_iter().flatten();
        Ok(cells.next().zip(cells.next()))
    }

    fn describe(&self, table: Table, wanted: &TableOptions) -> Result<Read, String> {
        let name = wanted.relation.as_deref().unwrap_or(table.name());
        let (schema, relation) = self
            .place(name)?
            .ok_or_else(|| format!("there is no table {name}. Remedy: correct [tables.{0}] relation / 没有表 {name}; 请更正 [tables.{0}] 的 relation", table.name()))?;
        let quoted = format!("{}.{}", quote(&schema), quote(&relation));
        let columns: Vec<(String, String)> = self
            .ask(&format!(
                "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute \
                 WHERE attrelid = {}::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
                literal(&quoted)
            ))?
            .into_iter()
            .filter_map(|row| {
                let mut cells = row.into_iter().flatten();
                cells.next().zip(cells.next())
            })
            .collect();
        let has = |name: &String| columns.iter().any(|(column, _)| column == name);
        let mut key = wanted.key.clone();
        if key.is_empty() {
            let primary = self.ask(&format!(
                "SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey) \
                 WHERE i.indrelid = {}::regclass AND i.indisprimary ORDER BY a.attnum",
                literal(&quoted)
            ))?;
            key = primary.into_iter().flatten().flatten().collect();
        }
        let mut watermark = wanted.watermark.clone();
        if watermark.is_empty() {
            watermark =
                ["updt_time", "exch_updt_time", "crte_time"].map(str::to_owned).into_iter().filter(has).collect();
        }
        if let Some(missing) = key.iter().chain(&watermark).find(|name| !has(name)) {
            return Err(format!(
                "{relation} has no column {missing}. Remedy: correct [tables.{0}] / {relation} 没有列 {missing}; 请更正 [tables.{0}]",
                table.name()
            ));
        }
        Ok(Read { table, relation: quoted, schema, name: relation, columns, key, watermark })
    }
}

/// Why there is no connection: what TLS or the network said stands behind the library's words, and no row has been read yet.
fn unreached(error: &tokio_postgres::Error) -> String {
    let behind = error.source().map(|source| format!(": {source}")).unwrap_or_default();
    failed("connect", error) + if error.as_db_error().is_some() { "" } else { &behind }
}

fn failed(what: &str, error: &tokio_postgres::Error) -> String {
    // The database's own words, without the values of rows that its details may hold.
    let said = error.as_db_error().map(|said| format!("{} ({})", said.message(), said.code().code()));
    format!("PostgreSQL, {what}: {}", said.unwrap_or_else(|| error.to_string()))
}

pub(super) fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

pub(super) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

//! Which tables of which database are read, and how? A URL is enough; a file says more.
//!
//! ```toml
//! url = "postgres://medring@10.0.0.5/yb"   # or url_env = "NAME" of a variable; the password may be in PGPASSWORD
//! ca = "ca.pem"                            # or PGSSLROOTCERT: who signed the database's certificate; `tls.rs` says when it is needed
//! name = "centre"                          # tells sources apart; keep it
//! every_seconds = 30
//! overlap_seconds = 600                    # how late a row may become visible behind its watermark
//! dataset = "dataset.toml"                 # column names of the site, as beside files
//! slot = "medring"                         # with a slot and a publication: changes as they are committed
//! publication = "medring"
//! [tables.setl_d]                          # without any: all tables that bear the national names
//! relation = "public.setl_d"
//! watermark = ["updt_time", "crte_time"]   # the first that is not null
//! key = ["setl_id", "refd_setl_flag"]
//! ```

use super::tls::{Way, way};
use crate::model::Table;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

/// A PostgreSQL database to read from.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PostgresOptions {
    #[serde(default)]
    url: String,
    #[serde(default)]
    url_env: String,
    /// Tells sources apart.
    #[serde(default = "name")]
    pub(super) name: String,
    #[serde(default = "every")]
    pub(super) every_seconds: u64,
    #[serde(default = "overlap")]
    pub(super) overlap_seconds: u32,
    /// Rows of a table in one batch at most.
    #[serde(default = "page_rows")]
    pub(super) page_rows: u32,
    pub(super) dataset: Option<PathBuf>,
    /// Certificates of the authority that vouches for the database, in PEM.
    ca: Option<PathBuf>,
    pub(super) slot: Option<String>,
    pub(super) publication: Option<String>,
    #[serde(default)]
    pub(super) tables: BTreeMap<String, TableOptions>,
}

/// How one table is read.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TableOptions {
    pub(super) relation: Option<String>,
    #[serde(default)]
    pub(super) watermark: Vec<String>,
    #[serde(default)]
    pub(super) key: Vec<String>,
}

fn name() -> String {
    "postgres".to_owned()
}

fn every() -> u64 {
    30
}

fn overlap() -> u32 {
    600
}

fn page_rows() -> u32 {
    50_000
}

impl fmt::Debug for PostgresOptions {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The URL may hold a password.
        to.debug_struct("PostgresOptions")
            .field("name", &self.name)
            .field("tables", &self.tables)
            .finish_non_exhaustive()
    }
}

impl PostgresOptions {
    /// From what stands behind `--postgres`: a URL, or a file.
    ///
    /// # Errors
    /// The file cannot be read or says something unknown; the text says what to do.
    pub fn of(text: &str) -> Result<PostgresOptions, String> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            let bare = format!("url = {}", toml::Value::String(text.to_owned()));
            return PostgresOptions::read(&bare, Path::new("")).map_err(|why| format!("--postgres: {why}"));
        }
        let path = Path::new(text);
        let read = std::fs::read_to_string(path).map_err(|error| error.to_string());
        read.and_then(|text| PostgresOptions::read(&text, path.parent().unwrap_or(Path::new(""))))
            .map_err(|why| format!("{text}: {why}. Remedy: --postgres takes a URL that begins with postgres://, or a file with url, tables, slot and publication / 数据源设置无法使用; --postgres 须为以 postgres:// 开头的 URL, 或含 url, tables, slot, publication 的文件"))
    }

    fn read(text: &str, folder: &Path) -> Result<PostgresOptions, String> {
        let mut options: PostgresOptions = toml::from_str(text).map_err(|error| error.message().to_owned())?;
        if !options.url_env.is_empty() {
            options.url = std::env::var(&options.url_env)
                .map_err(|_| format!("the environment has no variable {0} / 没有环境变量 {0}", options.url_env))?;
        }
        if options.slot.is_some() != options.publication.is_some() {
            return Err("slot and publication go together / slot 与 publication 须同时给出".to_owned());
        }
        if let Some(unknown) = options.tables.keys().find(|name| Table::named(name).is_none()) {
            return Err(format!("[tables.{unknown}] is no table of the schema / [tables.{unknown}] 不是已知的表"));
        }
        options.dataset = options.dataset.map(|file| folder.join(file));
        if let Some(file) = options.dataset.as_ref().filter(|file| !file.is_file()) {
            return Err(format!("dataset = {0} is no file / dataset = {0} 不是文件", file.display()));
        }
        options.ca = match options.ca {
            Some(file) => Some(folder.join(file)),
            None => std::env::var_os("PGSSLROOTCERT").map(PathBuf::from),
        };
        options.connection()?;
        Ok(options)
    }

    /// How to connect, and whether that is encrypted.
    pub(super) fn connection(&self) -> Result<(tokio_postgres::Config, Way), String> {
        let mut config = self.config()?;
        let way = way(&mut config, self.ca.as_deref())?;
        Ok((config, way))
    }

    fn config(&self) -> Result<tokio_postgres::Config, String> {
        let mut config: tokio_postgres::Config = self
            .url
            .parse()
            .map_err(|_| "the URL cannot be read; it looks like postgres://user@host:5432/database, and sslmode is disable, prefer or require / URL 无法识别, 应形如 postgres://user@host:5432/database, sslmode 取 disable, prefer 或 require".to_owned())?;
        if config.get_password().is_none()
            && let Ok(password) = std::env::var("PGPASSWORD")
        {
            config.password(password);
        }
        config.application_name("medring").connect_timeout(std::time::Duration::from_secs(10));
        Ok(config)
    }

    /// The database without user and password, for people.
    pub(super) fn said(&self) -> String {
        let Ok(config) = self.config() else { return self.name.clone() };
        let host = config.get_hosts().first().map(|host| match host {
            tokio_postgres::config::Host::Tcp(name) => name.clone(),
            #[cfg(unix)]
            tokio_postgres::config::Host::Unix(path) => path.display().to_string(),
        });
        format!("{} ({}/{})", self.name, host.unwrap_or_default(), config.get_dbname().unwrap_or_default())
    }

    /// The setting of the workspace that holds where this source has got to.
    pub(super) fn setting(&self) -> String {
        format!("source:postgres:{}", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_enough_and_never_shown() {
        let options = PostgresOptions::of("postgres://clerk:secret@db:5433/yb?sslmode=disable").expect("reads");
        assert_eq!(options.said(), "postgres (db/yb)");
        assert!(!format!("{options:?}").contains("secret"));
        let refused = PostgresOptions::of("postgres://clerk:secret@db:port/yb").expect_err("refused");
        assert!(!refused.contains("secret"), "{refused}");
    }

    #[test]
    fn a_file_with_something_unknown_is_refused_by_name() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("pg.toml");
        let refused = |text: &str, says: &str| {
            std::fs::write(&file, text).expect("writes");
            let why = PostgresOptions::of(file.to_str().expect("a name")).expect_err("refused");
            assert!(why.contains(says) && why.contains("pg.toml"), "{why}");
        };
        refused("url = 'postgres://localhost/yb'\nslot = 'a'", "go together");
        refused("url = 'postgres://localhost/yb'\n[tables.nonsense]", "nonsense");
        refused("url = 'postgres://localhost/yb'\nevry_seconds = 3", "evry_seconds");
        refused("url = 'postgres://10.0.0.5/yb'", "PGSSLROOTCERT");
        refused("url = 'postgres://10.0.0.5/yb'\nca = 'none.pem'", "none.pem");
        refused("url_env = 'MEDRING_NO_SUCH_VARIABLE'", "MEDRING_NO_SUCH_VARIABLE");
    }
}

//! Who may sign in, as what, and for which regions?
//!
//! A name that is tried with wrong passwords is locked for a while, whether an account of that name exists or not: an answer
//! never tells which names there are.

use super::error::StoreError;
use super::office::Office;
use super::secret;
use rusqlite::{OptionalExtension, Row, params};

/// Wrong passwords in a row after which a name is locked.
pub const FAILURES_MAX: i64 = 5;
/// How long it is locked, seconds.
pub const LOCKED_S: i64 = 15 * 60;
/// Letters of a password at least.
pub const PASSWORD_MIN: usize = 10;

/// What an account is for. The policies of the server say what each may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AccountRole {
    /// Explores rings and works on cases.
    Investigator,
    /// As an investigator; and decides what others ask for.
    Reviewer,
    /// Of a joint case team: sees the cases it is in, and their rings.
    CaseTeam,
    /// Reads the list of rings and their summaries.
    ReportReader,
    /// Keeps the server: data, batches, figures; sees no ring.
    Administrator,
    /// Reads the audit log and nothing else.
    Auditor,
}

impl AccountRole {
    /// All roles.
    pub const ALL: [AccountRole; 6] = [
        AccountRole::Investigator,
        AccountRole::Reviewer,
        AccountRole::CaseTeam,
        AccountRole::ReportReader,
        AccountRole::Administrator,
        AccountRole::Auditor,
    ];

    /// The word in files, policies and on the command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            AccountRole::Investigator => "investigator",
            AccountRole::Reviewer => "reviewer",
            AccountRole::CaseTeam => "case_team",
            AccountRole::ReportReader => "report_reader",
            AccountRole::Administrator => "administrator",
            AccountRole::Auditor => "auditor",
        }
    }

    /// The role with this word.
    #[must_use]
    pub fn named(word: &str) -> Option<AccountRole> {
        AccountRole::ALL.into_iter().find(|role| role.word() == word)
    }
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Account {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub role: AccountRole,
    /// Beginnings of region codes (`admdvs`) that it is responsible for; none means all.
    pub regions: Vec<String>,
    /// Whether it may no longer sign in.
    pub disabled: bool,
    /// When it was made, seconds since 1970-01-01 UTC.
    pub created_at: i64,
}

/// A key of a machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// What it is called.
    pub name: String,
    /// When it was made, seconds since 1970-01-01 UTC.
    pub created_at: i64,
    /// Whether it is good no longer.
    pub revoked: bool,
}

/// What became of an attempt to sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignIn {
    /// Name and password fit.
    Fits(Account),
    /// They do not, or the account is disabled.
    Refused,
    /// The name was tried too often; it is locked until then.
    Locked(i64),
}

fn account(row: &Row<'_>) -> rusqlite::Result<Account> {
    let (role, regions): (String, String) = (row.get(1)?, row.get(2)?);
    // A role that this program does not know may do the least.
    let role = AccountRole::named(&role).unwrap_or(AccountRole::ReportReader);
    let regions = regions.split(',').filter(|part| !part.is_empty()).map(str::to_owned).collect();
    Ok(Account { name: row.get(0)?, role, regions, disabled: row.get(3)?, created_at: row.get(4)? })
}

const COLUMNS: &str = "name, role, regions, disabled, created_at";

fn good_password(password: &str) -> Result<(), StoreError> {
    if password.chars().count() < PASSWORD_MIN {
        return Err(StoreError::refused(format!(
            "the password is too short: at least {PASSWORD_MIN} characters / 口令太短: 至少 {PASSWORD_MIN} 个字符"
        )));
    }
    Ok(())
}

fn good_regions(regions: &[String]) -> Result<(), StoreError> {
    let digits = |part: &String| (1..=6).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    match regions.iter().find(|part| !digits(part)) {
        None => Ok(()),
        Some(wrong) => Err(StoreError::refused(format!(
            "region {wrong:?}: one to six digits, the beginning of an admdvs code, such as 34 or 3401 / 地区须为 admdvs 代码的前 1 至 6 位数字"
        ))),
    }
}

fn good_name(name: &str) -> Result<(), StoreError> {
    let plain = |letter: char| letter.is_alphanumeric() || matches!(letter, '.' | '_' | '-');
    if name.is_empty() || name.chars().count() > 64 || !name.chars().all(plain) {
        return Err(StoreError::refused(format!(
            "{name:?} cannot be a name: 1 to 64 letters, digits, '.', '_' or '-' / 名称只能用 1 至 64 个字母、汉字、数字和 . _ -"
        )));
    }
    Ok(())
}

impl Office {
    /// Whether anybody has an account, disabled or not: from the first one on, everybody must sign in.
    ///
    /// # Errors
    /// The file does not answer.
    pub fn has_accounts(&self) -> Result<bool, StoreError> {
        Ok(self.database.query_row("SELECT EXISTS (SELECT 1 FROM account)", [], |row| row.get(0))?)
    }

    /// All accounts, by name.
    ///
    /// # Errors
    /// The file does not answer.
    pub fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        let mut rows = self.database.prepare(&format!("SELECT {COLUMNS} FROM account ORDER BY name"))?;
        let found = rows.query_map([], account)?.collect::<Result<_, _>>()?;
        Ok(found)
    }

    /// One account.
    ///
    /// # Errors
    /// The file does not answer.
    pub fn account(&self, name: &str) -> Result<Option<Account>, StoreError> {
        let query = format!("SELECT {COLUMNS} FROM account WHERE name = ?1");
        Ok(self.database.query_row(&query, [name], account).optional()?)
    }

    /// Makes an account.
    ///
    /// # Errors
    /// The name is taken or no name, a region is no beginning of a code, the password is too short, or the file does not answer.
    pub fn add_account(
        &mut self,
        name: &str,
        role: AccountRole,
        regions: &[String],
        password: &str,
        now: i64,
    ) -> Result<(), StoreError> {
        good_name(name)?;
        good_regions(regions)?;
        good_password(password)?;
        if self.account(name)?.is_some() {
            return Err(StoreError::refused(format!(
                "{name} has an account already; `user passwd` gives it another password / 账号已存在"
            )));
        }
        let (kept, regions) = (secret::password_kept(password)?, regions.join(","));
        self.write(|write| {
            write.execute(
                "INSERT INTO account VALUES (?1, ?2, ?3, ?4, 0, ?5, ?5)",
                params![name, role.word(), regions, kept, now],
            )
        })?;
        Ok(())
    }

    /// Gives an account another password and ends its sessions.
    ///
    /// # Errors
    /// There is no such account, the password is too short, or the file does not answer.
    pub fn set_password(&mut self, name: &str, password: &str, now: i64) -> Result<(), StoreError> {
        good_password(password)?;
        let kept = secret::password_kept(password)?;
        self.change(name, "UPDATE account SET password = ?2, changed_at = ?3 WHERE name = ?1", params![name, kept, now])
    }

    /// Gives an account another role or other regions, and ends its sessions: what it may see was asked with the old ones.
    ///
    /// # Errors
    /// There is no such account, a region is no beginning of a code, or the file does not answer.
    pub fn set_duty(
        &mut self,
        name: &str,
        role: Option<AccountRole>,
        regions: Option<&[String]>,
        now: i64,
    ) -> Result<(), StoreError> {
        good_regions(regions.unwrap_or_default())?;
        let (role, regions) = (role.map(AccountRole::word), regions.map(|regions| regions.join(",")));
        let query = "UPDATE account SET role = coalesce(?2, role), regions = coalesce(?3, regions), changed_at = ?4
            WHERE name = ?1";
        self.change(name, query, params![name, role, regions, now])
    }

    /// Disables an account and ends its sessions, or enables it again.
    ///
    /// # Errors
    /// There is no such account, or the file does not answer.
    pub fn disable(&mut self, name: &str, disabled: bool, now: i64) -> Result<(), StoreError> {
        let query = "UPDATE account SET disabled = ?2, changed_at = ?3 WHERE name = ?1";
        self.change(name, query, params![name, disabled, now])
    }

    fn change(&mut self, name: &str, query: &str, values: &[&dyn rusqlite::ToSql]) -> Result<(), StoreError> {
        let changed = self.write(|write| {
            write.execute("DELETE FROM session WHERE account = ?1", [name])?;
            write.execute("DELETE FROM sign_in_failure WHERE name = ?1", [name])?;
            write.execute(query, values)
        })?;
        if changed == 0 {
            return Err(StoreError::refused(format!(
                "nobody is called {name}; `user ls` lists all accounts / 没有这个账号"
            )));
        }
        Ok(())
    }

    /// Whether name and password fit. A locked name is not looked at.
    ///
    /// # Errors
    /// The file does not answer.
    pub fn sign_in(&mut self, name: &str, password: &str, now: i64) -> Result<SignIn, StoreError> {
        let tried = "SELECT failures, last_at FROM sign_in_failure WHERE name = ?1";
        let tried = self.database.query_row(tried, [name], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        let (failures, last): (i64, i64) = tried.unwrap_or((0, now));
        if failures >= FAILURES_MAX && now < last + LOCKED_S {
            return Ok(SignIn::Locked(last + LOCKED_S));
        }
        let kept = "SELECT password FROM account WHERE name = ?1 AND disabled = 0";
        let kept: Option<String> = self.database.query_row(kept, [name], |row| row.get(0)).optional()?;
        let fits = secret::password_fits(password, kept.as_deref());
        if let Some(account) = self.account(name)?.filter(|_| fits) {
            self.write(|write| write.execute("DELETE FROM sign_in_failure WHERE name = ?1", [name]))?;
            return Ok(SignIn::Fits(account));
        }
        // After a lock has run out the count begins anew.
        let failures = if failures >= FAILURES_MAX { 1 } else { failures + 1 };
        self.write(|write| {
            write.execute("DELETE FROM sign_in_failure WHERE last_at < ?1", [now - 10 * LOCKED_S])?;
            write.execute("INSERT OR REPLACE INTO sign_in_failure VALUES (?1, ?2, ?3)", params![name, failures, now])
        })?;
        Ok(SignIn::Refused)
    }

    /// Makes a key with which a machine pushes batches; the answer is its only copy.
    ///
    /// # Errors
    /// The name is taken or no name, or the file does not answer.
    pub fn add_key(&mut self, name: &str, now: i64) -> Result<String, StoreError> {
        good_name(name)?;
        let token = format!("mk_{}", secret::token()?);
        let kept = secret::token_kept(&token);
        let added = self.write(|write| {
            write.execute("INSERT OR IGNORE INTO api_key VALUES (?1, ?2, ?3, 0)", params![name, kept, now])
        })?;
        if added == 0 {
            return Err(StoreError::refused(format!(
                "there is a key {name} already; choose another name / 密钥名称已存在"
            )));
        }
        Ok(token)
    }

    /// Makes a key good no longer.
    ///
    /// # Errors
    /// There is no such key, or the file does not answer.
    pub fn revoke_key(&mut self, name: &str) -> Result<(), StoreError> {
        match self.write(|write| write.execute("UPDATE api_key SET revoked = 1 WHERE name = ?1", [name]))? {
            0 => Err(StoreError::refused(format!("no key is called {name}; `user ls` lists all keys / 没有这个密钥"))),
            _ => Ok(()),
        }
    }

    /// All keys, by name.
    ///
    /// # Errors
    /// The file does not answer.
    pub fn keys(&self) -> Result<Vec<ApiKey>, StoreError> {
        let mut rows = self.database.prepare("SELECT name, created_at, revoked FROM api_key ORDER BY name")?;
        let one = |row: &Row<'_>| Ok(ApiKey { name: row.get(0)?, created_at: row.get(1)?, revoked: row.get(2)? });
        let found = rows.query_map([], one)?.collect::<Result<_, _>>()?;
        Ok(found)
    }

    /// Whose key this is.
    ///
    /// # Errors
    /// The file does not answer.
    pub fn key_owner(&self, token: &str) -> Result<Option<String>, StoreError> {
        let query = "SELECT name FROM api_key WHERE secret = ?1 AND revoked = 0";
        Ok(self.database.query_row(query, [secret::token_kept(token)], |row| row.get(0)).optional()?)
    }
}

//! Who has an account? Administrators list accounts, make them, and lock them; the log says so by name, never with a password.
//!
//! The first account is made on the command line: whoever can write the workspace's files. Role and regions stand from the
//! beginning: what somebody did in a role is read with that role.
//!
//! Nobody becomes somebody else by giving them a password: one that was given is good once, for choosing another, and where the
//! account reveals, decides or keeps accounts, a second administrator has to agree first (`src/store/holds.rs`).

use super::door::{Noted, now_s};
use super::viewer::Asking;
use crate::model::Sentence;
use crate::serve::guard::json;
use crate::serve::trouble::{Refusal, Trouble, question};
use crate::store::{Account, AccountRole, Hold, PASSWORD_MIN, StoreError};
use axum::Json;
use axum::extract::Path;
use axum::extract::rejection::JsonRejection;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// All accounts.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::serve) struct AccountsAnswer {
    accounts: Vec<AccountRow>,
    /// The roles that there are.
    roles: Vec<String>,
    /// Letters of a password at least.
    password_min: usize,
}

/// An account.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::serve) struct AccountRow {
    name: String,
    role: String,
    /// Beginnings of the codes of its regions; none means all.
    regions: Vec<String>,
    /// Whether it may not sign in.
    disabled: bool,
    /// Seconds since 1970-01-01 UTC.
    created_at: i64,
    /// Who gave it its password, until its owner has chosen another.
    given_by: Option<String>,
    /// Whether a second administrator has to agree before anybody signs in with it.
    waits: bool,
}

/// An account to make.
#[derive(Deserialize, ToSchema)]
pub(in crate::serve) struct AccountAsked {
    name: String,
    role: String,
    #[serde(default)]
    regions: Vec<String>,
    password: String,
}

/// What to change of an account; its sessions end.
#[derive(Deserialize, ToSchema)]
pub(in crate::serve) struct AccountChange {
    /// Whether it may not sign in.
    disabled: Option<bool>,
    /// Another password; it also unlocks a name that was tried too often. Its owner has to choose another with it.
    password: Option<String>,
    /// Agree to the password that another administrator gave.
    agree: Option<bool>,
}

/// Whether a second administrator has to agree to a password that was given to an account of this role: not where it
/// reveals nothing and decides nothing.
fn needs_second(role: AccountRole) -> bool {
    !matches!(role, AccountRole::ReportReader | AccountRole::Auditor)
}

/// Gives a password, with the hold that goes with it; the hold first, so that no moment is without it.
fn give(
    office: &mut crate::store::Office,
    (name, by, role): (&str, &str, AccountRole),
    give: impl FnOnce(&mut crate::store::Office) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let (before, now) = (office.held(name)?, now_s());
    office.hold(name, by, needs_second(role), now)?;
    let given = give(office);
    if given.is_err() {
        match before {
            Some(hold) => office.hold(name, &hold.given_by, hold.waits, now)?,
            None => office.release(name)?,
        }
    }
    given
}

/// What the store will not do is a question that was wrongly asked; its text is `English / 中文`.
fn refused(error: Trouble, store: Option<String>) -> Trouble {
    let Some(why) = store else { return error };
    let (en, zh) = why.split_once(" / ").unwrap_or((&why, &why));
    Trouble::Question("account", Sentence { zh: zh.to_owned(), en: en.to_owned() })
}

fn change(
    asking: &Asking,
    ask: impl FnOnce(&mut crate::store::Office) -> Result<(), StoreError>,
) -> Result<(), Trouble> {
    let mut why = None;
    let done = asking.office(|office| {
        ask(office).inspect_err(|error| {
            if let StoreError::Refused { why: said } = error {
                why = Some(said.clone());
            }
        })
    });
    done.map_err(|error| refused(error, why))
}

fn list(asking: &Asking) -> Result<AccountsAnswer, Trouble> {
    let row = |(one, hold): (Account, Option<Hold>)| AccountRow {
        name: one.name,
        role: one.role.word().to_owned(),
        regions: one.regions,
        disabled: one.disabled,
        created_at: one.created_at,
        waits: hold.as_ref().is_some_and(|hold| hold.waits),
        given_by: hold.map(|hold| hold.given_by),
    };
    let accounts = asking.office(|office| {
        let all = office.accounts()?.into_iter();
        all.map(|one| office.held(&one.name).map(|hold| (one, hold))).collect::<Result<Vec<_>, _>>()
    })?;
    Ok(AccountsAnswer {
        accounts: accounts.into_iter().map(row).collect(),
        roles: AccountRole::ALL.map(|role| role.word().to_owned()).to_vec(),
        password_min: PASSWORD_MIN,
    })
}

fn noted(asking: &Asking, name: &str, detail: &serde_json::Value) -> Result<Response, Trouble> {
    let mut response = Json(list(asking)?).into_response();
    response.extensions_mut().insert(Noted { object: name.to_owned(), detail: detail.to_string() });
    Ok(response)
}

fn read<T>(body: Result<Json<T>, JsonRejection>) -> Result<T, Trouble> {
    json(body, |_| question("body", "需要符合接口说明的 JSON", "JSON as the description says"))
}

/// All accounts, by name.
#[utoipa::path(get, path = "/v1/accounts", responses((status = 200, body = AccountsAnswer), (status = 403, body = Refusal)))]
pub(in crate::serve) async fn accounts(asking: Asking) -> Result<Json<AccountsAnswer>, Trouble> {
    asking.work(|asking| Ok(Json(list(asking)?))).await
}

/// Makes an account.
#[utoipa::path(post, path = "/v1/accounts", request_body = AccountAsked, responses(
    (status = 200, body = AccountsAnswer), (status = 400, body = Refusal), (status = 403, body = Refusal)))]
pub(in crate::serve) async fn add_account(
    asking: Asking,
    body: Result<Json<AccountAsked>, JsonRejection>,
) -> Result<Response, Trouble> {
    let asked = read(body)?;
    let shared = std::sync::Arc::clone(&asking.shared);
    let _turn = shared.password_turn().await?;
    asking
        .work(move |asking| {
            let Some(role) = AccountRole::named(&asked.role) else {
                return Err(question("role", "没有这个角色", "there is no such role"));
            };
            let name = asked.name.trim();
            let by = asking.account()?;
            change(asking, |office| {
                // Somebody who is there already keeps what holds them or does not.
                if office.account(name)?.is_some() {
                    return office.add_account(name, role, &asked.regions, &asked.password, now_s());
                }
                give(office, (name, by, role), |office| {
                    office.add_account(name, role, &asked.regions, &asked.password, now_s())
                })
            })?;
            noted(asking, name, &serde_json::json!({"made": role.word(), "regions": asked.regions}))
        })
        .await
}

/// Locks or unlocks an account, gives it a password, or agrees to one that another administrator gave. Nobody does so to their own.
#[utoipa::path(post, path = "/v1/accounts/{name}", request_body = AccountChange,
    params(("name" = String, Path, description = "its name")), responses(
    (status = 200, body = AccountsAnswer), (status = 400, body = Refusal), (status = 403, body = Refusal)))]
pub(in crate::serve) async fn change_account(
    asking: Asking,
    Path(name): Path<String>,
    body: Result<Json<AccountChange>, JsonRejection>,
) -> Result<Response, Trouble> {
    let asked = read(body)?;
    let shared = std::sync::Arc::clone(&asking.shared);
    let _turn = shared.password_turn().await?;
    asking
        .work(move |asking| {
            let by = asking.account()?;
            if asked.disabled.is_none() && asked.password.is_none() && asked.agree != Some(true) {
                return Err(question(
                    "disabled",
                    "说明停用与否, 给出新口令, 或同意他人设定的口令",
                    "say whether it is disabled, give a password, or agree to one that was given",
                ));
            }
            if by == name {
                let (zh, en) = (
                    "不能对自己的账号如此操作; 自己的口令在设置中更换",
                    "not to one's own account; one's own password is changed under Settings",
                );
                return Err(question("name", zh, en));
            }
            if let Some(password) = &asked.password {
                change(asking, |office| {
                    let known = office.account(&name)?;
                    let role = known.map_or(AccountRole::Administrator, |account| account.role);
                    give(office, (&name, by, role), |office| office.set_password(&name, password, now_s()))
                })?;
            }
            if asked.agree == Some(true)
                && asked.password.is_none()
                && !asking.office(|office| office.agree(&name, by))?
            {
                let (zh, en) = (
                    "没有等待您同意的口令; 设定者不能自己同意",
                    "no password waits for you to agree: whoever gave it cannot",
                );
                return Err(question("agree", zh, en));
            }
            if let Some(disabled) = asked.disabled {
                change(asking, |office| office.disable(&name, disabled, now_s()))?;
            }
            let detail = serde_json::json!({"disabled": asked.disabled, "password": asked.password.is_some(),
                "agreed": asked.agree});
            noted(asking, &name, &detail)
        })
        .await
}

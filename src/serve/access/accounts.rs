//! Who has an account? Administrators list accounts, make them, and lock them; the log says so by name, never with a password.
//!
//! The first account is made on the command line: whoever can write the workspace's files. Role and regions stand from the
//! beginning: what somebody did in a role is read with that role.

use super::door::{Noted, now_s};
use super::viewer::Asking;
use crate::model::Sentence;
use crate::serve::trouble::{Refusal, Trouble, question};
use crate::store::{Account, AccountRole, PASSWORD_MIN, StoreError};
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
    /// Another password; it also unlocks a name that was tried too often.
    password: Option<String>,
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
    let row = |one: Account| AccountRow {
        name: one.name,
        role: one.role.word().to_owned(),
        regions: one.regions,
        disabled: one.disabled,
        created_at: one.created_at,
    };
    let accounts = asking.office(|office| office.accounts())?;
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
    body.map(|Json(asked)| asked).map_err(|error| question("body", &error.body_text(), &error.body_text()))
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
            change(asking, |office| office.add_account(name, role, &asked.regions, &asked.password, now_s()))?;
            noted(asking, name, &serde_json::json!({"made": role.word(), "regions": asked.regions}))
        })
        .await
}

/// Locks or unlocks an account, or gives it another password. Nobody locks their own.
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
            if asked.disabled.is_none() && asked.password.is_none() {
                return Err(question(
                    "disabled",
                    "说明停用与否, 或给出新口令",
                    "say whether it is disabled, or give a password",
                ));
            }
            if asked.disabled == Some(true) && asking.account().ok() == Some(name.as_str()) {
                return Err(question("disabled", "不能停用自己的账号", "nobody disables their own account"));
            }
            if let Some(password) = &asked.password {
                change(asking, |office| office.set_password(&name, password, now_s()))?;
            }
            if let Some(disabled) = asked.disabled {
                change(asking, |office| office.disable(&name, disabled, now_s()))?;
            }
            let detail = serde_json::json!({"disabled": asked.disabled, "password": asked.password.is_some()});
            noted(asking, &name, &detail)
        })
        .await
}

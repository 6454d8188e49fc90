//! Why was a request refused? A stable code, what happened and what to do, in both languages.

use crate::engine::EngineError;
use crate::model::Sentence;
use crate::store::StoreError;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::time::Duration;
use utoipa::ToSchema;

/// Why a request was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Trouble {
    /// No such address.
    NoSuchPage,
    /// No such ring in this epoch.
    NoSuchRing(String),
    /// No such party, or a token of another workspace.
    NoSuchParty,
    /// A parameter cannot be read: which, and what is expected.
    Question(&'static str, Sentence),
    /// The view or the graph is not built yet.
    NotReady,
    /// Too many batches wait.
    Busy,
    /// The body is larger than allowed.
    TooLarge(u64),
    /// The address is longer than allowed.
    LongAddress(usize),
    /// The batch cannot be read.
    Batch(String),
    /// Too many of its rows were set aside.
    Rejected(String),
    /// The key belongs to a batch with other content.
    OtherContent(String),
    /// The client paused for too long while it sent the body.
    Slow(Duration),
    /// The answer took longer than a question may.
    TooLong(Duration),
    /// A page of another site asked, or for another host.
    Foreign,
    /// Nobody is signed in.
    SignIn,
    /// Name and password do not fit.
    WrongPassword,
    /// The name was tried too often: locked for so many seconds.
    Locked(i64),
    /// Too many attempts, searches or reveals in a minute.
    TooOften,
    /// The account may not do this.
    NotPermitted(&'static str),
    /// It takes an account, and the server has none.
    NeedsAccount,
    /// The password was given by an administrator; a second one has to agree before anybody signs in with it.
    Waits,
    /// The password was given by somebody else: nothing is done before the account's owner has chosen another.
    ChoosePassword,
    /// No such case, or one that the account may not see.
    NoSuchCase,
    /// The case is not so far: what is missing.
    NotSoFar(Sentence),
    /// The server is ending, or its writer gave up.
    Closing(String),
    /// The workspace did not answer.
    Failed(String),
}

/// What is answered instead.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Refusal {
    /// Stable code, such as `MR-WEB-003`.
    code: String,
    /// What happened, in Chinese.
    zh: String,
    /// What happened, in English.
    en: String,
    /// What to do, in Chinese.
    remedy_zh: String,
    /// What to do, in English.
    remedy_en: String,
}

type Said = (StatusCode, &'static str, String, String, &'static str, &'static str);

impl Trouble {
    #[expect(clippy::too_many_lines, reason = "one table: each trouble with its status, code, words and remedy")]
    fn said(&self) -> Said {
        let fixed = |zh: &str, en: &str| (zh.to_owned(), en.to_owned());
        let (status, code, (zh, en), remedy_zh, remedy_en) = match self {
            Trouble::NoSuchPage => (
                StatusCode::NOT_FOUND,
                "MR-WEB-001",
                fixed("没有这个地址", "there is no such address"),
                "接口一览见 /openapi.json",
                "see /openapi.json for all addresses",
            ),
            Trouble::NoSuchRing(id) => (
                StatusCode::NOT_FOUND,
                "MR-WEB-002",
                match super::access::is_id(id) {
                    true => (format!("当前批次没有线索 {id}"), format!("there is no lead {id} in this epoch")),
                    // What was typed may have been a person's number.
                    false => fixed("当前批次没有这条线索", "there is no such lead in this epoch"),
                },
                "查看其历史，或回到列表",
                "look at its history, or go back to the list",
            ),
            Trouble::NoSuchParty => (
                StatusCode::NOT_FOUND,
                "MR-WEB-003",
                fixed("没有这个主体", "there is no such party"),
                "标识只在给出它的工作区内有效",
                "a token is good only in the workspace that gave it",
            ),
            Trouble::Question(name, expected) => (
                StatusCode::BAD_REQUEST,
                "MR-WEB-004",
                (format!("参数 {name} 无法识别: {}", expected.zh), format!("parameter {name}: {}", expected.en)),
                "更正参数后重试",
                "correct the parameter",
            ),
            Trouble::NotReady => (
                StatusCode::SERVICE_UNAVAILABLE,
                "MR-WEB-005",
                fixed("关系图正在生成", "the graph is being built"),
                "稍后重试",
                "try again shortly",
            ),
            Trouble::Busy => (
                StatusCode::TOO_MANY_REQUESTS,
                "MR-WEB-006",
                fixed("等待入库的批次已满", "too many batches are waiting"),
                "按 Retry-After 的秒数后用同一幂等键重发",
                "send it again after Retry-After seconds with the same key",
            ),
            Trouble::TooLarge(most) => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "MR-WEB-007",
                (format!("请求超过 {most} 字节"), format!("the body is larger than {most} bytes")),
                "分成多个批次，或改用 medring ingest run",
                "cut it into batches, or use medring ingest run",
            ),
            Trouble::LongAddress(most) => (
                StatusCode::URI_TOO_LONG,
                "MR-WEB-021",
                (format!("地址超过 {most} 字节"), format!("the address is longer than {most} bytes")),
                "减少参数，一次少问一些主体",
                "give fewer parameters, or ask about fewer parties at once",
            ),
            Trouble::Batch(why) => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "MR-WEB-008",
                (format!("批次无法读取: {why}"), format!("the batch cannot be read: {why}")),
                "未保存任何内容；更正后重发",
                "nothing was kept; correct it and send it again",
            ),
            Trouble::Rejected(why) => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "MR-WEB-009",
                (format!("被隔离的行过多: {why}"), format!("too many rows were set aside: {why}")),
                "未保存任何内容；用 medring check 查看原因",
                "nothing was kept; see why with medring check",
            ),
            Trouble::Slow(most) => (
                StatusCode::REQUEST_TIMEOUT,
                "MR-WEB-026",
                (
                    format!("请求体中断超过 {} 秒", most.as_secs()),
                    format!("the body paused for more than {} seconds", most.as_secs()),
                ),
                "未保存任何内容；用同一幂等键重发",
                "nothing was kept; send it again with the same key",
            ),
            Trouble::TooLong(most) => (
                StatusCode::SERVICE_UNAVAILABLE,
                "MR-WEB-025",
                (
                    format!("查询超过 {} 秒", most.as_secs()),
                    format!("the question took more than {} seconds", most.as_secs()),
                ),
                "缩小查询范围后重试",
                "ask for less",
            ),
            Trouble::Foreign => (
                StatusCode::FORBIDDEN,
                "MR-WEB-010",
                fixed("请求来自其他站点", "the request comes from another site"),
                "直接打开本服务器的地址",
                "open this server's own address",
            ),
            Trouble::SignIn => (
                StatusCode::UNAUTHORIZED,
                "MR-WEB-013",
                fixed("需要登录", "nobody is signed in"),
                "登录后重试；程序推送批次请用 Authorization: Bearer 密钥",
                "sign in; programs send Authorization: Bearer KEY",
            ),
            Trouble::WrongPassword => (
                StatusCode::UNAUTHORIZED,
                "MR-WEB-014",
                fixed("账号或口令不对，或账号已停用", "name and password do not fit, or the account is disabled"),
                "重新输入；忘记口令请管理员执行 medring user passwd",
                "try again; an administrator sets a new one with medring user passwd",
            ),
            Trouble::Locked(seconds) => (
                StatusCode::TOO_MANY_REQUESTS,
                "MR-WEB-015",
                (
                    format!("口令多次错误，该名称已锁定，{} 分钟后可再试", seconds / 60 + 1),
                    format!("too many wrong passwords: this name is locked for {} minutes", seconds / 60 + 1),
                ),
                "稍后再试，或请管理员执行 medring user passwd",
                "try again later, or ask an administrator for medring user passwd",
            ),
            Trouble::TooOften => (
                StatusCode::TOO_MANY_REQUESTS,
                "MR-WEB-016",
                fixed("请求过于频繁", "too many of these in a minute"),
                "一分钟后再试",
                "try again in a minute",
            ),
            Trouble::NotPermitted(action) => (
                StatusCode::FORBIDDEN,
                "MR-WEB-017",
                (format!("当前账号无权执行: {action}"), format!("this account may not do this: {action}")),
                "由有权限的账号办理；各角色的权限见 policies.cedar",
                "ask an account that may; policies.cedar says what each role may do",
            ),
            Trouble::NeedsAccount => (
                StatusCode::FORBIDDEN,
                "MR-WEB-018",
                fixed(
                    "此操作须由具名账号办理，而本工作区尚无账号",
                    "this takes an account, and the workspace has none yet",
                ),
                "先执行 medring user add NAME --role ROLE --workspace WS",
                "first: medring user add NAME --role ROLE --workspace WS",
            ),
            Trouble::Waits => (
                StatusCode::FORBIDDEN,
                "MR-WEB-023",
                fixed(
                    "口令由管理员设定，须另一名管理员同意后才能登录",
                    "an administrator gave this password: a second one has to agree before anybody signs in with it",
                ),
                "请另一名管理员在 设置 › 账号 同意，或在服务器上执行 medring user passwd",
                "ask a second administrator to agree under Settings › Accounts, or for medring user passwd on the server",
            ),
            Trouble::ChoosePassword => (
                StatusCode::FORBIDDEN,
                "MR-WEB-024",
                fixed("口令由他人设定，须先换成自己的口令", "somebody else gave this password: choose your own first"),
                "登录页面，按提示更换口令",
                "sign in to the page and choose another password there",
            ),
            Trouble::NoSuchCase => (
                StatusCode::NOT_FOUND,
                "MR-WEB-019",
                fixed("没有这个案件", "there is no such case"),
                "回到案件列表；非本案成员看不到案件",
                "go back to the list; only its team sees a case",
            ),
            Trouble::NotSoFar(why) => (
                StatusCode::CONFLICT,
                "MR-WEB-020",
                (why.zh.clone(), why.en.clone()),
                "补齐后重试",
                "complete it and try again",
            ),
            Trouble::OtherContent(why) => (
                StatusCode::CONFLICT,
                "MR-WEB-022",
                (
                    format!("该幂等键属于内容不同的另一批次: {why}"),
                    format!("the key belongs to a batch with other content: {why}"),
                ),
                "未保存任何内容；换用新的幂等键重发，每张表各用一个",
                "nothing was kept; send it with a key of its own, one for each table",
            ),
            Trouble::Closing(why) => (
                StatusCode::SERVICE_UNAVAILABLE,
                "MR-WEB-011",
                (format!("服务器不再接收批次: {why}"), format!("the server takes no more batches: {why}")),
                "重启服务器后用同一幂等键重发",
                "restart the server and send it again with the same key",
            ),
            Trouble::Failed(why) => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "MR-WEB-012",
                (format!("工作区没有应答: {why}"), format!("the workspace did not answer: {why}")),
                "检查磁盘与服务器日志",
                "check the disk and the server's messages",
            ),
        };
        (status, code, zh, en, remedy_zh, remedy_en)
    }
}

impl Trouble {
    /// What happened, and what to do.
    #[must_use]
    pub fn sentences(&self) -> (Sentence, Sentence) {
        let (_, _, zh, en, remedy_zh, remedy_en) = self.said();
        (Sentence { zh, en }, Sentence { zh: remedy_zh.to_owned(), en: remedy_en.to_owned() })
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.said().1
    }

    /// What happened and what to do, in both languages, a line each.
    pub(super) fn text(&self) -> String {
        let (_, code, zh, en, remedy_zh, remedy_en) = self.said();
        format!("{code}\n{zh}。处理: {remedy_zh}\n{en}. Remedy: {remedy_en}\n")
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let (status, code, zh, en, remedy_zh, remedy_en) = self.said();
        let (remedy_zh, remedy_en) = (remedy_zh.to_owned(), remedy_en.to_owned());
        let mut answer =
            (status, Json(Refusal { code: code.to_owned(), zh, en, remedy_zh, remedy_en })).into_response();
        let wait = match self {
            Trouble::Busy | Trouble::NotReady => Some(HeaderValue::from_static("5")),
            Trouble::TooOften => Some(HeaderValue::from_static("60")),
            Trouble::Locked(seconds) => Some(HeaderValue::from(seconds.unsigned_abs())),
            _ => None,
        };
        if let Some(wait) = wait {
            answer.headers_mut().insert(header::RETRY_AFTER, wait);
        }
        answer
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Trouble {
        Trouble::Failed(error.to_string())
    }
}

impl From<EngineError> for Trouble {
    fn from(error: EngineError) -> Trouble {
        let text = error.to_string();
        match error {
            EngineError::Input(_) => Trouble::Batch(text),
            EngineError::Rejected { .. } => Trouble::Rejected(text),
            EngineError::TooManyRows { .. } | EngineError::CutOff { .. } => Trouble::Batch(text),
            EngineError::OtherContent { .. } => Trouble::OtherContent(text),
            EngineError::Interrupted => Trouble::Closing(text),
            _ => Trouble::Failed(text),
        }
    }
}

/// A parameter that cannot be read.
pub(super) fn question(name: &'static str, zh: &str, en: &str) -> Trouble {
    Trouble::Question(name, Sentence { zh: zh.to_owned(), en: en.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn no_two_troubles_share_a_code() {
        let (text, why) = (String::new, Sentence::default());
        let all = [
            Trouble::NoSuchPage,
            Trouble::NoSuchRing(text()),
            Trouble::NoSuchParty,
            Trouble::Question("x", why.clone()),
            Trouble::NotReady,
            Trouble::Busy,
            Trouble::TooLarge(1),
            Trouble::LongAddress(1),
            Trouble::Batch(text()),
            Trouble::Rejected(text()),
            Trouble::OtherContent(text()),
            Trouble::Slow(Duration::ZERO),
            Trouble::TooLong(Duration::ZERO),
            Trouble::Foreign,
            Trouble::SignIn,
            Trouble::WrongPassword,
            Trouble::Locked(1),
            Trouble::TooOften,
            Trouble::NotPermitted("x"),
            Trouble::NeedsAccount,
            Trouble::Waits,
            Trouble::ChoosePassword,
            Trouble::NoSuchCase,
            Trouble::NotSoFar(why),
            Trouble::Closing(text()),
            Trouble::Failed(text()),
        ];
        let mut by: BTreeMap<&str, Vec<&Trouble>> = BTreeMap::new();
        for trouble in &all {
            by.entry(trouble.code()).or_default().push(trouble);
        }
        let shared: Vec<_> = by.iter().filter(|(_, troubles)| troubles.len() > 1).collect();
        assert!(shared.is_empty(), "{shared:?}");
    }
}

//! Who works at the command line? A named account, with its password from a terminal or a file, never from the command line.

use super::check::Language;
use super::{CONFIGURATION, FOUND_PROBLEMS, Failure, NOT_PERMITTED, UNAVAILABLE, USAGE};
use crate::serve::{Desk, DeskError, ServeError, Trouble};
use clap::Args;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

/// The account that acts.
#[derive(Args, Debug)]
pub(super) struct Officer {
    /// The account that acts; `medring user add` makes accounts
    #[arg(long = "as", value_name = "NAME")]
    name: String,
    /// Read the password from the first line of this file; without it, it is asked for on the terminal
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

impl Officer {
    /// Signs in at a workspace.
    pub(super) fn sign_in(&self, workspace: &Path, lang: Language) -> Result<Desk, Failure> {
        let password = password(self.password_file.as_deref(), lang)?;
        Desk::open(workspace, self.name.trim(), &password).map_err(|error| refused(error, lang))
    }
}

/// The password from a file, or asked for on the terminal.
pub(super) fn password(file: Option<&Path>, lang: Language) -> Result<String, Failure> {
    if let Some(path) = file {
        let text = std::fs::read_to_string(path)
            .map_err(|error| Failure::new(UNAVAILABLE, format!("{}: {error}", path.display())))?;
        return Ok(text.lines().next().unwrap_or_default().to_owned());
    }
    if !std::io::stdin().is_terminal() {
        let zh = "没有终端可输入口令。处理: 用 --password-file FILE 从文件首行读取";
        let en =
            "there is no terminal to ask for the password. Remedy: --password-file FILE reads it from a first line";
        return Err(Failure::new(USAGE, lang.choose(zh, en)));
    }
    asked(lang.choose("口令: ", "password: "))
}

/// Asks on the terminal without showing what is typed.
pub(super) fn asked(prompt: &str) -> Result<String, Failure> {
    rpassword::prompt_password(prompt).map_err(|error| Failure::new(UNAVAILABLE, error))
}

/// How a command ends that was refused.
pub(super) fn refused(error: DeskError, lang: Language) -> Failure {
    let trouble = match error {
        DeskError::Refused(trouble) => trouble,
        DeskError::Serve(ServeError::Engine(error)) => return super::detect::failure(error),
        DeskError::Serve(error @ (ServeError::Policies(_) | ServeError::Stages(_))) => {
            return Failure::new(CONFIGURATION, error);
        }
        other => return Failure::new(UNAVAILABLE, other),
    };
    let code = match &trouble {
        Trouble::SignIn
        | Trouble::WrongPassword
        | Trouble::Locked(_)
        | Trouble::NotPermitted(_)
        | Trouble::NeedsAccount => NOT_PERMITTED,
        // The site's own template of the letter.
        Trouble::Question("letter.html", _) => CONFIGURATION,
        Trouble::Question(..) => USAGE,
        Trouble::Failed(_) | Trouble::NotReady => UNAVAILABLE,
        _ => FOUND_PROBLEMS,
    };
    let (what, remedy) = trouble.sentences();
    let text = match lang {
        Language::Zh => format!("{} {}。处理: {}", trouble.code(), what.zh, remedy.zh),
        Language::En => format!("{} {}. Remedy: {}", trouble.code(), what.en, remedy.en),
    };
    Failure::new(code, text)
}

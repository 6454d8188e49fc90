//! What does the help say to somebody who reads Chinese? The same commands, with words from one catalogue (`help.zh.txt`: the English
//! text, a tab, the Chinese one). The command line itself is described once, in English, beside what it does.

use super::Arguments;
use clap::builder::StyledStr;
use clap::error::{ContextKind, ErrorKind};
use clap::{Arg, ArgAction, Command, CommandFactory};
use std::collections::BTreeMap;

const WORDS: &str = include_str!("help.zh.txt");

/// The command line in the language of whoever asks: `--lang`, or else that of the system.
pub(super) fn command() -> Command {
    if speaks_chinese() { translated(Arguments::command()) } else { Arguments::command() }
}

/// Whether whoever asks said so, or else has a system that does.
pub(super) fn speaks_chinese() -> bool {
    asked().is_some_and(|name| is_chinese(&name))
}

/// Whether nobody says which language: neither the command line nor the system.
pub(super) fn speaks_anything() -> bool {
    asked().is_none()
}

/// The language that the command line names, or else the system.
fn asked() -> Option<String> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let variables = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter();
    let system = variables.filter_map(|name| std::env::var(name).ok()).find(|value| !value.is_empty());
    language(&words, system.as_deref()).map(str::to_owned)
}

fn language<'a>(words: &'a [String], system: Option<&'a str>) -> Option<&'a str> {
    let pairs = words.windows(2).filter(|pair| pair[0] == "--lang").map(|pair| pair[1].as_str());
    let asked = words.iter().filter_map(|word| word.strip_prefix("--lang=")).chain(pairs).next_back();
    // C and POSIX are what a system says that was told nothing.
    let told = |name: &&str| !["C", "POSIX"].contains(&name.split('.').next().unwrap_or(name));
    asked.or(system.filter(told))
}

fn is_chinese(name: &str) -> bool {
    name.to_ascii_lowercase().starts_with("zh")
}

fn translated(mut command: Command) -> Command {
    // What clap adds itself, such as --help, is there after this.
    command.build();
    said(command, &WORDS.lines().filter_map(|line| line.split_once('\t')).collect())
}

/// Usage in front of the arguments and their headings, in Chinese.
const TEMPLATE: &str = "{before-help}{about-with-newline}\n用法: {usage}\n\n{all-args}{after-help}";

fn said(command: Command, words: &BTreeMap<&str, &str>) -> Command {
    let zh = |text: &StyledStr| words.get(text.to_string().as_str()).map(|zh| (*zh).to_owned());
    let about = command.get_about().and_then(zh);
    let command = match about {
        Some(about) => command.about(about.clone()).long_about(about),
        None => command,
    };
    let arg = |arg: Arg| {
        let heading = if arg.is_positional() { "参数" } else { "选项" };
        let text = match arg.get_action() {
            ArgAction::Help | ArgAction::HelpShort | ArgAction::HelpLong => Some("显示帮助".to_owned()),
            _ => arg.get_help().and_then(zh),
        };
        let arg = arg.help_heading(heading);
        match text {
            Some(text) => arg.help(text.clone()).long_help(text),
            None => arg,
        }
    };
    let command = command.help_template(TEMPLATE).subcommand_help_heading("命令").mut_args(arg);
    command.mut_subcommands(|inner| said(inner, words))
}

/// What is wrong with a command line, in Chinese; `None` for help and whatever else is no mistake of the user's.
pub(super) fn mistake(error: &clap::Error) -> Option<String> {
    let told = |kind| error.get(kind).map(ToString::to_string).unwrap_or_default();
    let arg = told(ContextKind::InvalidArg);
    let mut text = match error.kind() {
        ErrorKind::InvalidSubcommand => format!("没有命令 {}", told(ContextKind::InvalidSubcommand)),
        ErrorKind::MissingSubcommand => "缺少命令".to_owned(),
        ErrorKind::UnknownArgument => format!("没有参数 {arg}"),
        ErrorKind::MissingRequiredArgument => format!("缺少必需的参数 {arg}"),
        ErrorKind::ArgumentConflict => format!("参数 {arg} 不能与 {} 同时使用", told(ContextKind::PriorArg)),
        ErrorKind::InvalidValue => match told(ContextKind::InvalidValue) {
            none if none.is_empty() => format!("参数 {arg} 需要一个值"),
            value => format!("参数 {arg} 不能取 {value}"),
        },
        ErrorKind::ValueValidation => format!("参数 {arg} 的值 {} 有误", told(ContextKind::InvalidValue)),
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("参数 {arg} 的值的个数不对")
        }
        ErrorKind::NoEquals => format!("参数 {arg} 的值要用等号给出"),
        _ => return None,
    };
    let hints = [
        (ContextKind::ValidValue, "可取的值"),
        (ContextKind::SuggestedSubcommand, "相近的命令"),
        (ContextKind::SuggestedArg, "相近的参数"),
        (ContextKind::SuggestedValue, "相近的值"),
    ];
    for (kind, name) in hints {
        let hint = told(kind);
        if !hint.is_empty() {
            text.push_str(&format!("\n{name}: {hint}"));
        }
    }
    text.push_str("\n加 --help 查看用法");
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn mistakes_are_told_in_chinese() {
        let told = |words: &[&str]| {
            let error = Arguments::command().try_get_matches_from(words).expect_err("a mistake");
            mistake(&error)
        };
        let unknown = told(&["medring", "detect", "--nonsense"]).expect("no such argument");
        assert!(unknown.starts_with("没有参数 --nonsense") && unknown.ends_with("--help 查看用法"), "{unknown}");
        assert!(told(&["medring", "detec"]).is_some_and(|text| text.contains("没有命令 detec\n相近的命令: detect")));
        assert!(told(&["medring", "synth", "w", "--preset"]).is_some_and(|text| text.contains("--preset")));
        assert!(told(&["medring", "--help"]).is_none() && told(&["medring", "--version"]).is_none());
    }

    #[test]
    fn every_text_of_the_help_has_its_chinese_and_the_catalogue_no_other() {
        fn texts(command: &Command, all: &mut BTreeSet<String>) {
            all.extend(command.get_about().map(ToString::to_string));
            all.extend(command.get_arguments().filter_map(Arg::get_help).map(ToString::to_string));
            command.get_subcommands().for_each(|inner| texts(inner, all));
        }
        let mut command = Arguments::command();
        command.build();
        let mut said = BTreeSet::new();
        texts(&command, &mut said);
        let known: BTreeSet<String> =
            WORDS.lines().map(|line| line.split_once('\t').expect("English, a tab, Chinese").0.to_owned()).collect();
        let added = |text: &String| text.starts_with("Print help") || text.starts_with("Print this message");
        let missing: Vec<_> = said.difference(&known).filter(|text| !added(text)).collect();
        let stale: Vec<_> = known.difference(&said).filter(|text| !added(text)).collect();
        assert!(missing.is_empty() && stale.is_empty(), "missing: {missing:#?}\nstale: {stale:#?}");
    }

    #[test]
    fn the_option_goes_before_the_system() {
        let said = |text: &str, system: Option<&str>| {
            let words: Vec<String> = text.split(' ').map(str::to_owned).collect();
            language(&words, system).map(is_chinese)
        };
        assert_eq!(said("ring ls --lang zh", Some("en_US.UTF-8")), Some(true));
        assert_eq!(said("ring ls", Some("zh_CN.UTF-8")), Some(true));
        assert_eq!(said("ring ls --lang=en", Some("zh_CN.UTF-8")), Some(false));
        assert_eq!((said("ring ls", Some("C.UTF-8")), said("ring ls", None)), (None, None));
        let help = translated(Arguments::command()).render_help().to_string();
        assert!(help.contains("用法:") && help.contains("命令:") && help.contains("把数据批次入库到工作区"), "{help}");
    }
}

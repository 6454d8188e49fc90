//! What are things called on the page? One catalogue, Chinese and English side by side.

use crate::model::{PartyKind, Role, Sentence};
use crate::typology::registry;

/// A text of the page; `None` for a key that is not in the catalogue, which is a mistake of the template.
pub(super) fn caption(key: &str) -> Option<(&'static str, &'static str)> {
    find(PAGE, key)
}

/// The name of a typology; an unknown slug is its own name.
#[must_use]
pub fn typology(slug: &str) -> Sentence {
    let known = registry().iter().find(|typology| typology.slug() == slug);
    both(known.map_or((slug, slug), |typology| typology.name()))
}

/// The name of a look-alike class; an unknown code is its own name.
#[must_use]
pub fn look_alike(code: &str) -> Sentence {
    both(crate::typology::look_alikes().find(|(known, _)| *known == code).map_or((code, code), |(_, name)| name))
}

/// The name of a role.
#[must_use]
pub fn role(role: Role) -> Sentence {
    both(match role {
        Role::Organiser => ("疑似组织者", "suspected organiser"),
        Role::Recruiter => ("疑似招揽人", "suspected recruiter"),
        Role::ProfessionalPatient => ("多次参与者", "frequent participant"),
        Role::Patient => ("参保人", "insured person"),
        Role::Doctor => ("医师", "doctor"),
        Role::Institution => ("医疗机构", "institution"),
        Role::Pharmacy => ("药店", "pharmacy"),
        Role::Dealer => ("疑似药贩", "suspected dealer"),
        Role::Assessor => ("评估员", "assessor"),
        Role::Caregiver => ("护理员", "caregiver"),
        Role::Employer => ("用人单位", "employer"),
        Role::Insider => ("经办人员", "agency staff"),
    })
}

/// The name of a kind of party.
#[must_use]
pub fn kind(kind: PartyKind) -> Sentence {
    both(match kind {
        PartyKind::Person => ("参保人", "person"),
        PartyKind::Doctor => ("医师", "doctor"),
        PartyKind::Institution => ("医疗机构", "institution"),
        PartyKind::Pharmacy => ("药店", "pharmacy"),
        PartyKind::Phone => ("电话", "telephone"),
        PartyKind::Address => ("住址", "address"),
        PartyKind::Account => ("账户", "account"),
        PartyKind::Agent => ("代办人", "agent"),
        PartyKind::Device => ("设备", "device"),
        PartyKind::Employer => ("用人单位", "employer"),
        PartyKind::Arrival => ("同地来院", "arrivals from one area"),
        PartyKind::Package => ("固定自付额", "fixed own payment"),
        PartyKind::Corridor => ("机构间转送", "hand-over between institutions"),
        PartyKind::Flow => ("药品流向", "flow of boxes"),
        PartyKind::Circumstance => ("共同情形", "shared circumstance"),
    })
}

fn both((zh, en): (&str, &str)) -> Sentence {
    Sentence { zh: zh.to_owned(), en: en.to_owned() }
}

type Entry = (&'static str, &'static str, &'static str);

fn find(catalogue: &'static [Entry], key: &str) -> Option<(&'static str, &'static str)> {
    catalogue.iter().find(|entry| entry.0 == key).map(|entry| (entry.1, entry.2))
}

const PAGE: &[Entry] = &[
    ("title", "医保基金团伙疑似线索报告", "Suspected leads on organised medical-insurance fraud"),
    ("lead", "疑似线索", "suspected lead"),
    (
        "notice",
        "本报告所列均为疑似线索，供核查使用，不构成任何认定。个人标识已脱敏，同一人在全文中显示一致。",
        "Everything listed here is a suspected lead for verification, never a verdict. Personal identifiers are masked; one party has one mask throughout.",
    ),
    ("language", "English", "中文"),
    ("print", "展开全部并打印", "Open all and print"),
    ("data", "数据期间", "Data period"),
    ("persons", "参保人", "Insured persons"),
    ("settlements", "有效结算(已冲减退费)", "Live settlements, net of reversals"),
    ("leads", "疑似线索", "Suspected leads"),
    ("candidates", "候选", "candidates"),
    ("fund_all", "所涉基金支付", "Fund money involved"),
    ("overlap_note", "线索之间可能重叠", "leads may overlap"),
    ("chance_all", "其中随机预期", "Expected by chance"),
    ("about_run", "运行情况", "About this run"),
    ("conservation", "数据守恒表", "What became of every row"),
    ("table", "数据表", "Table"),
    ("read", "读入", "Read"),
    ("accepted", "采用", "Accepted"),
    ("corrected", "更正", "Corrected"),
    ("stale", "迟到旧版", "Stale"),
    ("duplicate", "重复", "Duplicate"),
    ("retracted", "撤回", "Retracted"),
    ("quarantined", "隔离", "Quarantined"),
    ("reasons", "原因", "Reasons"),
    ("typologies_run", "已运行的手法类型", "Typologies that ran"),
    ("typologies_not_run", "未运行的手法类型", "Typologies that did not run"),
    ("typologies_limited", "因缺少数据而所见不全的手法类型", "Typologies that saw less for want of data"),
    ("limits", "触及的上限", "Limits that cut something"),
    ("limit", "上限", "limit"),
    ("times", "次数", "times"),
    ("none", "无", "none"),
    ("stages", "耗时与内存", "Time and memory"),
    ("stage", "阶段", "Stage"),
    ("seconds", "秒", "Seconds"),
    ("peak", "内存峰值 MB", "Peak MB"),
    ("versions", "版本", "Versions"),
    ("input", "输入文件", "Input files"),
    ("ranked", "按评分排序的疑似线索", "Suspected leads by score"),
    ("filter", "筛选", "Filter"),
    ("rank", "序", "#"),
    ("ring", "编号", "Lead"),
    ("typology", "手法类型", "Typology"),
    ("score", "评分", "Score"),
    ("chance", "随机预期", "By chance"),
    (
        "chance_help",
        "同样规模的数据中，仅凭偶然会出现多少个不低于此评分的线索",
        "how many leads of at least this score chance alone would give in data of this size",
    ),
    ("parties", "人/医/机构/药店", "Persons / doctors / institutions / pharmacies"),
    ("parties_short", "人·医·机构·药店", "Pers · doc · inst · pharm"),
    ("fund", "基金支付", "Fund money"),
    ("total", "总费用", "Total fees"),
    ("orphans", "未扣冲销", "Reversals not taken off"),
    (
        "orphans_help",
        "这些人在这些机构的冲销找不到原结算，费用中未扣除",
        "reversals of these people at these places that name no original in the data",
    ),
    ("days", "起止", "From – to"),
    ("sentence", "一句话说明", "In one sentence"),
    ("also", "亦符合", "also fits"),
    ("doctors", "医师", "Doctors"),
    ("institutions", "医疗机构", "Institutions"),
    ("pharmacies", "药店", "Pharmacies"),
    ("others", "其他", "Others"),
    ("graph", "关系图", "Graph"),
    ("shown_parties", "显示主体", "Parties shown"),
    ("shown_ties", "显示关联", "ties shown"),
    ("of", "/", "of"),
    ("alone", "底部各行为未绘出关联的成员", "rows at the bottom: members none of whose ties are drawn"),
    ("no_graph", "关系图只为评分最高的100个线索绘制。", "Graphs are drawn for the 100 highest scores only."),
    ("no_ties", "此线索没有可绘制的关联。", "This lead has no ties to draw."),
    ("timeline", "时间线", "Timeline"),
    (
        "timeline_help",
        "每条泳道为一家机构；柱宽为住院天数，柱高为同批人数。",
        "One lane per institution; the width of a bar is the stay, its height the people who came together.",
    ),
    ("no_timeline", "此线索没有结算记录可绘制。", "This lead has no settlements to draw."),
    ("why", "为何：评分构成", "Why: how the score adds up"),
    ("base", "起点", "base"),
    ("result", "评分", "score"),
    ("facts", "依据行", "Source rows"),
    ("more_rows", "行未显示，全部见 evidence.parquet", "more rows; all are in evidence.parquet"),
    ("against", "反证：无辜解释及其扣分", "Counter-evidence: innocent explanations and what they subtracted"),
    (
        "no_counter",
        "已检查相似的正常情形，没有一项减分。",
        "The innocent look-alikes were checked; none subtracted anything.",
    ),
    ("members", "成员", "Members"),
    ("kind", "类别", "Kind"),
    ("id", "标识", "Identifier"),
    ("role", "角色", "Role"),
    ("strength", "关联强度", "Strength"),
    ("why_role", "理由", "Why"),
    ("more_members", "名成员未显示，全部见 members.parquet", "more members; all are in members.parquet"),
    ("legend_person", "参保人", "person"),
    ("legend_institution", "医疗机构", "institution"),
    ("legend_pharmacy", "药店", "pharmacy"),
    ("legend_doctor", "医师", "doctor"),
    ("legend_identifier", "电话·账户·代办·设备", "telephone, account, agent, device"),
    ("legend_context", "共同情形", "shared circumstance"),
    ("legend_visit", "在该处就诊", "treated there"),
    ("legend_head", "疑似组织者、招揽人", "suspected organiser, recruiter"),
    ("no_rings", "本次运行没有需要查看的疑似线索。", "This run has no suspected lead to look at."),
    ("top", "返回列表", "Back to the list"),
    (
        "footer",
        "由 medring 生成。疑似线索须经人工核查；每个数字均可追溯到所列依据行。",
        "Made by medring. A suspected lead needs a human check; every number leads back to the source rows named.",
    ),
];

/// The slugs of all typologies.
pub fn typologies() -> impl Iterator<Item = &'static str> {
    registry().iter().map(|typology| typology.slug())
}

/// The codes of all look-alikes.
pub fn look_alikes() -> impl Iterator<Item = &'static str> {
    crate::typology::look_alikes().map(|(code, _)| code)
}

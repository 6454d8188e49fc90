//! How does a report become a workbook? A sheet for each section, heads in both languages.

use super::Report;
use crate::model::Sentence;
use crate::report::ReportError;
use crate::report::sheet::{Cell, Sheet, workbook};

/// The report as XLSX.
///
/// # Errors
/// See [`workbook`].
pub fn xlsx(report: &Report) -> Result<Vec<u8>, ReportError> {
    workbook(&[
        totals(report),
        changes(report),
        top(report),
        regions(report),
        typologies(report),
        cases(report),
        quality(report),
        corrections(report),
    ])
}

fn both(text: &Sentence) -> Cell {
    if text.zh == text.en { text.zh.clone().into() } else { format!("{} / {}", text.zh, text.en).into() }
}

fn flag(is: bool) -> Cell {
    if is { "是 / yes".into() } else { Cell::Empty }
}

fn totals(report: &Report) -> Sheet {
    let mut sheet = Sheet::new("总体 totals", &["指标 figure", "本期 now", "上期 before"]);
    let words = [
        ("期间 period", format!("{} ({} – {})", report.period, report.first_day, report.last_day)),
        ("批次 epochs", format!("{} – {}", report.epoch_before, report.epoch)),
    ];
    sheet.rows.extend(words.map(|(name, said)| vec![name.into(), said.into(), Cell::Empty]));
    for figure in &report.totals {
        let cell = |number: i64| if figure.money { Cell::Fen(number) } else { Cell::Count(number) };
        sheet.rows.push(vec![both(&figure.name), cell(figure.now), cell(figure.before)]);
    }
    sheet
}

fn changes(report: &Report) -> Sheet {
    let heads =
        ["变化 event", "编号 ring", "批次 epoch", "加入 joined", "离开 left", "相关线索 other rings", "仍在 stands"];
    let mut sheet = Sheet::new("变化 changes", &heads);
    for change in &report.changes {
        for one in &change.rings {
            sheet.rows.push(vec![
                both(&change.name),
                one.ring.clone().into(),
                one.epoch.into(),
                Cell::Count(i64::from(one.joined)),
                Cell::Count(i64::from(one.left)),
                one.others.join(" ").into(),
                flag(one.stands),
            ]);
        }
    }
    sheet
}

fn top(report: &Report) -> Sheet {
    let heads = [
        "序 rank",
        "编号 ring",
        "手法类型 typology",
        "评分 score",
        "随机预期 by chance",
        "参保人 persons",
        "机构 places",
        "地区 regions",
        "基金支付(元) fund, yuan",
        "起 first day",
        "止 last day",
        "新增 new",
        "说明 in one sentence (zh)",
        "说明 in one sentence (en)",
        "反证 counter-evidence",
    ];
    let mut sheet = Sheet::new("线索 top rings", &heads);
    for ring in &report.top {
        sheet.rows.push(vec![
            Cell::Count(i64::from(ring.rank)),
            ring.ring.clone().into(),
            both(&ring.name),
            Cell::Real(ring.score),
            Cell::Real(ring.expected_by_chance),
            ring.persons.into(),
            ring.places.into(),
            ring.regions.join(" ").into(),
            Cell::Fen(ring.fund_fen),
            ring.first_day.clone().into(),
            ring.last_day.clone().into(),
            flag(ring.new),
            ring.sentence.zh.clone().into(),
            ring.sentence.en.clone().into(),
            ring.against.as_ref().map_or(Cell::Empty, both),
        ]);
    }
    sheet
}

fn regions(report: &Report) -> Sheet {
    let mut sheet = Sheet::new("地区 regions", &["地区 region", "线索 rings", "新增 new", "基金支付(元) fund, yuan"]);
    for line in &report.regions {
        sheet.rows.push(vec![line.region.clone().into(), line.rings.into(), line.new.into(), Cell::Fen(line.fund_fen)]);
    }
    sheet
}

fn typologies(report: &Report) -> Sheet {
    let heads =
        ["手法类型 typology", "线索 rings", "新增 new", "查实 confirmed", "排除 refuted", "误报率 false-positive rate"];
    let mut sheet = Sheet::new("手法 typologies", &heads);
    for line in &report.typologies {
        let rate = line.false_positive_rate.map_or(Cell::Empty, Cell::Real);
        let counts = [line.rings, line.new, line.confirmed, line.refuted].map(Cell::from);
        sheet.rows.push([both(&line.name)].into_iter().chain(counts).chain([rate]).collect());
    }
    sheet
}

fn cases(report: &Report) -> Sheet {
    let mut sheet = Sheet::new("案件 cases", &["阶段 stage", "案件 cases", "超时 overdue", "超时小时 hours over"]);
    for line in &report.stages {
        sheet.rows.push(vec![both(&line.name), line.cases.into(), line.overdue.into(), Cell::Empty]);
    }
    for case in &report.overdue {
        sheet.rows.push(vec![both(&case.name), case.case.clone().into(), Cell::Empty, Cell::Count(case.hours_over)]);
    }
    sheet
}

fn quality(report: &Report) -> Sheet {
    let heads = [
        "数据表 table",
        "读入 read",
        "采用 accepted",
        "更正 corrected",
        "迟到旧版 stale",
        "重复 duplicate",
        "撤回 retracted",
        "隔离 quarantined",
    ];
    let mut sheet = Sheet::new("数据质量 data quality", &heads);
    for line in &report.quality {
        let rows =
            [line.read, line.accepted, line.corrected, line.stale, line.duplicate, line.retracted, line.quarantined];
        sheet.rows.push([line.table.clone().into()].into_iter().chain(rows.map(Cell::from)).collect());
    }
    for reason in &report.reasons {
        let table = format!("{} {} {}", reason.table, reason.code, reason.name.zh);
        let blank = std::iter::repeat_n(Cell::Empty, 6);
        sheet.rows.push([table.into(), reason.rows.into()].into_iter().chain(blank).collect());
    }
    sheet
}

fn corrections(report: &Report) -> Sheet {
    let mut sheet = Sheet::new("更正 corrections", &["编号 ring", "项目 what", "上期 before", "本期 after"]);
    for one in &report.corrections {
        sheet.rows.push(vec![
            one.ring.clone().into(),
            both(&one.name),
            one.before.clone().into(),
            one.after.clone().into(),
        ]);
    }
    sheet
}

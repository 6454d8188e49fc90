//! What are typologies, roles, kinds and occasions called? The one catalogue, for whoever shows answers.

use super::parties::Text;
use crate::model::{CareClass, OccasionKind, PartyKind, Role, Sentence};
use crate::report::{caption, class_word, occasion_word};
use crate::store::lineage::EventKind;
use axum::Json;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Names by word.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WordsAnswer {
    /// Typologies by slug.
    typologies: BTreeMap<String, Text>,
    /// Look-alikes by code.
    look_alikes: BTreeMap<String, Text>,
    /// Roles of members.
    roles: BTreeMap<String, Text>,
    /// Kinds of parties.
    kinds: BTreeMap<String, Text>,
    /// Kinds of shared occasions.
    occasions: BTreeMap<String, Text>,
    /// Kinds of care.
    classes: BTreeMap<String, Text>,
    /// What can happen to a ring.
    events: BTreeMap<String, Text>,
}

const ROLES: [Role; 12] = [
    Role::Organiser,
    Role::Recruiter,
    Role::ProfessionalPatient,
    Role::Patient,
    Role::Doctor,
    Role::Institution,
    Role::Pharmacy,
    Role::Dealer,
    Role::Assessor,
    Role::Caregiver,
    Role::Employer,
    Role::Insider,
];

const OCCASIONS: [OccasionKind; 39] = [
    OccasionKind::Arrival,
    OccasionKind::CoStay,
    OccasionKind::TillRun,
    OccasionKind::SharedIdentifier,
    OccasionKind::Filing,
    OccasionKind::TraceRepeat,
    OccasionKind::ClonedBill,
    OccasionKind::PrescriptionChannel,
    OccasionKind::Relay,
    OccasionKind::Package,
    OccasionKind::Absence,
    OccasionKind::Approval,
    OccasionKind::InvoiceRun,
    OccasionKind::AfterHours,
    OccasionKind::OnlineRun,
    OccasionKind::AfterDeath,
    OccasionKind::EmployerBirth,
    OccasionKind::CareRecord,
    OccasionKind::TwoHospitals,
    OccasionKind::WardTurn,
    OccasionKind::SurplusSession,
    OccasionKind::SessionGoods,
    OccasionKind::DistantAccount,
    OccasionKind::EmptiedDay,
    OccasionKind::StrictBeat,
    OccasionKind::Frequent,
    OccasionKind::UnsuppliedSale,
    OccasionKind::SoldTwice,
    OccasionKind::TwoSeats,
    OccasionKind::TwoHomes,
    OccasionKind::Line,
    OccasionKind::Drained,
    OccasionKind::FreeStay,
    OccasionKind::Along,
    OccasionKind::LeftSeat,
    OccasionKind::OftenBack,
    OccasionKind::SamePlaces,
    OccasionKind::Circuit,
    OccasionKind::Tour,
];

fn occasion(kind: OccasionKind) -> (&'static str, &'static str) {
    match kind {
        OccasionKind::Arrival => ("同日同地来院", "arrived on one day from one home"),
        OccasionKind::CoStay => ("同日入院", "admitted on one day"),
        OccasionKind::TillRun => ("几分钟内先后结算", "settled within minutes"),
        OccasionKind::SharedIdentifier => ("共用号码或代办人", "shared identifier"),
        OccasionKind::Filing => ("同一代办人备案", "filed for by one agent"),
        OccasionKind::TraceRepeat => ("同一追溯码再售", "box sold again"),
        OccasionKind::ClonedBill => ("相同账单", "equal bills"),
        OccasionKind::PrescriptionChannel => ("同医处方同店配药", "one doctor, one counter"),
        OccasionKind::Relay => ("同路转院", "handed on along one way"),
        OccasionKind::Package => ("相同自付金额", "equal sum paid"),
        OccasionKind::Absence => ("住院期间在别处结算", "settled elsewhere during a stay"),
        OccasionKind::Approval => ("同日由同一医生认定", "approved by one doctor on one day"),
        OccasionKind::InvoiceRun => ("连号票据", "paper bills with neighbouring numbers"),
        OccasionKind::AfterHours => ("下班后手工结算", "settled by hand after hours"),
        OccasionKind::OnlineRun => ("一分钟内网上开方", "prescribed online within a minute"),
        OccasionKind::AfterDeath => ("死亡后结算", "settled after death"),
        OccasionKind::EmployerBirth => ("怀孕后入职", "joined an employer while expecting"),
        OccasionKind::CareRecord => ("护理记录矛盾", "contradictory care records"),
        OccasionKind::TwoHospitals => ("同病同时两院取药", "one disease at two hospitals at once"),
        OccasionKind::WardTurn => ("长期住院后同日返院", "back to a ward on one day after long stays"),
        OccasionKind::SurplusSession => ("超额透析", "more dialysis sessions than a schedule"),
        OccasionKind::SessionGoods => ("透析未用耗材", "dialysis sessions without their consumables"),
        OccasionKind::DistantAccount => ("同店划空外地个人账户", "distant accounts emptied at one counter"),
        OccasionKind::EmptiedDay => ("同日同店划空外地个人账户", "distant accounts emptied at one counter on one day"),
        OccasionKind::OftenBack => ("反复回到同一机构住院", "again and again back to one institution"),
        OccasionKind::SamePlaces => ("同去两家机构住院", "admitted to the same two institutions"),
        OccasionKind::Circuit => ("在几家机构间循环转院", "passed in a circle of institutions"),
        OccasionKind::Tour => ("同日走同样的机构", "at the same counters on one day"),
        OccasionKind::Frequent => ("长期频繁到同一门诊", "to one clinic for as long and as often as hardly anybody"),
        OccasionKind::StrictBeat => ("同一机构严格定期就诊", "one place at a strict interval"),
        OccasionKind::UnsuppliedSale => {
            ("同一机构销售无进货记录的药品", "boxes that nobody delivered, sold at one place")
        }
        OccasionKind::Line => ("冷清窗口数分钟内排队结算", "settled in a line of people at a quiet till"),
        OccasionKind::Drained => ("同店反复刷空个人账户", "account left empty at one counter, again and again"),
        OccasionKind::Along => ("总与同样的人同日到冷清门诊", "to a quiet clinic on the same days as the same others"),
        OccasionKind::FreeStay => ("同院住院几乎不自付", "nothing to pay for stays at one institution"),
        OccasionKind::LeftSeat => ("离职医生签署", "signed for by a doctor who had left"),
        OccasionKind::TwoHomes => ("同一护理员同时在两户服务", "cared for by a caregiver who was in two homes at once"),
        OccasionKind::TwoSeats => {
            ("同一医生同时在两家机构签署", "signed for by a doctor who was at two institutions at once")
        }
        OccasionKind::SoldTwice => {
            ("同一机构重复销售同一追溯码药品", "boxes sold at one place that it had sold before")
        }
    }
}

const CLASSES: [(CareClass, &str, &str); 8] = [
    (CareClass::Outpatient, "门诊", "outpatient"),
    (CareClass::Chronic, "门诊慢特病", "chronic outpatient"),
    (CareClass::Inpatient, "住院", "admission"),
    (CareClass::DayCase, "日间", "day case"),
    (CareClass::Drugstore, "药店购药", "pharmacy purchase"),
    (CareClass::Maternity, "生育", "maternity"),
    (CareClass::LongTermCare, "长期护理", "long-term care"),
    (CareClass::Other, "其他", "other"),
];

const EVENTS: [(EventKind, &str, &str); 8] = [
    (EventKind::Born, "新增", "new"),
    (EventKind::Grown, "壮大", "grown"),
    (EventKind::Shrunk, "缩小", "shrunk"),
    (EventKind::Merged, "合并", "merged"),
    (EventKind::Split, "分裂", "split"),
    (EventKind::Dissolved, "消散", "dissolved"),
    (EventKind::Revived, "复现", "revived"),
    (EventKind::Migrated, "转移", "moved"),
];

/// All names.
#[utoipa::path(get, path = "/v1/words", responses((status = 200, body = WordsAnswer)))]
pub(super) async fn words() -> Json<WordsAnswer> {
    let text = |zh: &str, en: &str| Text { zh: zh.to_owned(), en: en.to_owned() };
    let said = |word: &str, said: Sentence| (word.to_owned(), Text::from(said));
    Json(WordsAnswer {
        typologies: caption::typologies().map(|slug| said(slug, caption::typology(slug))).collect(),
        look_alikes: caption::look_alikes().map(|code| said(code, caption::look_alike(code))).collect(),
        roles: ROLES.into_iter().map(|role| said(role.word(), caption::role(role))).collect(),
        kinds: PartyKind::ALL.into_iter().map(|kind| said(kind.word(), caption::kind(kind))).collect(),
        occasions: OCCASIONS
            .into_iter()
            .map(|kind| (occasion_word(kind).to_owned(), text(occasion(kind).0, occasion(kind).1)))
            .collect(),
        classes: CLASSES.iter().map(|(class, zh, en)| (class_word(*class).to_owned(), text(zh, en))).collect(),
        events: EVENTS.iter().map(|(kind, zh, en)| (kind.word().to_owned(), text(zh, en))).collect(),
    })
}

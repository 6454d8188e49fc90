//! What can the typologies not see in these tables? A column that is not there is evidence of nothing, and who reads the rings must
//! know what nobody looked for.

use super::registry;
use crate::model::Table;
use std::collections::{BTreeMap, BTreeSet};

/// The columns that the files of each table leave out, under their national names. Tables that are not there have no entry.
pub type LeftOut = BTreeMap<Table, BTreeMap<String, Gone>>;

/// How a column is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gone {
    /// No file has it.
    Absent,
    /// No row has a value in it.
    Blank,
}

/// A column, and what is seen by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sight {
    /// The table.
    pub table: Table,
    /// The column's national name.
    pub column: &'static str,
    /// The column of the same table from which it is worked out where it is not there.
    pub instead: Option<&'static str>,
    /// What is not seen without it, in Chinese.
    pub zh: &'static str,
    /// What is not seen without it, in English.
    pub en: &'static str,
}

/// What is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lack {
    /// A whole table.
    Table(Table),
    /// A column of a table that is there.
    Column(Table, &'static str, Gone),
}

impl Sight {
    /// What people were admitted for.
    pub(super) const ADMITTED_FOR: Sight =
        Sight::new(Table::SetlDiagListD, "diag_code", "住院病种", "what people were admitted for");
    /// What patients paid; where the column is absent, what the other payers left.
    pub(super) const CASH: Sight =
        Sight::new(Table::SetlD, "cash_payamt", "病人自付现金", "what patients paid in cash").or("acct_pay");
    /// Whose the listed diagnoses are.
    pub(super) const DIAGNOSED: Sight =
        Sight::new(Table::SetlDiagListD, "psn_no", "患者的病种记录", "whose the listed diagnoses are");
    /// Telephones given with a visit.
    pub(super) const CONTACTS: Sight = Sight::new(Table::MdtrtD, "tel", "就诊联系电话", "telephones of contact");
    /// Accounts and agents behind several people.
    pub(super) const AGENTS: Sight =
        Sight::new(Table::XIdent, "ident_value", "共用账户和代办人", "shared accounts and agents");
    /// Who is behind several places.
    pub(super) const OWNERS: Sight =
        Sight::new(Table::FixmedinsB, "actl_ctrler", "同一实际控制人的机构", "places of one owner");
    /// Who lives together.
    pub(super) const HOUSEHOLDS: Sight = Sight::new(Table::PsnInfoB, "addr", "同住的家庭", "households");
    /// How many beds a hospital has.
    pub(super) const BEDS: Sight = Sight::new(Table::FixmedinsB, "bed_cnt", "床位数", "beds");
    /// How long what was prescribed lasts.
    pub(super) const SUPPLY: Sight = Sight::new(Table::RxD, "days", "处方天数", "how long a prescription lasts");
    /// Numbers of paper bills.
    pub(super) const SERIALS: Sight = Sight::new(Table::SetlD, "invono", "连号票据", "serial numbers");

    /// A column, and what is not seen without it.
    pub(super) const fn new(table: Table, column: &'static str, zh: &'static str, en: &'static str) -> Sight {
        Sight { table, column, instead: None, zh, en }
    }

    /// The same, where another column does as well.
    pub(super) const fn or(self, column: &'static str) -> Sight {
        Sight { instead: Some(column), ..self }
    }

    /// What is not there of it.
    fn lack(&self, left_out: &LeftOut) -> Option<Lack> {
        let stands_in = self.instead.is_some_and(|column| lack(left_out, self.table, column).is_none());
        if stands_in { None } else { lack(left_out, self.table, self.column) }
    }
}

/// What of a column is not there, if anything.
fn lack(left_out: &LeftOut, table: Table, column: &'static str) -> Option<Lack> {
    match left_out.get(&table) {
        None => Some(Lack::Table(table)),
        Some(columns) => columns.get(column).map(|gone| Lack::Column(table, column, *gone)),
    }
}

/// The typologies that cannot run on these tables, each with what it lacks first.
#[must_use]
pub fn not_run(left_out: &LeftOut) -> Vec<(&'static str, Lack)> {
    let lacking = registry().iter().filter_map(|typology| {
        let table = typology.tables().iter().find(|table| !left_out.contains_key(table));
        let column = || typology.columns().iter().find_map(|(table, column)| lack(left_out, *table, column));
        Some((typology.slug(), table.map(|table| Lack::Table(*table)).or_else(column)?))
    });
    lacking.collect()
}

/// What the typologies that can run see less of.
#[must_use]
pub fn unseen(left_out: &LeftOut) -> Vec<(&'static str, Lack, &'static Sight)> {
    let idle: BTreeSet<&str> = not_run(left_out).into_iter().map(|(slug, _)| slug).collect();
    let running = registry().iter().filter(|typology| !idle.contains(typology.slug()));
    let sights = running.flat_map(|typology| typology.sees_by().iter().map(|sight| (typology.slug(), sight)));
    sights.filter_map(|(slug, sight)| Some((slug, sight.lack(left_out)?, sight))).collect()
}

//! What became of an input row? Every row read ends in exactly one outcome, so the conservation table always closes.

use serde::{Deserialize, Serialize};

/// What became of a row: read = accepted + corrected + stale + duplicate + retracted + quarantined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum Outcome {
    /// A new fact (a reversal that found its original is accepted too).
    Accepted = 0,
    /// A newer version that replaced an older one.
    Corrected = 1,
    /// An older version that came late.
    Stale = 2,
    /// Equal content under a known key.
    Duplicate = 3,
    /// A row that takes another back (`vali_flag`, `deleted`).
    Retracted = 4,
    /// Set aside with a [`Reason`].
    Quarantined = 5,
}

impl Outcome {
    /// All outcomes, in the order of the conservation table.
    pub const ALL: [Outcome; 6] = [
        Outcome::Accepted,
        Outcome::Corrected,
        Outcome::Stale,
        Outcome::Duplicate,
        Outcome::Retracted,
        Outcome::Quarantined,
    ];

    /// Column name in the conservation table and in `run.json`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Accepted => "accepted",
            Outcome::Corrected => "corrected",
            Outcome::Stale => "stale",
            Outcome::Duplicate => "duplicate",
            Outcome::Retracted => "retracted",
            Outcome::Quarantined => "quarantined",
        }
    }
}

/// Why a row was set aside, or what was noted about it. The codes are stable (SCHEMA §5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
#[expect(missing_docs, reason = "`sentence` says each in both languages")]
pub enum Reason {
    E01 = 1,
    E02 = 2,
    E03 = 3,
    E04 = 4,
    E05 = 5,
    E06 = 6,
    E07 = 7,
    E08 = 8,
    E09 = 9,
    E10 = 10,
    E11 = 11,
    E12 = 12,
    E13 = 13,
    E14 = 14,
    E15 = 15,
    E16 = 16,
    E17 = 17,
}

impl Reason {
    /// All reasons, in the order of their numbers.
    pub const ALL: [Reason; 17] = [
        Reason::E01,
        Reason::E02,
        Reason::E03,
        Reason::E04,
        Reason::E05,
        Reason::E06,
        Reason::E07,
        Reason::E08,
        Reason::E09,
        Reason::E10,
        Reason::E11,
        Reason::E12,
        Reason::E13,
        Reason::E14,
        Reason::E15,
        Reason::E16,
        Reason::E17,
    ];

    /// The stable code, `E01` … `E17`.
    #[must_use]
    pub fn code(self) -> &'static str {
        const CODES: [&str; 17] = [
            "E01", "E02", "E03", "E04", "E05", "E06", "E07", "E08", "E09", "E10", "E11", "E12", "E13", "E14", "E15",
            "E16", "E17",
        ];
        CODES[self as usize - 1]
    }

    /// Whether the row is kept and the reason only counted.
    #[must_use]
    pub fn is_warning(self) -> bool {
        matches!(self, Reason::E10 | Reason::E11 | Reason::E12 | Reason::E13 | Reason::E14 | Reason::E15)
    }

    /// What it means, in Chinese and English.
    #[must_use]
    pub fn sentence(self) -> (&'static str, &'static str) {
        match self {
            Reason::E01 => ("必填项缺失", "missing required value"),
            Reason::E02 => ("日期无法识别或仅有时刻", "bad date, or a time of day only"),
            Reason::E03 => ("结束早于开始", "end before begin"),
            Reason::E04 => ("金额无法识别", "bad money"),
            Reason::E05 => ("行政区划代码未知", "unknown administrative division"),
            Reason::E06 => ("医疗类别未知", "unknown med_type"),
            Reason::E07 => ("同键不同内容", "duplicate key, different content"),
            Reason::E08 => ("冲销找不到原单", "reversal without its original"),
            Reason::E09 => ("冲销超过原单", "reversal exceeds its original"),
            Reason::E10 => ("参保人未登记", "person unknown"),
            Reason::E11 => ("机构未登记", "institution unknown"),
            Reason::E12 => ("合计不符", "sums do not match"),
            Reason::E13 => ("时间超出数据集声明范围", "time outside the declared window"),
            Reason::E14 => ("死亡后发生", "after death"),
            Reason::E15 => (
                "字段无法识别:密文,或既非UTF-8也非GB18030编码",
                "opaque field: ciphertext, or neither UTF-8 nor GB18030",
            ),
            Reason::E16 => ("费用明细无对应就诊", "fee line without settlement"),
            Reason::E17 => ("编码或行结构错误", "encoding, or no whole row"),
        }
    }
}

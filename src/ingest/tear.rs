//! In which way is a record no row? Plain words for what stands under E17 besides letters that cannot be read.

use serde::{Deserialize, Serialize};

/// What is wrong with the shape of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Tear {
    /// The file ends in the middle of its last record.
    CutOff,
    /// Fewer fields than columns.
    Short,
    /// More fields than columns.
    Wide,
    /// A quote that is not closed, or closed in the middle of a field.
    OpenQuote,
    /// Longer than any record may be.
    TooLong,
    /// No JSON object.
    NoObject,
    /// A value longer than any may be.
    LongValue,
}

impl Tear {
    /// What it is, in Chinese and in English.
    #[must_use]
    pub fn sentence(self) -> (&'static str, &'static str) {
        match self {
            Tear::CutOff => ("文件在最后一行中间截断", "the last row is cut off"),
            Tear::Short => ("列数不足", "too few columns in the row"),
            Tear::Wide => ("列数过多", "too many columns in the row"),
            Tear::OpenQuote => ("引号未闭合", "a quote that is not closed"),
            Tear::TooLong => ("单行超过16 MB", "a row longer than 16 MB"),
            Tear::NoObject => ("不是完整的JSON对象", "no whole JSON object in the row"),
            Tear::LongValue => ("单个值超过32 KB", "a value longer than 32 KB"),
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn remedy(self) -> &'static str {
        match self {
            Tear::CutOff => "export or copy the file again; it ends in the middle of a row",
            Tear::Short => {
                "export the file again; the row has fewer columns than the header, often because of a line break inside a value"
            }
            Tear::Wide => "put values that hold the delimiter into quotes, and export the file again",
            Tear::OpenQuote => "close the quote, or write a quote inside a value twice, and export the file again",
            Tear::TooLong => "a line end is missing, or a quote is not closed; export the file again",
            Tear::NoObject => "write one whole JSON object a line, and export the file again",
            Tear::LongValue => "look for a lost line end or quote before the value, or shorten it in the export",
        }
    }
}

/// How a file ends that does not end with a line end.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FileEnd {
    /// The file.
    pub file: String,
    /// Fields of its last record, and columns of its header.
    pub fields: (u64, u64),
    /// Whether the record could be read as a row; it may be cut all the same, within its last value.
    pub whole: bool,
}

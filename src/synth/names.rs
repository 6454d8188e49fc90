//! What are people and places called? Short lists of syllables; no real person or institution is meant.

use super::draw::{mix, slot};

const SURNAMES: [&str; 60] = [
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "郭", "何", "高", "林",
    "罗", "郑", "梁", "谢", "宋", "唐", "许", "韩", "冯", "邓", "曹", "彭", "曾", "肖", "田", "董", "袁", "潘", "于",
    "蒋", "蔡", "余", "杜", "叶", "程", "苏", "魏", "吕", "丁", "任", "沈", "姚", "卢", "姜", "崔", "钟", "谭", "陆",
    "汪", "范", "石",
];
const GIVEN: [&str; 48] = [
    "伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明", "超", "秀", "霞",
    "平", "刚", "桂", "英", "华", "玉", "兰", "文", "红", "建", "国", "志", "春", "梅", "海", "波", "宇", "浩", "欣",
    "怡", "子", "涵", "梓", "晨", "思", "佳", "俊", "雨", "轩",
];
const HILLS: [&str; 24] = [
    "青", "白", "石", "龙", "凤", "清", "云", "松", "柳", "桃", "竹", "梅", "金", "银", "双", "大", "小", "新", "东",
    "西", "南", "北", "高", "长",
];
const WATERS: [&str; 24] = [
    "溪", "河", "湖", "山", "岭", "坪", "桥", "塘", "沟", "湾", "泉", "林", "田", "岗", "集", "店", "铺", "庙", "潭",
    "洲", "浦", "堰", "坝", "台",
];

/// A surname; frequent ones more often.
pub(crate) fn surname(hash: u64) -> &'static str {
    let first = slot(hash, SURNAMES.len());
    let second = slot(hash >> 20, SURNAMES.len());
    SURNAMES[first.min(second)]
}

/// One or two given characters.
pub(crate) fn given(hash: u64) -> (&'static str, &'static str) {
    let second = if hash.is_multiple_of(5) { "" } else { GIVEN[slot(hash >> 30, GIVEN.len())] };
    (GIVEN[slot(hash >> 10, GIVEN.len())], second)
}

/// Two syllables for a town, county, village or company.
pub(crate) fn place(hash: u64) -> (&'static str, &'static str) {
    (HILLS[slot(mix(hash, 1), HILLS.len())], WATERS[slot(mix(hash, 2), WATERS.len())])
}

/// Names of provinces by the first two digits of their codes.
pub(crate) fn province(code: u32) -> &'static str {
    match code {
        31 => "上海市",
        32 => "江苏省",
        33 => "浙江省",
        34 => "安徽省",
        36 => "江西省",
        41 => "河南省",
        42 => "湖北省",
        43 => "湖南省",
        50 => "重庆市",
        _ => "四川省",
    }
}

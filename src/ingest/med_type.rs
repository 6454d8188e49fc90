//! What kind of care does a `med_type` mean? A code list that sites can change, with prefix inheritance.

use crate::model::CareClass;

/// The code list, by the first two digits; within a list longer codes come first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct MedTypes {
    by_start: Vec<Vec<(Box<str>, CareClass)>>,
}

/// The list of codes that do not begin with two digits.
const OTHERS: usize = 100;

impl Default for MedTypes {
    fn default() -> MedTypes {
        let mut types = MedTypes { by_start: vec![Vec::new(); OTHERS + 1] };
        for line in include_str!("med_type.txt").lines().filter(|line| !line.starts_with('#')) {
            let mut words = line.split(' ');
            if let (Some(code), Some(class)) = (words.next(), words.next().and_then(class_named)) {
                types.set(code, class);
            }
        }
        types
    }
}

impl MedTypes {
    /// Adds or replaces a code.
    pub(super) fn set(&mut self, code: &str, class: CareClass) {
        let list = &mut self.by_start[start(code)];
        list.retain(|(listed, _)| **listed != *code);
        list.push((code.into(), class));
        list.sort_by_key(|(listed, _)| std::cmp::Reverse(listed.len()));
    }

    /// The class of the longest listed prefix; `None` when no prefix is listed.
    pub(super) fn class(&self, code: &str) -> Option<CareClass> {
        let find = |list: &[(Box<str>, CareClass)]| {
            list.iter().find(|(listed, _)| code.as_bytes().starts_with(listed.as_bytes())).map(|(_, class)| *class)
        };
        find(&self.by_start[start(code)]).or_else(|| find(&self.by_start[OTHERS]))
    }
}

fn start(code: &str) -> usize {
    match code.as_bytes() {
        [tens @ b'0'..=b'9', ones @ b'0'..=b'9', ..] => usize::from(tens - b'0') * 10 + usize::from(ones - b'0'),
        _ => OTHERS,
    }
}

/// The class with this name.
pub(super) fn class_named(name: &str) -> Option<CareClass> {
    Some(match name {
        "OUT" => CareClass::Outpatient,
        "CHRONIC" => CareClass::Chronic,
        "INPT" => CareClass::Inpatient,
        "DAYCASE" => CareClass::DayCase,
        "DRUGSTORE" => CareClass::Drugstore,
        "MATERN" => CareClass::Maternity,
        "LTC" => CareClass::LongTermCare,
        "OTHER" => CareClass::Other,
        _ => return None,
    })
}

/// The class with this number, as cells carry it.
pub(super) fn class_numbered(number: u64) -> Option<CareClass> {
    const CLASSES: [CareClass; 8] = [
        CareClass::Outpatient,
        CareClass::Chronic,
        CareClass::Inpatient,
        CareClass::DayCase,
        CareClass::Drugstore,
        CareClass::Maternity,
        CareClass::LongTermCare,
        CareClass::Other,
    ];
    CLASSES.get(usize::try_from(number).ok()?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_prefix_decides() {
        let types = MedTypes::default();
        assert_eq!(types.class("2101"), Some(CareClass::Inpatient));
        assert_eq!(types.class("210603"), Some(CareClass::Maternity));
        assert_eq!(types.class("99331"), Some(CareClass::Chronic));
        assert_eq!(types.class("9999"), Some(CareClass::Other));
        assert_eq!(types.class("77"), None);
        assert_eq!(types.class("门诊"), None);
    }

    #[test]
    fn every_line_of_the_list_is_read() {
        let lines = include_str!("med_type.txt").lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(MedTypes::default().by_start.iter().map(Vec::len).sum::<usize>(), lines);
    }
}

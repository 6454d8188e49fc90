//! What kind of care does a `med_type` mean? A code list that sites can change, with prefix inheritance.

use crate::model::CareClass;
use hashbrown::HashMap;

/// The code list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct MedTypes {
    classes: HashMap<Box<str>, CareClass>,
    longest: usize,
}

impl Default for MedTypes {
    fn default() -> MedTypes {
        let mut types = MedTypes { classes: HashMap::new(), longest: 0 };
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
        self.longest = self.longest.max(code.len());
        self.classes.insert(code.into(), class);
    }

    /// The class of the longest listed prefix; `None` when no prefix is listed.
    pub(super) fn class(&self, code: &str) -> Option<CareClass> {
        let mut length = code.len().min(self.longest);
        while length > 0 {
            if let Some(class) = code.get(..length).and_then(|prefix| self.classes.get(prefix)) {
                return Some(*class);
            }
            length -= 1;
        }
        None
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
        assert_eq!(MedTypes::default().classes.len(), lines);
    }
}

//! What does a diagnosis say about an admission: could it be had at will, or does it explain itself?

/// A range of ICD-10 categories, `M40`–`M54`.
type Range = (&'static [u8; 3], &'static [u8; 3]);

/// Complaints that are admitted at discretion: degenerative spine and joints, dizziness, chronic gastritis, colds, stable
/// circulation trouble (the diagnoses named in published notices about fake admissions).
const AT_WILL: &[Range] = &[
    (b"M13", b"M25"),
    (b"M40", b"M54"),
    (b"M62", b"M79"),
    (b"M80", b"M81"),
    (b"G43", b"G47"),
    (b"H81", b"H82"),
    (b"I10", b"I15"),
    (b"I25", b"I25"),
    (b"I67", b"I67"),
    (b"I70", b"I70"),
    (b"K21", b"K21"),
    (b"K29", b"K31"),
    (b"J00", b"J06"),
    (b"J20", b"J20"),
    (b"J40", b"J42"),
    (b"E11", b"E11"),
    (b"E78", b"E78"),
    (b"R00", b"R69"),
];
const CATARACT: &[Range] = &[(b"H25", b"H28"), (b"H40", b"H42")];
const TUMOUR: &[Range] = &[(b"C00", b"D48"), (b"Z51", b"Z51")];
const KIDNEY: &[Range] = &[(b"N18", b"N19"), (b"Z49", b"Z49")];
const INFECTION: &[Range] = &[(b"A00", b"B99"), (b"J09", b"J18"), (b"T61", b"T62"), (b"J21", b"J22"), (b"T67", b"T67")];
const INJURY: &[Range] = &[(b"S00", b"T35"), (b"T66", b"T79")];
const MIND: &[Range] = &[(b"F00", b"F39"), (b"F70", b"F79")];
/// Severe illness that is treated in stages, at one place after the other.
const STAGED: &[Range] = &[
    (b"I20", b"I24"),
    (b"I60", b"I66"),
    (b"I69", b"I69"),
    (b"G81", b"G83"),
    (b"S06", b"S06"),
    (b"S32", b"S32"),
    (b"S72", b"S72"),
];
/// Dust in the lungs: established by a panel, entered in a register, treated in turns for life.
const DUST: &[Range] = &[(b"J60", b"J65")];
const CHILDBIRTH: &[Range] = &[(b"O00", b"P96")];

/// What explains an admission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Explains {
    /// Nothing known.
    Unknown,
    /// Admitted at discretion.
    AtWill,
    /// Operated on: cataract, glaucoma.
    Cataract,
    /// Chemotherapy, radiotherapy.
    Tumour,
    /// Dialysis.
    Kidney,
    /// Contagious or seasonal.
    Infection,
    /// Injured or poisoned; what is treated in stages (head, pelvis, hip) is [`Explains::Staged`].
    Injury,
    /// Psychiatric.
    Mind,
    /// Mothers and newborns.
    Childbirth,
    /// Stroke, heart attack, broken hips: acute care, then rehabilitation.
    Staged,
    /// Occupational lung disease.
    Dust,
    /// Any other disease.
    Other,
}

/// The class of a packed category ([`super::icd_category`]).
#[must_use]
pub fn explains(category: u32) -> Explains {
    if category == 0 {
        return Explains::Unknown;
    }
    let [first, second, third, _] = category.to_be_bytes();
    let code = [first, second, third];
    let within = |ranges: &[Range]| ranges.iter().any(|(low, high)| **low <= code && code <= **high);
    let classes = [
        (CATARACT, Explains::Cataract),
        (TUMOUR, Explains::Tumour),
        (KIDNEY, Explains::Kidney),
        (INFECTION, Explains::Infection),
        (STAGED, Explains::Staged),
        (INJURY, Explains::Injury),
        (MIND, Explains::Mind),
        (CHILDBIRTH, Explains::Childbirth),
        (DUST, Explains::Dust),
        (AT_WILL, Explains::AtWill),
    ];
    classes.iter().find(|(ranges, _)| within(ranges)).map_or(Explains::Other, |(_, class)| *class)
}

/// A packed category as text: `M51.2`.
#[must_use]
pub fn diagnosis_code(category: u32) -> String {
    let text: String =
        category.to_be_bytes().iter().take_while(|byte| **byte != 0).map(|byte| char::from(*byte)).collect();
    if text.len() > 3 { format!("{}.{}", &text[..3], &text[3..]) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::icd_category;

    #[test]
    fn a_slipped_disc_is_at_will_and_a_cataract_is_not() {
        assert_eq!(explains(icd_category("M51.202")), Explains::AtWill);
        assert_eq!(explains(icd_category("H25.9")), Explains::Cataract);
        assert_eq!(explains(icd_category("K35.8")), Explains::Other);
        assert_eq!(diagnosis_code(icd_category("M51.202")), "M51.2");
    }
}

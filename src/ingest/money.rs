//! How much is it? Decimal text to an integer of the smallest unit, exactly, without floats.

/// The number as an integer of 10^-`decimals`: `12.5` with 2 decimals gives 1250. `None` for anything but a plain signed
/// decimal: scientific notation, separators, currency signs, more digits than fit, or digits lost below the unit.
pub(super) fn exact(text: &[u8], decimals: u32) -> Option<i64> {
    let (number, lost) = scan(text, decimals)?;
    (lost == 0).then_some(number)
}

/// As [`exact`], with further digits rounded half away from zero.
pub(super) fn rounded(text: &[u8], decimals: u32) -> Option<i64> {
    let (number, lost) = scan(text, decimals)?;
    let up = i64::from(lost >= 5);
    Some(if text.first() == Some(&b'-') { number - up } else { number + up })
}

/// The integer and the first digit that is lost (1 when that digit is 0 but a later one is not).
fn scan(text: &[u8], decimals: u32) -> Option<(i64, u8)> {
    let (negative, digits) = match text.split_first()? {
        (b'-', rest) => (true, rest),
        (b'+', rest) => (false, rest),
        _ => (false, text),
    };
    let mut number = 0_i64;
    let mut whole = 0;
    while let Some(byte @ b'0'..=b'9') = digits.get(whole) {
        number = number.checked_mul(10)?.checked_add(i64::from(byte - b'0'))?;
        whole += 1;
    }
    let mut kept = 0;
    let mut lost = 0_u8;
    let mut at = whole;
    if digits.get(at) == Some(&b'.') {
        at += 1;
        while let Some(byte @ b'0'..=b'9') = digits.get(at) {
            let digit = byte - b'0';
            if kept < decimals {
                number = number.checked_mul(10)?.checked_add(i64::from(digit))?;
                kept += 1;
            } else if kept == decimals {
                lost = digit;
                kept += 1;
            } else if lost == 0 && digit != 0 {
                lost = 1;
            }
            at += 1;
        }
        if at == whole + 1 && whole == 0 {
            return None;
        }
    }
    if at != digits.len() || at == 0 {
        return None;
    }
    while kept < decimals {
        number = number.checked_mul(10)?;
        kept += 1;
    }
    Some((if negative { -number } else { number }, lost))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_decimals_become_fen() {
        for (text, fen) in [
            ("0", 0),
            ("12.5", 1_250),
            ("-12.50", -1_250),
            ("+3", 300),
            (".5", 50),
            ("7.", 700),
            ("-0.01", -1),
            ("1.200000", 120),
            ("99999999999999.99", 9_999_999_999_999_999),
        ] {
            assert_eq!(exact(text.as_bytes(), 2), Some(fen), "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in
            ["", "-", ".", "1e3", "1E+5", "1,234.00", "￥5", "12.345", "0x10", "--1", "9999999999999999999", "1 2"]
        {
            assert_eq!(exact(text.as_bytes(), 2), None, "{text}");
        }
    }

    #[test]
    fn prices_are_rounded_away_from_zero() {
        assert_eq!(rounded(b"1.005", 2), Some(101));
        assert_eq!(rounded(b"-1.005", 2), Some(-101));
        assert_eq!(rounded(b"1.0049", 2), Some(100));
        assert_eq!(rounded(b"1e3", 2), None);
    }
}

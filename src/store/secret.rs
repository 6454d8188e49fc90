//! How are passwords and tokens kept so that whoever reads the file cannot use them?
//!
//! Passwords: argon2id (RFC 9106) with a salt of their own. Tokens have 256 bits of chance, so that one SHA-256 is enough.
//! Cost: a password takes 19 MiB and about 20 ms, on purpose.

use super::error::StoreError;
use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// Memory in KiB, passes and lanes of argon2id.
type Cost = (u32, u32, u32);

/// Memory (KiB), passes, lanes: the smaller of the two settings that RFC 9106's followers recommend.
const COST: Cost = (19_456, 2, 1);

/// What is kept of a password: `argon2id$memory$passes$lanes$salt$hash`.
pub(super) fn password_kept(password: &str) -> Result<String, StoreError> {
    let salt = chance::<16>()?;
    let hash = derived(password, &salt, COST)
        .ok_or_else(|| StoreError::refused("the password cannot be hashed / 无法计算口令的哈希值"))?;
    let (memory, passes, lanes) = COST;
    Ok(format!("argon2id${memory}${passes}${lanes}${}${}", URL_SAFE_NO_PAD.encode(salt), URL_SAFE_NO_PAD.encode(hash)))
}

/// Whether a password is the one that was kept. Without one it takes as long and answers no.
pub(super) fn password_fits(password: &str, kept: Option<&str>) -> bool {
    let parts: Vec<&str> = kept.unwrap_or_default().split('$').collect();
    let read = || -> Option<(Vec<u8>, Vec<u8>, Cost)> {
        let [_, memory, passes, lanes, salt, hash] = parts.as_slice() else { return None };
        let cost = (memory.parse().ok()?, passes.parse().ok()?, lanes.parse().ok()?);
        Some((URL_SAFE_NO_PAD.decode(salt).ok()?, URL_SAFE_NO_PAD.decode(hash).ok()?, cost))
    };
    let (salt, wanted, cost) = read().unwrap_or_else(|| (vec![0; 16], Vec::new(), COST));
    derived(password, &salt, cost).is_some_and(|hash| same(&hash, &wanted))
}

fn derived(password: &str, salt: &[u8], (memory, passes, lanes): Cost) -> Option<[u8; 32]> {
    let mut hash = [0; 32];
    let cost = Params::new(memory, passes, lanes, Some(hash.len())).ok()?;
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, cost);
    argon.hash_password_into(password.as_bytes(), salt, &mut hash).ok()?;
    Some(hash)
}

/// Equal bytes, in a time that says nothing about where they differ.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
}

/// A token of 256 bits.
pub(super) fn token() -> Result<String, StoreError> {
    Ok(URL_SAFE_NO_PAD.encode(chance::<32>()?))
}

/// What is kept of a token.
pub(super) fn token_kept(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// SHA-256 as 64 hexadecimal digits.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Bytes as hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn chance<const N: usize>() -> Result<[u8; N], StoreError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| {
        StoreError::refused(format!("the system gives no random numbers: {error} / 系统无法提供随机数"))
    })?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_fits_itself_only_and_never_stands_in_what_is_kept() {
        let (one, other) = (
            password_kept("correct horse").expect("a password is hashed"),
            password_kept("correct horse").expect("a password is hashed"),
        );
        assert!(one != other && !one.contains("horse"));
        assert!(password_fits("correct horse", Some(&one)) && password_fits("correct horse", Some(&other)));
        assert!(!password_fits("correct hors", Some(&one)) && !password_fits("", None));
        assert!(!password_fits("x", Some("argon2id$1$2")));
        assert_eq!(sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}

//! With which key does a workspace seal what it hands over? An ed25519 key of its own, in `office.db`, made at first use.
//!
//! Whoever receives a sealed file checks it with the public key alone, offline. The key shows that a file left this workspace and is
//! whole; like accounts and log it protects against nobody who can write the workspace's files.

use super::error::StoreError;
use super::office::{self, Office};
use super::secret::hex;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use rusqlite::{OptionalExtension, params};

/// A workspace's key.
pub struct Seal {
    key: SigningKey,
}

impl Seal {
    /// The public key, 64 hexadecimal digits.
    #[must_use]
    pub fn public(&self) -> String {
        hex(self.key.verifying_key().as_bytes())
    }

    /// The signature of some bytes, 128 hexadecimal digits; the same bytes give the same signature.
    #[must_use]
    pub fn sign(&self, bytes: &[u8]) -> String {
        hex(&self.key.sign(bytes).to_bytes())
    }
}

/// Whether the owner of a public key signed these bytes.
#[must_use]
pub fn is_signed(public: &str, bytes: &[u8], signature: &str) -> bool {
    let Some(key) = of_hex::<32>(public).and_then(|key| VerifyingKey::from_bytes(&key).ok()) else { return false };
    let Some(signature) = of_hex::<64>(signature).map(|bytes| Signature::from_bytes(&bytes)) else { return false };
    // The strict check refuses keys and signatures that fit more than one message.
    key.verify_strict(bytes, &signature).is_ok()
}

fn of_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let text = text.trim();
    if text.len() != 2 * N || !text.is_ascii() {
        return None;
    }
    let mut bytes = [0; N];
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * at..2 * at + 2], 16).ok()?;
    }
    Some(bytes)
}

impl Office {
    /// The key of this workspace, which is made when it has none.
    ///
    /// # Errors
    /// The file does not answer, the key in it is damaged, or the system gives no random numbers.
    pub fn seal(&mut self) -> Result<Seal, StoreError> {
        let path = office::path(&self.root);
        let mut fresh = [0_u8; 32];
        getrandom::fill(&mut fresh)
            .map_err(|error| StoreError::refused(format!("no random numbers: {error} / 系统无法提供随机数")))?;
        let public = hex(SigningKey::from_bytes(&fresh).verifying_key().as_bytes());
        let kept: Option<Vec<u8>> = self.write(|write| {
            let insert = "INSERT OR IGNORE INTO seal_key VALUES (1, ?1, ?2)";
            write.execute(insert, params![public, fresh.as_slice()])?;
            write.query_row("SELECT secret FROM seal_key WHERE number = 1", [], |row| row.get(0)).optional()
        })?;
        let secret = kept.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        let secret = secret.ok_or_else(|| StoreError::damaged(&path, "the key that seals hand-overs"))?;
        Ok(Seal { key: SigningKey::from_bytes(&secret) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_bytes_under_the_same_key_fit() {
        let [one, other] = [7, 8].map(|byte| Seal { key: SigningKey::from_bytes(&[byte; 32]) });
        let signature = one.sign(b"manifest");
        assert!(is_signed(&one.public(), b"manifest", &signature));
        assert!(!is_signed(&one.public(), b"manifesT", &signature));
        assert!(!is_signed(&other.public(), b"manifest", &signature));
        for odd in ["", "zz", &signature[2..], &"é".repeat(64)] {
            assert!(!is_signed(&one.public(), b"manifest", odd), "{odd}");
        }
    }
}

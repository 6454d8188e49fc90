//! Under which name does a party stand in an address bar? An opaque one, which nobody outside this workspace can read.
//!
//! A token is one AES block of the party's number under a key of the workspace: 22 letters. The number alone would not do,
//! because it is an unkeyed hash, and whoever has a list of all identifiers could look it up.

use super::ServeError;
use crate::engine::EngineError;
use crate::model::Party;
use crate::store::Workspace;
use aes::Aes128;
use aes::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The workspace's setting that holds the key.
const KEY: &str = "token_key";
/// What the second half of a block must be: a token made up by chance is refused.
const MARK: [u8; 8] = *b"medring1";

/// Makes and reads tokens.
pub(super) struct Tokens {
    cipher: Aes128,
}

impl Tokens {
    /// With the key of the workspace, which is made when it has none.
    ///
    /// # Errors
    /// When the key is damaged or none can be made.
    pub(super) fn open(workspace: &mut Workspace) -> Result<Tokens, ServeError> {
        let text = match workspace.setting(KEY).map_err(EngineError::from)? {
            Some(text) => text,
            None => new_key(workspace)?,
        };
        Tokens::of(&text)
    }

    /// With the key of a workspace that is open for reading. Only where nobody ever served it is it opened for writing, to make one.
    ///
    /// # Errors
    /// When the key is damaged or none can be made.
    pub(super) fn beside(reader: &Workspace) -> Result<Tokens, ServeError> {
        match reader.setting(KEY).map_err(EngineError::from)? {
            Some(text) => Tokens::of(&text),
            None => Tokens::open(&mut Workspace::open(reader.path()).map_err(EngineError::from)?),
        }
    }

    fn of(text: &str) -> Result<Tokens, ServeError> {
        let key = URL_SAFE_NO_PAD.decode(text).map_err(|error| ServeError::Key(error.to_string()))?;
        let cipher = Aes128::new_from_slice(&key).map_err(|error| ServeError::Key(error.to_string()))?;
        Ok(Tokens { cipher })
    }

    /// The token of a party.
    pub(super) fn token(&self, party: Party) -> String {
        let mut block = [0_u8; 16];
        block[..8].copy_from_slice(&party.0.to_le_bytes());
        block[8..].copy_from_slice(&MARK);
        let mut block = block.into();
        self.cipher.encrypt_block(&mut block);
        URL_SAFE_NO_PAD.encode(block)
    }

    /// The party behind a token; `None` for what this workspace never gave out.
    pub(super) fn party(&self, token: &str) -> Option<Party> {
        let bytes: [u8; 16] = URL_SAFE_NO_PAD.decode(token).ok()?.try_into().ok()?;
        let mut block = bytes.into();
        self.cipher.decrypt_block(&mut block);
        let (number, mark) = block.split_at(8);
        let number = u64::from_le_bytes(number.try_into().ok()?);
        (mark == MARK).then_some(Party(number))
    }
}

/// Gives the workspace a key of its own.
fn new_key(workspace: &mut Workspace) -> Result<String, ServeError> {
    let mut key = [0_u8; 16];
    getrandom::fill(&mut key).map_err(|error| ServeError::Key(error.to_string()))?;
    let text = URL_SAFE_NO_PAD.encode(key);
    workspace.set_setting(KEY, &text).map_err(EngineError::from)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::PartyKind;

    #[test]
    fn tokens_lead_back_to_parties_and_made_up_ones_to_none() {
        let tokens = Tokens { cipher: Aes128::new(&[7; 16].into()) };
        let other = Tokens { cipher: Aes128::new(&[8; 16].into()) };
        let party = Party::of(PartyKind::Person, "P1");
        let token = tokens.token(party);
        assert_eq!((token.len(), tokens.party(&token)), (22, Some(party)));
        assert_eq!(other.party(&token), None);
        assert_eq!((tokens.party("P1"), tokens.party("")), (None, None));
    }
}

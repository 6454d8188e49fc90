//! What has the site set in `medring.toml`?

use super::error::StoreError;
use serde::Deserialize;
use std::io::ErrorKind;
use std::path::Path;

/// Days of a retention window at most: a century.
const DAYS_MAX: u32 = 36_525;

/// The settings of a workspace. A key that is not known is an error: a misspelt window would keep everything for ever.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Facts older than so many days leave; without it nothing does.
    pub retention_days: Option<u32>,
    /// Only say what would leave.
    pub retention_dry_run: bool,
}

impl Settings {
    /// The settings of the workspace in a folder; a missing file sets nothing.
    ///
    /// # Errors
    /// The file cannot be read, or holds something else than settings.
    pub fn read(root: &Path) -> Result<Settings, StoreError> {
        let path = root.join("medring.toml");
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Settings::default()),
            Err(error) => return Err(StoreError::io("read", &path)(error)),
        };
        let wrong = |why: String| StoreError::Settings { path: path.clone(), why };
        let settings: Settings = toml::from_str(&text).map_err(|error| wrong(error.to_string().trim().to_owned()))?;
        match settings.retention_days {
            Some(days) if !(1..=DAYS_MAX).contains(&days) => {
                Err(wrong(format!("retention_days is {days}; it takes 1 to {DAYS_MAX}")))
            }
            _ => Ok(settings),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_misspelt_or_out_of_range_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let of = |text: &str| {
            std::fs::write(folder.path().join("medring.toml"), text).expect("writes");
            Settings::read(folder.path())
        };
        assert_eq!(Settings::read(folder.path()).expect("nothing set"), Settings::default());
        let set = of("retention_days = 730\nretention_dry_run = true").expect("settings");
        assert_eq!(set, Settings { retention_days: Some(730), retention_dry_run: true });
        for odd in ["retention_day = 730", "retention_days = 0", "retention_days = 'x'", "retention_days = -1", "["] {
            assert!(matches!(of(odd), Err(StoreError::Settings { .. })), "{odd}");
        }
    }
}

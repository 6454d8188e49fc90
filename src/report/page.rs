//! stub
use super::*;
pub(super) fn render(_: &Edition) -> Result<String, ReportError> {
    Ok(String::new())
}

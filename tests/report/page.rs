//! Is the page one closed file in two languages, masked, and safe from what stands in the data?
//!
//! `KEEP_REPORT=folder` keeps the pages, to look at them.

use super::world::World;
use medring::model::PartyKind;
use std::path::Path;

fn page(world: &World, name: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let kept = std::env::var_os("KEEP_REPORT").map(|kept| Path::new(&kept).join(name));
    let out = kept.as_deref().unwrap_or(folder.path());
    medring::report::write(&world.edition(), out).expect("written");
    std::fs::read_to_string(out.join("report.html")).expect("UTF-8")
}

#[test]
fn the_page_asks_nothing_of_any_network() {
    let html = page(&World::five(), "closed");
    assert!(html.contains("default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"));
    for outside in ["http:", "https:", "//cdn", "src=", "@import", "url(", "<link"] {
        let from_data = outside == "src=";
        assert!(from_data || !html.contains(outside), "{outside}");
    }
}

#[test]
fn nothing_from_the_data_becomes_markup() {
    let html = page(&World::five(), "markup");
    assert_eq!(html.matches("<script").count(), 1, "only the page's own script");
    for markup in ["<script>alert", "<img", "<i>", "<b>together", "</template><"] {
        assert!(!html.contains(markup), "{markup}");
    }
    assert!(html.contains("&lt;b&gt;together&lt;/b&gt;") || html.contains("&lt;b&gt;together&lt;&#x2f;b&gt;"));
}

#[test]
fn no_personal_identifier_is_on_the_page() {
    let world = World::five();
    let html = page(&world, "masked");
    for (party, raw) in &world.names.parties {
        let open = matches!(party.kind(), PartyKind::Institution | PartyKind::Employer);
        assert!(open || !html.contains(raw.as_str()), "{raw} is shown");
    }
    assert!(html.contains("P3401000000"), "institutions and pharmacies keep their codes");
    assert!(html.contains("setl_d:Sa00000"), "evidence keeps the ids of its rows");
}

#[test]
fn every_visible_text_is_there_in_both_languages() {
    let html = page(&World::five(), "languages");
    assert_eq!(html.matches(r#"class="zh""#).count(), html.matches(r#"class="en""#).count());
    assert!(html.contains("疑似线索") && html.contains("suspected lead"));
    assert!(!html.contains("guilty") && !html.contains("犯罪"));
}

#[test]
fn every_ring_has_its_parts_and_cuts_are_said() {
    let world = World::five();
    let html = page(&world, "parts");
    assert_eq!(html.matches(r#"<details class="ring""#).count(), world.rings.len());
    assert_eq!(html.matches(r#"<svg class="graph""#).count(), world.rings.len());
    assert_eq!(html.matches(r#"<svg class="timeline""#).count(), world.rings.len() - 1, "one ring has no settlements");
    assert!(html.contains("more members; all are in members.parquet"));
    assert!(html.contains("more rows; all are in evidence.parquet"));
}

#[test]
fn hundreds_of_rings_stay_a_page_of_moderate_size() {
    let html = page(&World::many(500), "many");
    assert_eq!(html.matches(r#"<svg class="graph""#).count(), 100, "pictures for the top 100 only");
    assert!(html.contains("Graphs are drawn for the 100 highest scores only."));
    assert!(html.len() < 16_000_000, "{} bytes", html.len());
}

#[test]
fn a_run_without_rings_is_a_page_too() {
    let html = page(&World::many(0), "none");
    assert!(html.contains("This run has no suspected lead to look at."));
}

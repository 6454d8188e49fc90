//! Do readers of reports get the report of what they may see, in each form, the same bytes each time?

use super::cases::sheet_holds;
use super::office::guarded;
use super::told;
use axum::http::StatusCode;

#[test]
fn readers_get_the_report_of_what_they_see() {
    let guarded = guarded();
    let list = guarded.told("report", "/v1/reports");
    let newest = |rhythm: &str| {
        let all = list["reports"].as_array().unwrap().iter();
        all.clone().find(|report| report["rhythm"] == rhythm).unwrap()["period"].as_str().unwrap().to_owned()
    };
    let (week, month) = (newest("weekly"), newest("monthly"));
    let rings = guarded.told("report", "/v1/rings")["all"].as_u64();
    for period in [&week, &month] {
        let report = guarded.told("report", &format!("/v1/reports/{period}"));
        assert!(report["rings"].as_u64() == rings && report["masked"] == true, "{report}");
        for form in ["html", "xlsx"] {
            let path = format!("/v1/reports/{period}.{form}");
            let [one, other] = [(); 2].map(|()| guarded.ask("report", "GET", &path, None));
            assert!(one.status == StatusCode::OK && one.bytes == other.bytes, "{path}");
            assert!(one.headers["content-disposition"].to_str().unwrap().contains(form));
        }
    }
    let figures = guarded.told("report", &format!("/v1/reports/{week}"))["totals"].as_array().unwrap().len();
    sheet_holds(&guarded.ask("report", "GET", &format!("/v1/reports/{week}.xlsx"), None).bytes, figures + 3);
    // Whoever has other regions gets what they see and no more.
    let far = guarded.told("far", &format!("/v1/reports/{week}"));
    assert_eq!((far["rings"].as_u64(), far["totals"][0]["now"].as_u64()), (Some(0), Some(0)));
    assert!(far["changes"].as_array().unwrap().iter().all(|change| change["count"] == 0), "{}", far["changes"]);
    for wrong in ["2026-W54", "2026", "x.html", &format!("{week}.pdf"), &format!("{week}?as_of=99")] {
        let answer = guarded.ask("report", "GET", &format!("/v1/reports/{wrong}"), None);
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{wrong}: {}", answer.text);
    }
    // Without accounts everybody who reaches the server reads it.
    assert_eq!(told(&super::served().server, &format!("/v1/reports/{week}"))["rings"].as_u64(), rings);
}

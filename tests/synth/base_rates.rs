//! Does a city look like a city? Shares and fees within the published ranges.

use super::{preset, rows, world};

#[derive(Default)]
struct Seen {
    rows: f64,
    reversed: f64,
    invalid: f64,
    inpatient: f64,
    pharmacy: f64,
    outpatient: f64,
    chronic: f64,
    short: f64,
    fees: Vec<f64>,
    fund: f64,
}

#[test]
fn ordinary_care_has_the_base_rates() {
    // Dialysis and wards of which every patient is of a ring bill so often that they change what a city is like.
    let folder = world(&preset("claims", 21, &["setl_d"]));
    let mut seen = Seen::default();
    let columns =
        ["refd_setl_flag", "vali_flag", "med_type", "medfee_sumamt", "fund_pay_sumamt", "begndate", "enddate"];
    rows(folder.path(), "setl_d", &columns, |cells| {
        seen.rows += 1.0;
        if cells[0] == "1" || cells[1] == "0" {
            seen.reversed += f64::from(u8::from(cells[0] == "1"));
            seen.invalid += f64::from(u8::from(cells[1] == "0"));
            return;
        }
        seen.fees.push(cells[3].parse().expect("money"));
        seen.fund += cells[4].parse::<f64>().expect("money");
        match cells[2] {
            "21" | "22" | "52" => {
                seen.inpatient += 1.0;
                seen.short += f64::from(u8::from(cells[5] == cells[6] || next_day(cells[5], cells[6])));
            }
            "41" => seen.pharmacy += 1.0,
            "11" | "13" => seen.outpatient += 1.0,
            "1401" | "1402" => seen.chronic += 1.0,
            _ => (),
        }
    });
    let live = seen.fees.len() as f64;
    seen.fees.sort_unstable_by(f64::total_cmp);
    let mean = seen.fees.iter().sum::<f64>() / live;
    let p95 = seen.fees[seen.fees.len() * 95 / 100];
    within("settlements a person", live / 100_000.0, 3.4, 4.8);
    within("reversed", seen.reversed / seen.rows, 0.04, 0.062);
    within("invalid", seen.invalid / seen.rows, 0.002, 0.006);
    within("inpatients", seen.inpatient / live, 0.045, 0.068);
    within("pharmacies", seen.pharmacy / live, 0.42, 0.52);
    within("outpatients", seen.outpatient / live, 0.32, 0.42);
    within("chronic", seen.chronic / live, 0.04, 0.10);
    within("nights at most one", seen.short / seen.inpatient, 0.022, 0.036);
    within("mean fee", mean, 760.0, 990.0);
    within("fee of the 95th percentile", p95, 2_900.0, 4_100.0);
    within("mean fund", seen.fund / live, 440.0, 640.0);
}

fn next_day(begin: &str, end: &str) -> bool {
    let day = |text: &str| {
        let part = |range: std::ops::Range<usize>| text[range].parse::<i32>().expect("a number");
        let unsigned = |range| u32::try_from(part(range)).expect("positive");
        medring::model::Day::of(part(0..4), unsigned(5..7), unsigned(8..10)).expect("a day")
    };
    day(end).since(day(begin)) == 1
}

fn within(what: &str, value: f64, low: f64, high: f64) {
    assert!((low..=high).contains(&value), "{what}: {value:.4} is not within {low}..{high}");
}

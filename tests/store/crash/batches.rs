//! Which batches do the crash tests send? A golden data set, cut into small batches with corrections, reversals and retractions.

use super::super::dice::Dice;
use std::fs;
use std::path::{Path, PathBuf};

const EARLY: &str = "2024-06-01 00:00:00";
const LATE: &str = "2024-07-01 00:00:00";

/// Writes so many batches below `into`, and all their rows together in `into/whole`. Answers the batches' folders.
pub(super) fn write(into: &Path, count: usize, seed: u64) -> Vec<PathBuf> {
    let dice = &mut Dice(seed);
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("datasets/cross_region_day_trip");
    let whole = into.join("whole");
    let folders: Vec<PathBuf> = (0..count).map(|at| into.join(format!("batch-{at:02}"))).collect();
    for folder in folders.iter().chain([&whole]) {
        fs::create_dir_all(folder).expect("creates");
    }
    for table in ["admdvs_b", "fixmedins_b", "dr_b", "psn_info_b", "x_ident", "out_appy_d"] {
        let name = format!("{table}.csv");
        for folder in [&folders[0], &whole] {
            fs::copy(from.join(&name), folder.join(&name)).expect("copies");
        }
    }
    let (head, settlements) = changing(&fs::read_to_string(from.join("setl_d.csv")).expect("reads"), dice);
    cut("setl_d.csv", &head, &settlements, &folders, &whole, dice);
    let visits = fs::read_to_string(from.join("mdtrt_d.csv")).expect("reads");
    let (head, visits) = visits.split_once('\n').expect("a head");
    let visits: Vec<String> = visits.lines().map(str::to_owned).collect();
    cut("mdtrt_d.csv", head, &visits, &folders, &whole, dice);
    folders
}

/// Every row goes to one batch, in any order.
fn cut(name: &str, head: &str, rows: &[String], folders: &[PathBuf], whole: &Path, dice: &mut Dice) {
    let mut parts = vec![String::new(); folders.len()];
    for row in rows {
        let part = &mut parts[dice.below(folders.len())];
        part.push_str(row);
        part.push('\n');
    }
    for (folder, part) in folders.iter().zip(&parts).filter(|(_, part)| !part.is_empty()) {
        fs::write(folder.join(name), format!("{head}\n{part}")).expect("writes");
    }
    fs::write(whole.join(name), format!("{head}\n{}", parts.concat())).expect("writes");
}

/// The settlements with versions: some come wrong first and are corrected, some are there only to be reversed or retracted.
fn changing(text: &str, dice: &mut Dice) -> (String, Vec<String>) {
    let (head, rows) = text.split_once('\n').expect("a head");
    let columns: Vec<&str> = head.split(',').collect();
    let at = |name: &str| columns.iter().position(|column| *column == name).expect("a column");
    let (id, total, fund, cash, refund) =
        (at("setl_id"), at("medfee_sumamt"), at("fund_pay_sumamt"), at("cash_payamt"), at("refd_setl_flag"));
    let mut out = Vec::new();
    for row in rows.lines() {
        let cells: Vec<String> = row.split(',').map(str::to_owned).collect();
        let row = |cells: &[String], original: &str, updated: &str, live: u8| {
            format!("{},{original},{updated},{live}", cells.join(","))
        };
        match dice.below(8) {
            0 => {
                let mut wrong = cells.clone();
                for (column, amount) in [(total, "1.00"), (fund, "1.00"), (cash, "0.00")] {
                    amount.clone_into(&mut wrong[column]);
                }
                out.push(row(&wrong, "", EARLY, 1));
                out.push(row(&cells, "", LATE, 1));
            }
            1 => {
                let mut never = cells.clone();
                never[id] = format!("X{}", cells[id]);
                out.push(row(&never, "", EARLY, 1));
                out.push(row(&never, "", LATE, 0));
                out.push(row(&cells, "", EARLY, 1));
            }
            2 => {
                let mut taken_back = cells.clone();
                taken_back[id] = format!("Y{}", cells[id]);
                out.push(row(&taken_back, "", EARLY, 1));
                let original = taken_back[id].clone();
                taken_back[id] = format!("Z{}", cells[id]);
                for amount in [total, fund, cash] {
                    taken_back[amount] = format!("-{}", cells[amount]);
                }
                "1".clone_into(&mut taken_back[refund]);
                out.push(row(&taken_back, &original, LATE, 1));
                out.push(row(&cells, "", EARLY, 1));
            }
            _ => out.push(row(&cells, "", EARLY, 1)),
        }
    }
    (format!("{head},init_setl_id,updt_time,vali_flag"), out)
}

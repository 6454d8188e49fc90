//! What was planted? `labels.csv`, `world.json` and the manifest `dataset.toml`.

use super::staged::Staged;
use super::{Finished, ids};
use crate::model::Day;
use crate::synth::scene::Who;
use crate::synth::{Parameters, SynthError};
use serde_json::json;

/// Writes the three files; the answers and the manifest last.
pub(super) fn write(done: &Finished<'_>, how: &Parameters, staged: &mut Staged<'_>) -> Result<(), SynthError> {
    let mut kinds = std::collections::BTreeMap::<&str, u64>::new();
    for label in &done.labels {
        *kinds.entry(label.typology).or_default() += 1;
    }
    let world = json!({
        "synthetic": true,
        "parameters": how.as_json(),
        "persons": done.world.people.persons.len(),
        "places": done.world.places.len(),
        "doctors": done.world.doctors.len(),
        "rows_of_setl_d": done.claims.len(),
        "labels_by_typology": kinds,
        "groups": done.stories,
    });
    staged.text("world.json", &(serde_json::to_string_pretty(&world).unwrap_or_default() + "\n"))?;
    staged.text("labels.csv", &labels(done))?;
    staged.text("dataset.toml", &manifest(done, how))
}

fn labels(done: &Finished<'_>) -> String {
    let mut text = String::from("ring_id,typology,party_kind,party_id,role\n");
    for label in &done.labels {
        let kind = match label.who {
            Who::Person(_) => "person",
            Who::Place(place) if done.world.place(place).is_pharmacy() => "pharmacy",
            Who::Place(_) => "institution",
            Who::Doctor(_) => "doctor",
            Who::Phone(_) => "phone",
            Who::Agent(_) => "agent",
            Who::Account(_) => "account",
            Who::Address(_) => "address",
            Who::Device(_) => "device",
            Who::Employer(_) => "employer",
            Who::Staff(_) => "agent",
        };
        text.push_str(&label.group);
        text.push(',');
        text.push_str(label.typology);
        text.push(',');
        text.push_str(kind);
        text.push(',');
        ids::who(&mut text, done.world, label.who);
        text.push(',');
        text.push_str(label.role);
        text.push('\n');
    }
    text
}

fn manifest(done: &Finished<'_>, how: &Parameters) -> String {
    let window = done.world.window;
    format!(
        "# A made-up world. No person, doctor or institution in it exists.\n\
         synthetic = true\n\
         dataset = \"synthetic-{}-{}\"\n\
         timezone = \"Asia/Shanghai\"\n\
         fund_includes_acct = false\n\
         refund_form = \"A\"\n\
         window = [\"{}\", \"{}\"]\n\n\
         [dictionary_versions]\n\
         med_type = \"national-2021\"\n",
        how.preset,
        how.seed,
        Day(window.first),
        Day(window.last),
    )
}

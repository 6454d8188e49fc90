//! What somebody does on the page: a screen asks several things, then somebody looks at it.

use super::client::Client;
use serde_json::Value;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// A question that was asked.
#[derive(Debug)]
pub(super) struct Asked {
    /// Its address, without what it is about.
    pub(super) route: &'static str,
    /// What came back.
    pub(super) status: u16,
    /// How long it took.
    pub(super) took: Duration,
    /// Whether it must be an entry of the log: reads of a lead are, also of one that is no more.
    pub(super) logged: bool,
}

struct Desk {
    client: Client,
    asked: Vec<Asked>,
    chance: u64,
}

impl Desk {
    fn note(&mut self, route: &'static str, start: Instant, answer: std::io::Result<(u16, Vec<u8>)>) -> Value {
        let (status, body) = answer.unwrap_or_default();
        let logged = status > 0 && route.starts_with("/v1/rings/{id}") && !route.ends_with(".csv");
        self.asked.push(Asked { route, status, took: start.elapsed(), logged });
        serde_json::from_slice(&body).unwrap_or_default()
    }

    fn get(&mut self, route: &'static str, path: &str) -> Value {
        let start = Instant::now();
        let answer = self.client.get(path);
        self.note(route, start, answer)
    }

    /// One of so many, the same in each run.
    fn one_of(&mut self, many: usize) -> usize {
        self.chance = self.chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.chance >> 33).unwrap_or(0) % many.max(1)
    }

    /// Looks at what a screen shows, for one to three seconds, or until it is over.
    fn looks(&mut self, over: &AtomicBool) {
        let end = Instant::now() + Duration::from_millis(1_000 + self.one_of(2_000) as u64);
        while Instant::now() < end && !over.load(Ordering::Relaxed) {
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn leads(&mut self) -> Vec<String> {
        self.get("/v1/status", "/v1/status");
        let page = self.get("/v1/rings", "/v1/rings?limit=50");
        let ids = page["rings"].as_array().into_iter().flatten().filter_map(|ring| ring["id"].as_str());
        ids.map(str::to_owned).collect()
    }

    /// Opens a lead; answers tokens of a person and of a place in it.
    fn lead(&mut self, id: &str) -> (Option<String>, Option<String>) {
        let ring = self.get("/v1/rings/{id}", &format!("/v1/rings/{id}"));
        self.get("/v1/rings/{id}/graph", &format!("/v1/rings/{id}/graph"));
        self.get("/v1/rings/{id}/facts", &format!("/v1/rings/{id}/facts?limit=100"));
        self.get("/v1/rings/{id}/timeline", &format!("/v1/rings/{id}/timeline"));
        let members: Vec<&Value> = ring["members"].as_array().into_iter().flatten().map(|one| &one["party"]).collect();
        let at = self.one_of(members.len());
        let of = |kind: &str| {
            let fits = |party: &&&Value| party["kind"] == kind;
            let found = members[at.min(members.len())..].iter().find(fits).or_else(|| members.iter().find(fits));
            found.and_then(|party| party["token"].as_str()).map(str::to_owned)
        };
        (of("person"), of("institution").or_else(|| of("pharmacy")))
    }
}

/// Works until it is over.
pub(super) fn investigate(address: &str, cookie: &str, seed: u64, over: &AtomicBool) -> Vec<Asked> {
    let mut desk = Desk { client: Client::new(address, cookie), asked: Vec::new(), chance: seed.wrapping_add(17) };
    // Not everybody comes through the door at the same instant.
    desk.looks(over);
    desk.get("/v1/session", "/v1/session");
    desk.get("/v1/words", "/v1/words");
    while !over.load(Ordering::Relaxed) {
        let leads = desk.leads();
        desk.looks(over);
        let Some(id) = leads.get(desk.one_of(leads.len())) else { continue };
        let (person, place) = desk.lead(id);
        desk.looks(over);
        match (desk.one_of(4), person, place) {
            (0, Some(person), Some(place)) => {
                desk.get("/v1/paths", &format!("/v1/paths?from={person}&to={place}&k=5"));
            }
            (1, _, Some(place)) => {
                desk.get("/v1/entities/{party}", &format!("/v1/entities/{place}"));
                desk.get("/v1/entities/…/neighbours", &format!("/v1/entities/{place}/neighbours?limit=50"));
            }
            (2, Some(person), _) => {
                desk.get("/v1/entities/{party}", &format!("/v1/entities/{person}"));
                desk.get("/v1/entities/…/neighbours", &format!("/v1/entities/{person}/neighbours?limit=50"));
            }
            _ => {
                desk.get("/v1/cases", "/v1/cases");
                desk.get("/v1/rings/{id}/members.csv", &format!("/v1/rings/{id}/members.csv"));
                let start = Instant::now();
                let answer = desk.client.post("/v1/search", "application/json", br#"{"text":"R-1"}"#);
                desk.note("/v1/search", start, answer);
            }
        }
        desk.looks(over);
    }
    desk.asked
}

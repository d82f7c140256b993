//! Builds of images, and what sets them off.

use super::State;
use super::places::Place;
use super::progress::Progress;
use serde_json::{Value, json};

#[derive(Debug, Clone)]
pub struct Build {
    pub started: i64,
    pub display_name: String,
    pub dockerfile: String,
    pub context: String,
    pub tags: Vec<String>,
    pub user: Option<String>,
    pub archive_url: Option<String>,
    pub file: Option<String>,
    pub pull_robot: Option<String>,
    /// The trigger that set it off.
    pub trigger: Option<String>,
    pub metadata: Value,
    pub is_cancelled: bool,
    pub progress: Progress,
}

impl Build {
    /// Where it stands: it waits, builds and completes.
    pub fn phase(&self, now: i64) -> &'static str {
        match (self.is_cancelled, self.progress.step(now)) {
            (true, _) => "cancelled",
            (_, 0) => "waiting",
            (_, 1) => "building",
            _ => "complete",
        }
    }

    /// What it has written so far.
    pub fn logs(&self, now: i64) -> Vec<Value> {
        let phase = |name: &str| json!({"message": name, "type": "phase"});
        let step = |number: u8, text: &str| json!({"message": format!("Step {number}/3 : {text}"), "type": "command"});
        let line = |text: &str| json!({"message": text});
        let begun = vec![
            phase("building"),
            step(1, "FROM registry.example.test/base:latest"),
            line(" ---> Using cache"),
            step(2, "COPY . /app"),
        ];
        let done = vec![
            step(3, "CMD [\"/app/run\"]"),
            phase("pushing"),
            phase("complete"),
        ];
        match self.phase(now) {
            "building" => begun,
            "complete" => begun.into_iter().chain(done).collect(),
            _ => Vec::new(),
        }
    }
}

#[derive(Debug, Clone)]
pub struct Trigger {
    pub service: String,
    pub source: String,
    pub is_enabled: bool,
    pub token: String,
}

impl State {
    /// Makes a trigger that is set up already.
    pub fn create_trigger(&mut self, path: (&str, &str), service: &str, source: &str) {
        let (uuid, token) = (self.random_uuid(), self.random_text(64));
        let trigger = Trigger {
            service: service.to_owned(),
            source: source.to_owned(),
            is_enabled: true,
            token,
        };
        self.triggers.add(Place::repository(path), uuid, trigger);
    }
}

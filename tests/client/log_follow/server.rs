//! A server of one log, whose time a test sets.

use quay_api::testing::{RecordedRequest, Response, Sandbox};
use quay_api::types::Timestamp;
use quay_api::{Quay, Result};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, MutexGuard};

const DAY: i64 = 86_400;

/// An entry: its second, its place in the order of writing, and what is seen of it.
type Entry = (i64, u64, String);

#[derive(Default)]
pub struct Log {
    pub now: i64,
    entries: Vec<Entry>,
}

impl Log {
    pub fn write(&mut self, second: i64, tag: impl Into<String>) {
        let place = self.entries.len() as u64;
        self.entries.push((second, place, tag.into()));
    }

    /// Returns the entries that were written, sorted by date.
    pub fn written(&self) -> Vec<(i64, String)> {
        let mut written: Vec<_> = self
            .entries
            .iter()
            .map(|(second, _, tag)| (*second, tag.clone()))
            .collect();
        written.sort();
        written
    }

    /// Responds as Quay does: days in UTC, up to tomorrow by default, 20 per page, newest first.
    fn respond(&self, request: &RecordedRequest) -> Response {
        let day = |name: &str| {
            let day = request.query(name)?.parse::<Timestamp>().ok()?;
            Some(day.unix_seconds())
        };
        let (start, end) = (
            day("starttime").unwrap_or(self.now - DAY),
            day("endtime").unwrap_or(self.now) + DAY,
        );
        if end < start {
            return Response::json(400, &json!({"message": "Bad request"}));
        }
        let mut found: Vec<&Entry> = self
            .entries
            .iter()
            .filter(|(second, ..)| (start..end).contains(second))
            .collect();
        found.sort_by_key(|(second, place, _)| std::cmp::Reverse((*second, *place)));
        if let Some(token) = request.query("next_page") {
            let (second, place) = token.split_once('.').unwrap();
            let first = (
                second.parse::<i64>().unwrap(),
                place.parse::<u64>().unwrap(),
            );
            found.retain(|(second, place, _)| (*second, *place) <= first);
        }
        let rows: Vec<Value> = found
            .iter()
            .take(20)
            .map(|(second, _, tag)| {
                json!({
                    "kind": "push_repo",
                    "datetime": date(*second),
                    "metadata": {"tag": tag, "repo": "web"},
                    "ip": "192.0.2.1",
                    "performer": {"kind": "user", "name": "alice", "is_robot": false},
                })
            })
            .collect();
        let mut body = json!({"start_time": date(start), "end_time": date(end), "logs": rows});
        if let Some((second, place, _)) = found.get(20) {
            body["next_page"] = json!(format!("{second}.{place}"));
        }
        Response::json(200, &body)
    }
}

fn date(second: i64) -> String {
    Timestamp::from_unix_seconds(second).unwrap().to_string()
}

/// A sandbox whose organization `acme` has this log.
pub struct Server {
    pub sandbox: Sandbox,
    log: Arc<Mutex<Log>>,
}

impl Server {
    /// Starts at noon of a day in another year than the caller's.
    pub async fn start() -> Result<Self> {
        let sandbox = Sandbox::start().await?;
        let noon = "2031-03-10T12:00:00Z".parse::<Timestamp>()?;
        let log = Arc::new(Mutex::new(Log {
            now: noon.unix_seconds(),
            ..Log::default()
        }));
        let served = Arc::clone(&log);
        sandbox.respond_with("listOrgLogs", move |request| {
            served.lock().unwrap().respond(request)
        });
        Ok(Self { sandbox, log })
    }

    pub fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap()
    }

    pub fn quay(&self) -> &Quay {
        self.sandbox.quay()
    }

    pub fn logs(&self) -> quay_api::api::LogsHandle {
        self.quay().organization("acme").unwrap().logs()
    }

    /// Writes an entry that is `age` seconds old.
    pub fn write(&self, age: i64, tag: &str) {
        let mut log = self.log();
        let second = log.now - age;
        log.write(second, tag);
    }

    pub fn advance(&self, seconds: i64) {
        self.log().now += seconds;
    }

    /// Returns the days that were requested since the last call, without those of later pages.
    pub fn windows(&self, skipped: usize) -> Vec<(Option<String>, Option<String>)> {
        self.sandbox
            .requests()
            .iter()
            .skip(skipped)
            .filter(|request| request.query("next_page").is_none())
            .map(|request| (request.query("starttime"), request.query("endtime")))
            .collect()
    }
}

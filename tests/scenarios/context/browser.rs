//! The token of a user, created as in a browser: the server gives one only to a session.

use super::{TestApplication, TestError, TestResult, TestUser, skip};
use quay_api::Quay;
use quay_api::types::Secret;
use reqwest::header::{COOKIE, SET_COOKIE};
use serde_json::{Value, json};

/// Signs in and creates a token of an application that the user may administer.
pub async fn token(
    quay: &Quay,
    user: &TestUser,
    application: &TestApplication,
    scopes: &str,
) -> TestResult<Secret> {
    let base = quay.base_url().trim_end_matches('/').to_owned();
    let mut browser = Browser {
        http: reqwest::Client::builder()
            .no_proxy()
            .build()
            .expect("a client"),
        base,
        cookie: String::new(),
        csrf: String::new(),
    };
    let page = browser
        .send(reqwest::Method::GET, "/csrf_token", None)
        .await?;
    browser.csrf = page["csrf_token"].as_str().unwrap_or_default().to_owned();
    let sign_in = json!({ "username": user.name, "password": user.password.expose() });
    let signed_in = browser
        .send(reqwest::Method::POST, "/api/v1/signin", Some(sign_in))
        .await?;
    if signed_in["success"] != true {
        return skip(format!("{} can't sign in: {signed_in}", user.name));
    }
    let path = format!(
        "/api/v1/organization/{}/applications/{}/tokens",
        application.organization, application.client_id
    );
    let body = json!({ "name": user.name, "scope": scopes });
    let created = browser
        .send(reqwest::Method::POST, &path, Some(body))
        .await?;
    match created["token"].as_str() {
        Some(token) => Ok(Secret::from(token)),
        None => skip(format!("{} gets no token: {created}", user.name)),
    }
}

struct Browser {
    http: reqwest::Client,
    base: String,
    cookie: String,
    csrf: String,
}

impl Browser {
    async fn send(
        &mut self,
        method: reqwest::Method,
        path: &str,
        body: Option<Value>,
    ) -> TestResult<Value> {
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        request = request
            .header(COOKIE, &self.cookie)
            .header("x-csrf-token", &self.csrf)
            .header("x-requested-with", "XMLHttpRequest");
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request
            .send()
            .await
            .map_err(|e| TestError::Skipped(format!("{path}: {e}")))?;
        let cookies: Vec<&str> = response
            .headers()
            .get_all(SET_COOKIE)
            .iter()
            .filter_map(|c| c.to_str().ok()?.split(';').next())
            .collect();
        if !cookies.is_empty() {
            self.cookie = cookies.join("; ");
        }
        if let Some(next) = response
            .headers()
            .get("x-next-csrf-token")
            .and_then(|t| t.to_str().ok())
        {
            self.csrf = next.to_owned();
        }
        Ok(response.json().await.unwrap_or_default())
    }
}

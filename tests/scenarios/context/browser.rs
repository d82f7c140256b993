//! The token of a user, created as in a browser: the server gives one only to a session.

use super::{TestApplication, TestError, TestResult, skip};
use quay_api::Quay;
use quay_api::types::Secret;
use reqwest::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Method, Response};
use serde_json::{Value, json};

/// A user who signs in.
pub struct Login<'a> {
    pub name: &'a str,
    pub password: &'a Secret,
}

/// Signs in and creates a token of an application that the user may administer.
pub async fn token(
    quay: &Quay,
    user: &Login<'_>,
    application: &TestApplication,
    scopes: &str,
) -> TestResult<Secret> {
    let mut browser = Browser::sign_in(quay, user).await?;
    let path = format!(
        "/api/v1/organization/{}/applications/{}/tokens",
        application.organization, application.client_id
    );
    let body = json!({ "name": user.name, "scope": scopes });
    let created = browser.json(Method::POST, &path, Some(body)).await?;
    match created["token"].as_str() {
        Some(token) => Ok(Secret::from(token)),
        None => panic!("{} gets no token: {created}", user.name),
    }
}

/// Signs in and authorizes an application, as the web page of servers before 3.18 does. The server
/// redirects the browser to a page whose URL contains the token.
pub async fn authorize(
    quay: &Quay,
    user: &Login<'_>,
    application: &TestApplication,
    scopes: &str,
) -> TestResult<Secret> {
    let mut browser = Browser::sign_in(quay, user).await?;
    let form = [
        ("_csrf_token", browser.csrf.clone()),
        ("response_type", "token".to_owned()),
        ("client_id", application.client_id.clone()),
        ("redirect_uri", format!("{}/oauth/localapp", browser.base)),
        ("scope", scopes.to_owned()),
    ];
    let form = reqwest::Url::parse_with_params(&browser.base, &form).expect("an address");
    let request = browser
        .request(Method::POST, "/oauth/authorizeapp")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(form.query().unwrap_or_default().to_owned());
    let response = browser.send(request).await?;
    let location = response
        .headers()
        .get(LOCATION)
        .and_then(|location| location.to_str().ok())
        .unwrap_or_default();
    let token = location
        .split_once("#access_token=")
        .and_then(|(_, rest)| rest.split('&').next());
    match token {
        Some(token) => Ok(Secret::from(token)),
        None => panic!(
            "{} is not authorized: {}, {location}",
            user.name,
            response.status()
        ),
    }
}

/// Signs in and sets up a trigger of a self-hosted git server, as the web UI does: the API creates
/// none. The server sends the browser to the page of the trigger, which is not activated yet.
pub async fn trigger(quay: &Quay, user: &Login<'_>, repository: &str) -> TestResult<String> {
    let mut browser = Browser::sign_in(quay, user).await?;
    let request = browser.request(Method::GET, &format!("/customtrigger/setup/{repository}"));
    let response = browser.send(request).await?;
    let location = response
        .headers()
        .get(LOCATION)
        .and_then(|location| location.to_str().ok())
        .unwrap_or_default();
    match location.split_once("/trigger/") {
        Some((_, trigger)) => Ok(trigger.to_owned()),
        None => skip(format!(
            "the web UI created no trigger: {}",
            response.status()
        )),
    }
}

struct Browser {
    http: reqwest::Client,
    base: String,
    cookie: String,
    csrf: String,
}

impl Browser {
    async fn sign_in(quay: &Quay, user: &Login<'_>) -> TestResult<Self> {
        let mut browser = Self {
            http: reqwest::Client::builder()
                .no_proxy()
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .expect("a client"),
            base: quay.base_url().trim_end_matches('/').to_owned(),
            cookie: String::new(),
            csrf: String::new(),
        };
        let page = browser.json(Method::GET, "/csrf_token", None).await?;
        browser.csrf = page["csrf_token"].as_str().unwrap_or_default().to_owned();
        let sign_in = json!({ "username": user.name, "password": user.password.expose() });
        let signed_in = browser
            .json(Method::POST, "/api/v1/signin", Some(sign_in))
            .await?;
        match signed_in["success"] == true {
            true => Ok(browser),
            false => skip(format!("{} can't sign in: {signed_in}", user.name)),
        }
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.http
            .request(method, format!("{}{path}", self.base))
            .header(COOKIE, &self.cookie)
            .header("x-csrf-token", &self.csrf)
            .header("x-requested-with", "XMLHttpRequest")
    }

    async fn json(&mut self, method: Method, path: &str, body: Option<Value>) -> TestResult<Value> {
        let mut request = self.request(method, path);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = self.send(request).await?;
        Ok(response.json().await.unwrap_or_default())
    }

    async fn send(&mut self, request: reqwest::RequestBuilder) -> TestResult<Response> {
        let response = request
            .send()
            .await
            .map_err(|e| TestError::Skipped(format!("the web UI: {e}")))?;
        let headers = response.headers();
        let cookies: Vec<&str> = headers
            .get_all(SET_COOKIE)
            .iter()
            .filter_map(|c| c.to_str().ok()?.split(';').next())
            .collect();
        if !cookies.is_empty() {
            self.cookie = cookies.join("; ");
        }
        let next = headers.get("x-next-csrf-token");
        if let Some(next) = next.and_then(|token| token.to_str().ok()) {
            self.csrf = next.to_owned();
        }
        Ok(response)
    }
}

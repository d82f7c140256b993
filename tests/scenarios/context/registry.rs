//! Pushes a small image through the registry API, because the REST API can't create a manifest.

use super::{TestError, TestResult};
use quay_api::Quay;
use quay_api::types::{Digest, RepositoryName};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, LOCATION, WWW_AUTHENTICATE};
use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// A tar archive without a file in it, compressed: the one layer of every image.
const LAYER: &[u8] = include_bytes!("layer.tar.gz");
const CONFIG: &[u8] = include_bytes!("config.json");

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

/// Pushes an image with labels, whose manifest names the tag, so that each tag has its own digest.
pub async fn push(
    quay: &Quay,
    repository: &RepositoryName,
    tag: &str,
    labels: &[(&str, &str)],
) -> TestResult<Digest> {
    let base = quay.base_url().trim_end_matches('/').to_owned();
    let registry = Registry::sign_in(base, repository).await?;
    let config = configuration(labels);
    let layer_digest = registry.blob(LAYER.to_vec()).await?;
    let (config_size, config_digest) = (config.len(), registry.blob(config).await?);
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": {
            "mediaType": "application/vnd.oci.image.config.v1+json",
            "digest": config_digest,
            "size": config_size,
        },
        "layers": [
            {
                "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",
                "digest": layer_digest,
                "size": LAYER.len(),
            },
        ],
        "annotations": { "scenario.tag": tag },
    });
    let path = format!("/v2/{repository}/manifests/{tag}");
    let response = registry
        .send(
            Method::PUT,
            &path,
            MANIFEST,
            manifest.to_string().into_bytes(),
            StatusCode::CREATED,
        )
        .await?;
    let digest = response
        .headers()
        .get("docker-content-digest")
        .and_then(|d| d.to_str().ok())
        .unwrap_or_default();
    digest
        .parse()
        .map_err(|e| failed("the pushed manifest's digest", e))
}

/// The configuration of an image with labels.
fn configuration(labels: &[(&str, &str)]) -> Vec<u8> {
    if labels.is_empty() {
        return CONFIG.to_vec();
    }
    let mut config: Value = serde_json::from_slice(CONFIG).expect("the configuration is JSON");
    config["config"]["Labels"] = labels
        .iter()
        .map(|(key, value)| ((*key).to_owned(), Value::from(*value)))
        .collect::<serde_json::Map<_, _>>()
        .into();
    config.to_string().into_bytes()
}

struct Registry {
    http: Client,
    base: String,
    name: String,
    token: String,
}

impl Registry {
    /// The superuser's token is valid for the registry too, with a fixed user name.
    async fn sign_in(base: String, repository: &RepositoryName) -> TestResult<Self> {
        let http = Client::new();
        let challenge = http
            .get(format!("{base}/v2/"))
            .send()
            .await
            .map_err(|e| failed("the registry", e))?;
        let challenge = challenge
            .headers()
            .get(WWW_AUTHENTICATE)
            .and_then(|c| c.to_str().ok())
            .unwrap_or_default();
        let service = challenge
            .split("service=\"")
            .nth(1)
            .and_then(|rest| rest.split('"').next())
            .unwrap_or_default();
        let scope = format!("repository:{repository}:pull,push");
        let secret = std::env::var("QUAY_TOKEN").unwrap_or_default();
        let request = http
            .get(format!("{base}/v2/auth"))
            .query(&[("service", service), ("scope", &scope)]);
        let response = request
            .basic_auth("$oauthtoken", Some(secret.trim()))
            .send()
            .await
            .map_err(|e| failed("/v2/auth", e))?;
        let response: Value = response.json().await.map_err(|e| failed("/v2/auth", e))?;
        let Some(token) = response["token"].as_str().map(str::to_owned) else {
            return Err(failed("/v2/auth", response));
        };
        Ok(Self {
            http,
            base,
            name: repository.to_string(),
            token,
        })
    }

    /// Uploads a blob; returns its digest.
    async fn blob(&self, content: Vec<u8>) -> TestResult<String> {
        let hash = Sha256::digest(&content);
        let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        let digest = format!("sha256:{hash}");
        let start = format!("/v2/{}/blobs/uploads/", self.name);
        let started = self
            .send(
                Method::POST,
                &start,
                "application/octet-stream",
                Vec::new(),
                StatusCode::ACCEPTED,
            )
            .await?;
        let location = started
            .headers()
            .get(LOCATION)
            .and_then(|l| l.to_str().ok())
            .unwrap_or_default();
        // The server may use another name for itself than the one in `QUAY_URL`.
        let path = location.find("/v2/").map_or("", |at| &location[at..]);
        let sign = if path.contains('?') { '&' } else { '?' };
        let path = format!("{path}{sign}digest={digest}");
        self.send(
            Method::PUT,
            &path,
            "application/octet-stream",
            content,
            StatusCode::CREATED,
        )
        .await?;
        Ok(digest)
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        kind: &str,
        body: Vec<u8>,
        expected: StatusCode,
    ) -> TestResult<Response> {
        let request = self
            .http
            .request(method, format!("{}{path}", self.base))
            .header(CONTENT_TYPE, kind);
        let request = request
            .header(AUTHORIZATION, format!("Bearer {}", self.token))
            .body(body);
        let response = request.send().await.map_err(|e| failed(path, e))?;
        if response.status() != expected {
            let status = response.status();
            return Err(failed(
                path,
                format!("{status}: {}", response.text().await.unwrap_or_default()),
            ));
        }
        Ok(response)
    }
}

fn failed(what: &str, why: impl std::fmt::Display) -> TestError {
    panic!("the image can't be pushed: {what}: {why}")
}

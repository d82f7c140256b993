//! Serves Swagger UI with `docs/openapi.json` on the loopback interface, and passes calls of the
//! API on to a server: a browser would not send them to another origin.

use crate::command::run;
use crate::openapi;
use crate::sandbox::Sandbox;
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST, HeaderName, USER_AGENT};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use reqwest::Url;
use std::error::Error;
use std::fs;
use std::net::Ipv4Addr;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use tokio::net::TcpListener;

/// The npm package of Swagger UI. Its version is fixed, so that the page stays as it was tried.
const PACKAGE: &str = "swagger-ui-dist@5.35.0";

/// The port that is tried first, so that an address can be kept as a bookmark.
const PORT: u16 = 8090;

/// The headers that a call needs. Cookies stay here: they belong to other servers on this host.
const FORWARDED: [HeaderName; 5] = [
    ACCEPT,
    AUTHORIZATION,
    CONTENT_TYPE,
    USER_AGENT,
    HeaderName::from_static("x-requested-with"),
];

/// The page. The server refuses a GET of a browser with 400 unless it has `X-Requested-With`.
const PAGE: &str = include_str!("../openapi/swagger-ui.html");

struct Site {
    /// The address of the server.
    url: Url,
    client: reqwest::Client,
    /// The files of the page: path, type and content.
    files: Vec<(&'static str, &'static str, Bytes)>,
    port: u16,
}

/// Serves until Ctrl-C. Without a server's address, starts a sandbox.
pub async fn serve(root: &Path, server: Option<&str>) -> Result<(), Box<dyn Error>> {
    let package = root.join("target/swagger-ui");
    install(&package)?;
    let sandbox = match server {
        Some(_) => None,
        None => Some(Sandbox::start(root)?),
    };
    let url = server.or(sandbox.as_ref().map(|s| s.url.as_str()));
    let url = Url::parse(url.unwrap_or_default())?;
    // The token of a sandbox is worth nothing. That of a real server is given on the page.
    let token = serde_json::Value::from(sandbox.as_ref().map(|s| s.token.as_str()));
    let listener = match TcpListener::bind((Ipv4Addr::LOCALHOST, PORT)).await {
        Ok(listener) => listener,
        Err(_) => TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?,
    };
    let mut document: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(openapi::file(root))?)?;
    document["servers"] = serde_json::json!([{"url": "/", "description": url.as_str()}]);
    let installed = |name: &str| {
        fs::read(package.join("node_modules/swagger-ui-dist").join(name)).map(Bytes::from)
    };
    let page = PAGE.replace("TOKEN", &token.to_string());
    let site = Arc::new(Site {
        client: reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()?,
        files: vec![
            ("/", "text/html; charset=utf-8", page.into()),
            (
                "/openapi.json",
                "application/json",
                document.to_string().into(),
            ),
            ("/swagger-ui.css", "text/css", installed("swagger-ui.css")?),
            (
                "/swagger-ui-bundle.js",
                "text/javascript",
                installed("swagger-ui-bundle.js")?,
            ),
        ],
        port: listener.local_addr()?.port(),
        url,
    });
    println!(
        "Swagger UI for {}: http://127.0.0.1:{}/",
        site.url, site.port
    );
    tokio::select! {
        done = accept(listener, &site) => done,
        interrupted = tokio::signal::ctrl_c() => Ok(interrupted?),
    }
}

/// Installs the package from npm, unless it is there.
fn install(folder: &Path) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(folder)?;
    // Its dependency reports installations to its authors with a script.
    run(Command::new("npm")
        .args(["install", "--silent", "--no-audit", "--no-fund"])
        .args(["--ignore-scripts", "--prefix"])
        .arg(folder)
        .arg(PACKAGE))
}

async fn accept(listener: TcpListener, site: &Arc<Site>) -> Result<(), Box<dyn Error>> {
    loop {
        let (stream, _) = listener.accept().await?;
        let site = Arc::clone(site);
        tokio::spawn(async move {
            let service = service_fn(|request| {
                let site = Arc::clone(&site);
                async move { Ok::<_, std::convert::Infallible>(site.respond(request).await) }
            });
            // A browser that hangs up is no concern of the server.
            let _ = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

impl Site {
    async fn respond(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        // Another site could have its name resolve to this host.
        let host = request
            .headers()
            .get(HOST)
            .and_then(|host| host.to_str().ok());
        let own = ["127.0.0.1", "localhost"].map(|name| format!("{name}:{}", self.port));
        if !own.iter().any(|own| host == Some(own)) {
            return response(StatusCode::FORBIDDEN, "text/plain", "unknown host".into());
        }
        let path = request.uri().path();
        if let Some((_, ty, body)) = self.files.iter().find(|(own, ..)| *own == path) {
            return response(StatusCode::OK, ty, body.clone());
        }
        if !path.starts_with("/api/v1/") {
            return response(StatusCode::NOT_FOUND, "text/plain", "not found".into());
        }
        match self.forward(request).await {
            Ok(forwarded) => forwarded,
            Err(error) => {
                let message = format!("{error:?}\n");
                response(StatusCode::BAD_GATEWAY, "text/plain", message.into())
            }
        }
    }

    async fn forward(
        &self,
        request: Request<Incoming>,
    ) -> Result<Response<Full<Bytes>>, Box<dyn Error + Send + Sync>> {
        let (parts, body) = request.into_parts();
        let mut url = self.url.clone();
        url.set_path(parts.uri.path());
        url.set_query(parts.uri.query());
        let mut call = self.client.request(parts.method, url);
        for name in FORWARDED {
            if let Some(value) = parts.headers.get(&name) {
                call = call.header(name, value);
            }
        }
        let body = body.collect().await?.to_bytes();
        let received = call.body(body).send().await?;
        let mut forwarded = Response::builder().status(received.status());
        if let Some(ty) = received.headers().get(CONTENT_TYPE) {
            forwarded = forwarded.header(CONTENT_TYPE, ty);
        }
        Ok(forwarded.body(Full::new(received.bytes().await?))?)
    }
}

fn response(status: StatusCode, ty: &str, body: Bytes) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = status;
    if let Ok(ty) = ty.parse() {
        response.headers_mut().insert(CONTENT_TYPE, ty);
    }
    response
}

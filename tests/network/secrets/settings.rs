//! Valid and invalid settings that contain secrets.

use super::drive::{client, show, show_result};
use super::{PASSWORD, PROXY, TOKEN};
use quay_api::Quay;
use quay_api::types::Secret;

/// Uses valid and invalid settings.
pub async fn settings() {
    let with_proxy = format!("http://someone:{PROXY}@127.0.0.1:9");
    let builder = client(format!("https://me:{PASSWORD}@quay.io"))
        .proxy(with_proxy.as_str())
        .user_agent("tests")
        .default_header("x-password", PASSWORD);
    show(&builder);
    show_result(builder.build());
    let quay = client("https://quay.example.com")
        .proxy(with_proxy.as_str())
        .build();
    show(quay.as_ref().map(Quay::base_url));
    show_result(quay);
    for token in [
        format!("{TOKEN}\n{TOKEN}"),
        format!("{TOKEN}é"),
        format!("{TOKEN} x"),
        format!("{TOKEN}\0"),
    ] {
        show_result(client("https://quay.io").token(token.as_str()).build());
        show(Secret::from(token.as_str()));
        let source = move || std::future::ready(Ok(Secret::from(token.as_str())));
        let quay = client("http://127.0.0.1:9")
            .token_from(source)
            .build()
            .expect("a client");
        show(&quay);
        show_result(quay.me().get().await);
    }
    for proxy in [
        format!("::{PROXY}::"),
        format!("ftp://x:{PROXY}@host"),
        format!("http://x:{PROXY}@"),
        format!("socks5://x:{PROXY}@host"),
        format!("http:/{PROXY}"),
        format!("http://x:1/{PROXY}@host"),
        format!("http://host:1/?{PROXY}"),
        format!("http://x:{PROXY}@proxy.example.com"),
        PROXY.to_owned() + " ",
        format!("{PROXY}:{PROXY}"),
    ] {
        for url in ["https://quay.io", "http://127.0.0.1:9"] {
            show_result(client(url).proxy(proxy.as_str()).build());
        }
    }
    for url in [
        format!("http://x:{PASSWORD}@quay.io"),
        format!("x:{PASSWORD}@quay.io"),
        format!("https://{PASSWORD}@quay.io:port"),
        format!("https://quay.io/?token={PASSWORD}"),
        format!("https://quay.io/#{PASSWORD}"),
        format!("https://quay.io:{PASSWORD}"),
        format!("https://quay.io/{PASSWORD}/../x"),
        format!("https:/{PASSWORD}"),
        format!("ftp://{PASSWORD}"),
        PASSWORD.to_owned(),
        format!("Bearer {PASSWORD}"),
    ] {
        show_result(client(url).build());
    }
    for name in ["authorization", "x-password\n", PASSWORD, "x-proxy"] {
        for value in [
            format!("Bearer {TOKEN}"),
            format!("{PASSWORD}\n"),
            format!(" {PROXY}"),
        ] {
            show_result(
                client("https://quay.io")
                    .default_header(name, value)
                    .build(),
            );
        }
    }
    other_places();
    let folder = std::env::temp_dir().join(format!("quay-api-secrets-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    for text in [
        TOKEN.to_owned(),
        format!("{TOKEN}\n{TOKEN}"),
        format!("{TOKEN}\u{fffd}"),
    ] {
        let file = folder.join("token");
        std::fs::write(&file, text).expect("a file");
        show_result(client("https://quay.io").token_file(&file).build());
    }
    std::fs::remove_dir_all(&folder).expect("the folder");
}

/// Secrets in the wrong place: a token instead of a path, a method or the name of a program.
fn other_places() {
    show_result(client("https://quay.io").token_file(TOKEN).build());
    show_result(
        client("https://quay.io")
            .user_agent(format!("{TOKEN}\n"))
            .build(),
    );
    let pem = format!("-----BEGIN CERTIFICATE-----\n{TOKEN}\n-----END CERTIFICATE-----\n");
    for certificate in [TOKEN, pem.as_str()] {
        show_result(
            client("https://quay.io")
                .root_certificate(certificate)
                .build(),
        );
    }
    let quay = client("https://quay.io").build().expect("a client");
    show_result(quay.request(&format!("{TOKEN} x"), "/x").map(drop));
    for path in [
        format!("/x?token={PASSWORD}"),
        format!("/x#{PASSWORD}"),
        format!("https://x:{PASSWORD}@quay.io/x"),
        format!("/{PASSWORD}/../x"),
        format!("/{PASSWORD}\\"),
        PASSWORD.to_owned(),
    ] {
        show_result(quay.request("GET", path).map(drop));
    }
    let request = quay.request("POST", format!("/{PASSWORD}"));
    show(request.map(|request| request.query("x", PASSWORD).json(&PASSWORD)));
}

//! The credentials of a robot account in the format of container tools and Kubernetes.

use super::expose::is_redacted;
use super::{Exposed, InvalidValue, RobotAccount, Secret};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

/// The credentials for one registry in the format of `~/.docker/config.json`.
///
/// docker, podman, skopeo and Kubernetes read this format: [`RobotAccount::docker_config`],
/// [`RobotToken::docker_config`]. Other tokens can be used as the password too: an app-specific
/// token with the user name `$app`, an OAuth token with `$oauthtoken`.
///
/// [`to_json`](Self::to_json) writes the secrets. `Debug` and serde redact them, as for every
/// [`Secret`].
///
/// [`RobotToken::docker_config`]: super::RobotToken::docker_config
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DockerConfig {
    host: String,
    user: String,
    password: Secret,
}

impl DockerConfig {
    /// Creates the credentials for a registry, such as `quay.io` or `quay.example.com:8443`.
    ///
    /// # Errors
    ///
    /// Returns an error if the host is empty or is not a host with an optional port, for example if
    /// it contains a scheme, a path or a user. Returns an error if the user name is empty or
    /// contains a colon or a control character, or if the password is empty, contains a control
    /// character, or was redacted when it was serialized.
    ///
    /// # Examples
    ///
    /// ```
    /// use quay_api::types::DockerConfig;
    ///
    /// let config = DockerConfig::new("quay.example.com", "acme+ci", "hunter2")?;
    /// assert_eq!(
    ///     config.to_json().expose(),
    ///     r#"{"auths":{"quay.example.com":{"username":"acme+ci","password":"hunter2","auth":"YWNtZStjaTpodW50ZXIy"}}}"#
    /// );
    /// assert!(!format!("{config:?}").contains("hunter2"));
    /// # Ok::<(), quay_api::types::InvalidValue>(())
    /// ```
    pub fn new(
        host: impl AsRef<str>,
        user: impl Into<String>,
        password: impl Into<Secret>,
    ) -> Result<Self, InvalidValue> {
        let (host, user, password) = (host.as_ref(), user.into(), password.into());
        check_host(host)?;
        let reason = if user.is_empty() {
            "it is empty"
        } else if user.contains(':') {
            "it contains a colon"
        } else if user.contains(char::is_control) {
            "it contains control characters"
        } else if password.expose().is_empty() {
            "its password is empty"
        } else if password.expose().contains(char::is_control) {
            "its password contains control characters, such as a line break"
        } else if is_redacted(password.expose()) {
            "its password was redacted when it was serialized, and can't be restored"
        } else {
            return Ok(Self {
                host: host.to_owned(),
                user,
                password,
            });
        };
        Err(InvalidValue::new("user of the registry", &user, reason))
    }

    /// Returns the host of the registry, with its port if it has one.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Returns the user name.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// Returns the content of the file, including its secrets.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn example(config: quay_api::types::DockerConfig) -> std::io::Result<()> {
    /// std::fs::write("config.json", config.to_json().expose())?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn to_json(&self) -> Secret {
        json_of(self)
    }

    /// Returns a Kubernetes secret with which a cluster pulls images from the registry.
    ///
    /// Its type is `kubernetes.io/dockerconfigjson`. A pod lists its name in `imagePullSecrets`.
    ///
    /// # Errors
    ///
    /// Returns an error if Kubernetes would reject the name (lower case letters, digits, `-` and
    /// `.`, at most 253 characters) or the namespace (the same without `.`, at most 63 characters).
    ///
    /// # Examples
    ///
    /// ```
    /// use quay_api::types::DockerConfig;
    ///
    /// let config = DockerConfig::new("quay.example.com", "acme+ci", "hunter2")?;
    /// let secret = config.pull_secret("acme-ci", "production")?;
    /// let manifest: serde_json::Value = serde_json::from_str(secret.to_json().expose()).unwrap();
    /// assert_eq!(manifest["type"], "kubernetes.io/dockerconfigjson");
    /// assert_eq!(manifest["metadata"]["namespace"], "production");
    /// # Ok::<(), quay_api::types::InvalidValue>(())
    /// ```
    pub fn pull_secret(
        &self,
        name: impl Into<String>,
        namespace: impl Into<String>,
    ) -> Result<PullSecret, InvalidValue> {
        let (name, namespace) = (name.into(), namespace.into());
        check_subdomain("name of the Kubernetes secret", &name)?;
        check_label("Kubernetes namespace", &namespace)?;
        Ok(PullSecret {
            name,
            namespace,
            config: self.clone(),
        })
    }
}

impl Serialize for DockerConfig {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Login<'a> {
            username: &'a str,
            password: &'a Secret,
            auth: Secret,
        }
        struct Auths<'a>(&'a DockerConfig);
        impl Serialize for Auths<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let DockerConfig {
                    host,
                    user,
                    password,
                } = self.0;
                let credentials = format!("{user}:{}", password.expose());
                let login = Login {
                    username: user,
                    password,
                    auth: BASE64_STANDARD.encode(credentials.as_bytes()).into(),
                };
                let mut auths = serializer.serialize_map(Some(1))?;
                auths.serialize_entry(host, &login)?;
                auths.end()
            }
        }
        let mut config = serializer.serialize_map(Some(1))?;
        config.serialize_entry("auths", &Auths(self))?;
        config.end()
    }
}

/// A Kubernetes secret with which a cluster pulls images: [`DockerConfig::pull_secret`].
///
/// [`to_json`](Self::to_json) writes the manifest including its secrets. `Debug` and serde redact
/// them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PullSecret {
    name: String,
    namespace: String,
    config: DockerConfig,
}

impl PullSecret {
    /// Returns the name of the secret.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the namespace of the secret.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// Returns the manifest, including its secrets, in the format of `kubectl apply --filename -`
    /// and of the Kubernetes API.
    pub fn to_json(&self) -> Secret {
        json_of(self)
    }
}

impl Serialize for PullSecret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Manifest<'a> {
            api_version: &'a str,
            kind: &'a str,
            metadata: Metadata<'a>,
            #[serde(rename = "type")]
            ty: &'a str,
            data: Data,
        }
        #[derive(Serialize)]
        struct Metadata<'a> {
            name: &'a str,
            namespace: &'a str,
        }
        #[derive(Serialize)]
        struct Data {
            #[serde(rename = ".dockerconfigjson")]
            config: Secret,
        }
        let config = BASE64_STANDARD.encode(self.config.to_json().expose().as_bytes());
        let manifest = Manifest {
            api_version: "v1",
            kind: "Secret",
            metadata: Metadata {
                name: &self.name,
                namespace: &self.namespace,
            },
            ty: "kubernetes.io/dockerconfigjson",
            data: Data {
                config: config.into(),
            },
        };
        manifest.serialize(serializer)
    }
}

impl RobotAccount {
    /// Returns the robot account's credentials in the format of container tools and Kubernetes.
    ///
    /// For most servers, [`Quay::registry_host`](crate::Quay::registry_host) is the right host.
    ///
    /// # Errors
    ///
    /// Returns an error if the row has no token, because the token was not requested or the caller
    /// may not see it. Returns the errors of [`DockerConfig::new`].
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let robot = quay.organization("acme")?.robot("ci")?.get().await?;
    /// let config = robot.docker_config(quay.registry_host())?;
    /// let secret = config.pull_secret("acme-ci", "production")?;
    /// print!("{}", secret.to_json().expose());
    /// # Ok(())
    /// # }
    /// ```
    pub fn docker_config(&self, host: impl AsRef<str>) -> Result<DockerConfig, InvalidValue> {
        let name = self.name.as_str();
        match &self.token {
            Some(token) => DockerConfig::new(host, name, token.clone()),
            None => Err(InvalidValue::incomplete(
                "robot account",
                name,
                "has no token in this row: read it by its name, as an administrator",
            )),
        }
    }
}

/// Serializes a value including its secrets.
fn json_of(value: &impl Serialize) -> Secret {
    // This does not fail: keys are strings, and a redacted password was rejected before.
    let json = serde_json::to_string(&Exposed(value));
    json.unwrap_or_default().into()
}

/// Checks a host with an optional port. The error does not show what could be a password.
fn check_host(host: &str) -> Result<(), InvalidValue> {
    let invalid =
        |shown: &str, reason: &str| Err(InvalidValue::new("host of the registry", shown, reason));
    if host.contains('@') {
        return invalid("…", "it must not contain a user name or password");
    }
    if host.contains("://") {
        return invalid(host, "it must not contain a scheme");
    }
    if host.contains('/') {
        return invalid(host, "it must not contain a path");
    }
    let url = url::Url::parse(&format!("https://{host}"));
    let same = url.as_ref().is_ok_and(|url| {
        let written = host.to_ascii_lowercase();
        let written = written.strip_suffix(":443").unwrap_or(&written);
        let port = url.port().map(|port| format!(":{port}"));
        let parsed = format!(
            "{}{}",
            url.host_str().unwrap_or_default(),
            port.unwrap_or_default()
        );
        parsed == written
    });
    match same {
        true => Ok(()),
        false => invalid(
            host,
            "it is not a host name or address with an optional port",
        ),
    }
}

/// Checks a label of RFC 1123: at most 63 lower case letters, digits and `-`.
fn check_label(kind: &'static str, label: &str) -> Result<(), InvalidValue> {
    let is_inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    let has_edges = !label.starts_with('-') && !label.ends_with('-');
    match (1..=63).contains(&label.len()) && label.bytes().all(is_inner) && has_edges {
        true => Ok(()),
        false => Err(InvalidValue::new(
            kind,
            label,
            "it must have 1 to 63 lower case letters, digits and `-`, and begin and end with a \
             letter or digit",
        )),
    }
}

/// Checks a subdomain of RFC 1123: labels separated by dots.
fn check_subdomain(kind: &'static str, name: &str) -> Result<(), InvalidValue> {
    let is_label = |part: &str| {
        let is_edge = |b: Option<u8>| b.is_some_and(|b| b != b'-');
        is_edge(part.bytes().next()) && is_edge(part.bytes().next_back())
    };
    let is_inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-.".contains(&b);
    match name.len() <= 253 && name.bytes().all(is_inner) && name.split('.').all(is_label) {
        true => Ok(()),
        false => Err(InvalidValue::new(
            kind,
            name,
            "it must have 1 to 253 lower case letters, digits, `-` and `.`, and each part between \
             dots must begin and end with a letter or digit",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_hosts_with_an_optional_port_only() {
        for host in [
            "quay.io",
            "QUAY.example.com",
            "quay.example.com:8443",
            "quay.example.com:443",
            "127.0.0.1:8080",
            "[::1]:8080",
            "localhost",
        ] {
            assert_eq!(check_host(host), Ok(()), "{host}");
        }
        for host in [
            "",
            " quay.io",
            "https://quay.io",
            "quay.io/acme",
            "quay.io/",
            "quay.io:",
            "quay.io:http",
            "quay.io:99999",
            "quay.io?x",
            "quay.io#x",
            "a b",
            "quay\n.io",
            "quay\t.io",
            "quay.io\\",
        ] {
            assert!(check_host(host).is_err(), "{host:?}");
        }
        let error = check_host("alice:hunter2@quay.io").unwrap_err().to_string();
        assert!(!error.contains("hunter2"), "{error}");
    }

    #[test]
    fn checks_names_as_kubernetes_does() -> Result<(), InvalidValue> {
        let config = DockerConfig::new("quay.io", "acme+ci", "hunter2")?;
        assert!(config.pull_secret("acme-ci.pull.v1", "prod-1").is_ok());
        for (name, namespace) in [
            ("", "a"),
            ("a", ""),
            ("Acme", "a"),
            ("a", "A"),
            ("acme+ci", "a"),
            ("a", "a.b"),
            ("a..b", "a"),
            ("-a", "a"),
            ("a-", "a"),
            ("a", "-a"),
            (&"a".repeat(254), "a"),
            ("a", &"a".repeat(64)),
        ] {
            assert!(
                config.pull_secret(name, namespace).is_err(),
                "{name} {namespace}"
            );
        }
        Ok(())
    }

    #[test]
    fn shows_its_secrets_on_request_only() -> Result<(), InvalidValue> {
        let config = DockerConfig::new("quay.io", "acme+ci", "hunter2")?;
        let secret = config.pull_secret("ci", "prod")?;
        let hidden = [
            format!("{config:?} {secret:?} {config:#?} {secret:#?}"),
            serde_json::to_string(&config).unwrap_or_default(),
            serde_json::to_string(&secret).unwrap_or_default(),
        ];
        let encoded = BASE64_STANDARD.encode(b"acme+ci:hunter2");
        for text in &hidden {
            assert!(!text.is_empty());
            assert!(
                !text.contains("hunter2") && !text.contains(&encoded),
                "{text}"
            );
            assert!(!text.contains("eyJhdXRocyI6"), "{text}");
        }
        for (user, password) in [
            ("", "x"),
            ("a:b", "x"),
            ("a\n", "x"),
            ("a", ""),
            ("a", "***redacted***"),
        ] {
            let error = DockerConfig::new("quay.io", user, password);
            assert!(error.is_err(), "{user:?}");
        }
        Ok(())
    }
}

//! Tokens of identities that may act as a robot account.

use crate::testing::state::State;
use crate::testing::state::access::Caller;
use crate::testing::state::error::StateError;
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use serde_json::{Value, json};

/// The lifetime of a token that was issued for an identity, in seconds.
const LIFETIME: i64 = 60 * 60;

impl State {
    /// Issues a short-lived token of a robot account in exchange for an identity token.
    ///
    /// Issuer, subject and times are verified, and, unlike on a server, the signature is not.
    pub fn exchange_identity_token(
        &mut self,
        robot: &str,
        identity_token: &str,
    ) -> Result<String, StateError> {
        let now = self.now().unix_seconds();
        let robot = self.robots.get(robot).ok_or(StateError::NoSuchRobot)?;
        let claims = claims(identity_token).ok_or(StateError::MalformedIdentityToken)?;
        let claim = |name: &str| claims.get(name).and_then(Value::as_str);
        let issuer = claim("iss").ok_or(StateError::IdentityWithoutIssuer)?;
        if robot.federation.is_empty() {
            return Err(StateError::NotFederated);
        }
        let mut of_issuer = robot.federation.iter().filter(|i| i.issuer == issuer);
        if !of_issuer.clone().any(|_| true) {
            return Err(StateError::UnknownIssuer(issuer.to_owned()));
        }
        let time = |name: &str| claims.get(name).and_then(Value::as_i64);
        match time("exp") {
            None => {
                let reason = "Token is missing the \"exp\" claim";
                return Err(StateError::IdentityTokenRefused(reason));
            }
            Some(expires) if expires <= now => {
                return Err(StateError::IdentityTokenRefused("Signature has expired"));
            }
            Some(_) => {}
        }
        let subject = claim("sub").unwrap_or_default();
        if !of_issuer.any(|identity| identity.subject == subject) {
            return Err(StateError::UnknownSubject);
        }
        let (namespace, short) = (robot.namespace().to_owned(), robot.short_name().to_owned());
        let token = unsigned(&json!({
            "iss": "quay", "aud": self.host, "sub": robot.name, "access": [], "context": {},
            "nbf": now, "iat": now, "exp": now + LIFETIME,
        }));
        let metadata = json!({"subject": subject, "issuer": issuer, "robot": short});
        let kind = "federated_robot_token_exchange";
        self.log(&Caller::default(), kind, &namespace, None, metadata);
        Ok(token)
    }
}

/// Returns the claims of a JWT.
fn claims(token: &str) -> Option<Value> {
    let parts: Vec<&str> = token.split('.').collect();
    let [header, claims, _] = parts[..] else {
        return None;
    };
    let object = |part: &str| -> Option<Value> {
        let value: Value =
            serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(part).ok()?).ok()?;
        value.is_object().then_some(value)
    };
    object(header)?;
    object(claims)
}

/// Returns a JWT without a signature.
pub fn unsigned(claims: &Value) -> String {
    let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let header = json!({"alg": "none", "typ": "JWT"});
    format!("{}.{}.", part(&header), part(claims))
}

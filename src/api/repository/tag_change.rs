//! The requests that change a tag.
//!
//! Quay accepts several changes in one request, but loses some of them.

use crate::api::TagHandle;
use crate::api::shared::missing;
use crate::generated::params;
use crate::types::{Clearable, Digest, Tag, Timestamp, UpdateTag};
use crate::{Error, ErrorKind, Result};
use std::time::Duration;

/// The longest time from pointing a tag at its manifest to its expiration, on a server with the
/// default `LABELED_EXPIRATION_MAXIMUM`.
const MAX_LIFETIME: Duration = Duration::from_secs(104 * 7 * 86_400);

impl TagHandle {
    /// Sends the parts of a change in an order in which none undoes another.
    pub(super) async fn apply(&self, change: UpdateTag) -> Result<()> {
        let expiration = check(&change)?;
        let moves = !change.manifest_digest.is_keep();
        let mut done = Done::default();
        // An immutable tag can't be moved, and some servers do not let it expire.
        if change.immutable == Some(false)
            && (!moves || self.get_opt().await?.is_some_and(|tag| is_immutable(&tag)))
        {
            self.send(&UpdateTag::new().immutable(false)).await?;
            done.add("the tag was made mutable");
        }
        if let Clearable::Set(digest) = &change.manifest_digest {
            let step = UpdateTag::new().manifest_digest(digest.as_str());
            let moved = self.send(&step).await;
            done.then(moved.map_err(|error| self.explain_missing(error, digest)))?;
            done.add(&format!("the tag was pointed at {digest}"));
            // A policy may have made the new version immutable.
            if change.immutable == Some(false) {
                done.then(self.send(&UpdateTag::new().immutable(false)).await)?;
            }
        }
        match expiration {
            Clearable::Keep => {}
            Clearable::Clear => {
                done.then(self.send(&UpdateTag::new().clear_expiration()).await)?;
                done.add("its expiration was removed");
            }
            Clearable::Set(moment) => {
                done.then(self.send_expiration(moment).await)?;
                done.add("its expiration was changed");
            }
        }
        if change.immutable == Some(true) {
            done.then(self.send(&UpdateTag::new().immutable(true)).await)?;
        }
        if let (Clearable::Keep | Clearable::Clear, None) = (&expiration, change.immutable) {
            return Ok(());
        }
        let tag = self.get_opt().await.map_err(Error::after_a_write)?;
        let tag = tag.ok_or_else(|| self.no_such_tag().after_a_write())?;
        verify(&tag, expiration, change.immutable).map_err(|error| {
            let values = [
                ("repository", self.repository.as_str()),
                ("tag", &*self.tag),
            ];
            error.with_response_to("changeTag", &values)
        })
    }

    async fn send(&self, change: &UpdateTag) -> Result<()> {
        self.quay
            .send(self.quay.api().change_tag(params::ChangeTag {
                repository: self.repository.as_str(),
                tag: &self.tag,
                body: change,
            }))
            .await
    }

    async fn send_expiration(&self, moment: Timestamp) -> Result<()> {
        let tag = self.get_opt().await?.ok_or_else(|| self.no_such_tag())?;
        let latest = tag
            .start_ts
            .and_then(|start| start.checked_add(MAX_LIFETIME));
        if let Some(latest) = latest.filter(|latest| *latest <= Timestamp::now()) {
            return Err(Error::new(
                ErrorKind::Conflict,
                format!(
                    "the tag would expire immediately: the server moves an expiration to at most \
                     104 weeks after the tag was pointed at its manifest, here {latest}; point the tag \
                     at the manifest again first"
                ),
            ));
        }
        let change = UpdateTag::new().expires_at(moment);
        let result = self.send(&change).await;
        result.map_err(|error| match error.kind() {
            // Some servers respond with status 500 if an immutable tag may not expire.
            ErrorKind::Server if is_immutable(&tag) => Error::new(
                ErrorKind::TagImmutable,
                "the server does not allow an expiration for an immutable tag",
            )
            .with_subject_of(&error)
            .with_source(error),
            _ => error,
        })
    }

    /// Replaces the message of a 404 for a request that points the tag at a manifest. The server
    /// does not say what is missing. A missing tag is created, so it can't be meant.
    pub(super) fn explain_missing(&self, error: Error, manifest: &str) -> Error {
        if error.kind() != ErrorKind::NotFound {
            return error;
        }
        let repository = &self.repository;
        error.into_missing_object(&format!(
            "there is no manifest {manifest} in {repository}, or no such repository"
        ))
    }

    pub(super) fn no_such_tag(&self) -> Error {
        missing(&format!("tag {} in {}", self.tag, self.repository))
            .with_response_to("listRepoTags", &[("repository", self.repository.as_str())])
    }
}

/// The steps that were done, which the error of a later step names.
#[derive(Default)]
struct Done(String);

impl Done {
    fn add(&mut self, step: &str) {
        if !self.0.is_empty() {
            self.0.push_str(", ");
        }
        self.0.push_str(step);
    }

    fn then(&self, result: Result<()>) -> Result<()> {
        result.map_err(|error| error.after(&self.0))
    }
}

fn is_immutable(tag: &Tag) -> bool {
    tag.immutable == Some(true)
}

/// Checks a change before anything is sent, and returns the new expiration.
fn check(change: &UpdateTag) -> Result<Clearable<Timestamp>> {
    match &change.manifest_digest {
        Clearable::Keep => {}
        Clearable::Clear => {
            return Err(Error::invalid_input(
                "a tag must point at a manifest; to remove the tag, delete it",
            ));
        }
        Clearable::Set(digest) => {
            digest.parse::<Digest>()?;
        }
    }
    if change.manifest_digest.is_keep() && change.expiration.is_keep() && change.immutable.is_none()
    {
        return Err(Error::invalid_input(
            "a change of a tag must set a manifest, an expiration or immutability",
        ));
    }
    match change.expiration {
        Clearable::Keep => Ok(Clearable::Keep),
        Clearable::Clear => Ok(Clearable::Clear),
        Clearable::Set(seconds) => check_expiration(seconds).map(Clearable::Set),
    }
}

/// Checks that an expiration is in the future, since servers reject other times or respond with
/// status 500. Fractions of a second are dropped, as the server does.
fn check_expiration(seconds: f64) -> Result<Timestamp> {
    // The conversion saturates, and turns NaN into zero.
    let moment = Timestamp::from_unix_seconds(seconds.floor() as i64);
    match moment {
        Some(moment) if moment > Timestamp::now() => Ok(moment),
        Some(past) => Err(Error::invalid_input(format!(
            "the expiration of a tag must be in the future, got {past}"
        ))),
        None => Err(Error::invalid_input(format!(
            "the expiration of a tag must be a number of seconds since 1970, got {seconds}"
        ))),
    }
}

/// Compares a tag with the requested change.
fn verify(tag: &Tag, expiration: Clearable<Timestamp>, immutable: Option<bool>) -> Result<()> {
    if let Clearable::Set(asked) = expiration {
        let stored = tag.end_ts.or(tag.expiration);
        if stored != Some(asked) {
            let stored = stored.map_or_else(|| "none".to_owned(), |stored| stored.to_string());
            return Err(Error::new(
                ErrorKind::Conflict,
                format!(
                    "the server stored the expiration {stored} instead of {asked}: by default, an \
                     expiration is at least one hour and at most 104 weeks after the tag was \
                     pointed at its manifest"
                ),
            )
            .after_a_write());
        }
    }
    match (immutable, tag.immutable) {
        (Some(true), None) => Err(Error::new(
            ErrorKind::FeatureDisabled,
            "the server ignored `immutable`: it does not support immutable tags",
        )
        .after_a_write()),
        (Some(asked), Some(stored)) if asked != stored => Err(Error::new(
            ErrorKind::Conflict,
            format!(
                "the tag is {} although the server reported success",
                match stored {
                    true => "immutable",
                    false => "not immutable",
                }
            ),
        )
        .after_a_write()),
        _ => Ok(()),
    }
}

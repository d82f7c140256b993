//! Messages that all users see.

use crate::api::shared::{missing, outcome, path_segment};
use crate::pagination::{Listing, SinglePage};
use crate::types::{CreateMessage, Message, NewMessage};
use crate::{Error, Quay, Result};
use std::sync::Arc;

/// The handle of the messages that the web UI shows to all users: [`Quay::messages`].
#[derive(Debug, Clone)]
pub struct MessagesHandle {
    pub(crate) quay: Quay,
}

impl MessagesHandle {
    /// Lists the messages that the web UI shows to all users.
    ///
    /// Scope: none. Endpoint: `GET /api/v1/messages`. The response is not paged.
    /// Operation: `getGlobalMessages`.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let messages = quay.messages().list().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "getGlobalMessages")]
    #[inline]
    pub fn list(&self) -> Listing<SinglePage<Message>> {
        Listing::single_page(
            &self.quay,
            self.quay.api().get_global_messages(),
            |response| response.messages,
        )
    }

    /// Creates a message.
    ///
    /// The server's response does not contain its identifier. The listing does not identify the new
    /// message either, since several messages can have the same text.
    ///
    /// Scope: `super:user`. Endpoint: `POST /api/v1/messages`.
    /// Operation: `createGlobalMessage`. Feature: `FEATURE_SUPER_USERS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_forbidden`](crate::Error::is_forbidden) is true if the
    /// caller is not a superuser, and an error for which
    /// [`is_invalid_request`](crate::Error::is_invalid_request) is true if the server rejects the
    /// message.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::{MessageMediaType, MessageSeverity, NewMessage};
    ///
    /// let message = NewMessage::new(
    ///     "Down on Sunday",
    ///     MessageMediaType::TextPlain,
    ///     MessageSeverity::Warning,
    /// );
    /// quay.messages().create(message).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "create message")]
    #[doc(alias = "createGlobalMessage")]
    pub async fn create(&self, message: NewMessage) -> Result<()> {
        let body = CreateMessage::new().message(message);
        self.quay
            .send(self.quay.api().create_global_message(&body))
            .await
    }
}

/// The handle of one message that the web UI shows to all users: [`Quay::message`].
#[derive(Debug, Clone)]
pub struct MessageHandle {
    quay: Quay,
    uuid: Arc<str>,
}

impl MessageHandle {
    /// Creates the handle of one of these messages.
    pub(crate) fn new(messages: MessagesHandle, uuid: &str) -> Result<Self> {
        Ok(Self {
            quay: messages.quay,
            uuid: path_segment("message identifier", uuid)?,
        })
    }

    /// Returns the identifier of the message.
    pub fn uuid(&self) -> &str {
        &self.uuid
    }

    /// Reads the message.
    ///
    /// The method searches the list, since the server has no operation that reads one message.
    ///
    /// Scope: none. Endpoint: `GET /api/v1/messages`.
    /// Operation: `getGlobalMessages`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// message does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let message = quay.message("20c7409a-c1ce-4f64-b938-ce0d5f158440")?.get().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get message")]
    #[doc(alias = "getGlobalMessages")]
    pub async fn get(&self) -> Result<Message> {
        self.get_opt().await?.ok_or_else(|| self.not_found())
    }

    /// Reads the message, or returns `None` if it does not exist.
    ///
    /// Scope and endpoint: as for [`get`](Self::get).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`get`](Self::get) other than "not found".
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let found = quay.message("20c7409a-c1ce-4f64-b938-ce0d5f158440")?.get_opt().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self) -> Result<Option<Message>> {
        let messages = MessagesHandle {
            quay: self.quay.clone(),
        };
        let mut listed = messages.list().await?.into_iter();
        Ok(listed.find(|message| *message.uuid == *self.uuid))
    }

    /// Deletes the message.
    ///
    /// The method lists the messages first, since the server also acknowledges the deletion of a
    /// message that does not exist.
    ///
    /// Scope: `super:user`. Endpoints: `GET /api/v1/messages`, `DELETE /api/v1/message/{uuid}`.
    /// Operations: `getGlobalMessages`, `deleteGlobalMessage`. Feature: `FEATURE_SUPER_USERS`
    /// (`/api/v1/message/{uuid}`).
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// message does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.message("20c7409a-c1ce-4f64-b938-ce0d5f158440")?.delete().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "delete message")]
    #[doc(alias = "getGlobalMessages")]
    #[doc(alias = "deleteGlobalMessage")]
    pub async fn delete(&self) -> Result<()> {
        match self.delete_if_exists().await? {
            true => Ok(()),
            false => Err(self.not_found()),
        }
    }

    /// Deletes the message if it exists, and returns true if it existed.
    ///
    /// The method reads before it writes: see [what is certain](crate::api#what-is-certain).
    ///
    /// Scope and endpoints: as for [`delete`](Self::delete).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`delete`](Self::delete) other than "not found".
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.message("20c7409a-c1ce-4f64-b938-ce0d5f158440")?.delete_if_exists().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_if_exists(&self) -> Result<bool> {
        let request = self.quay.api().delete_global_message(&self.uuid);
        if self.get_opt().await?.is_none() {
            self.quay.check_has(request).await?;
            return Ok(false);
        }
        outcome::deleted(self.quay.send(request).await)
    }

    fn not_found(&self) -> Error {
        missing(&format!("message {}", self.uuid)).with_response_to("getGlobalMessages", &[])
    }
}

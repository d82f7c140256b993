//! Reading many listings concurrently.

use super::list_request::ListRequest;
use super::listing::Listing;
use super::stream::Rows;
use crate::Result;
use futures::stream::{self, BoxStream, StreamExt};
use futures::{FutureExt, Stream, future};
use std::fmt;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};

/// The default number of listings that are read concurrently.
const DEFAULT_CONCURRENCY: usize = 8;

/// The maximum number of listings that are read concurrently.
///
/// Each has two pages in memory, which are about 70 KiB for tags. A client sends fewer requests at
/// the same time by default, so more listings would only wait.
const MAX_CONCURRENCY: usize = 256;

/// Reads a listing for each of many items, several of them concurrently.
///
/// For example, it reads the tags or permissions of all repositories of an organization.
/// [`FanOut::run`] returns a stream of all rows, each with its item. [`FanOut::all`] returns a
/// stream of the items, each with all its rows.
///
/// If a listing fails, the stream yields its error instead of its remaining rows, and the other
/// listings continue. To stop at the first error, drop the stream, which cancels all requests.
///
/// The items may be borrowed, such as `&repositories`.
///
/// The limits of the [`Quay`](crate::Quay) and its clones for concurrent requests and for requests
/// per second ([`max_in_flight`](crate::QuayBuilder::max_in_flight),
/// [`requests_per_second`](crate::QuayBuilder::requests_per_second)) apply to all listings
/// together.
///
/// # Examples
///
/// ```
/// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
/// use futures::StreamExt;
///
/// let repositories = quay.repositories().list().namespace("acme").await?;
/// let mut tags = quay_api::fan_out(&repositories)
///     .concurrency(16)
///     .run(|row| Ok(quay.repository(row)?.tags().list().active()));
/// while let Some((repository, tag)) = tags.next().await {
///     match tag {
///         Ok(tag) => println!("{}:{}", repository.name, tag.name),
///         // Deleted in the meantime: "forbidden" for a caller who does not manage the namespace.
///         Err(error) if error.is_not_found() || error.is_forbidden() => {}
///         Err(error) => eprintln!("{}: {error}", repository.name),
///     }
/// }
/// # Ok(())
/// # }
/// ```
pub fn fan_out<I: IntoIterator>(items: I) -> FanOut<I::IntoIter> {
    FanOut {
        items: items.into_iter(),
        concurrency: DEFAULT_CONCURRENCY,
        is_ordered: false,
    }
}

/// The settings of many listings that are read concurrently, created by [`fan_out`].
#[must_use = "nothing is sent until it is run and read"]
#[derive(Debug, Clone)]
pub struct FanOut<I> {
    items: I,
    concurrency: usize,
    is_ordered: bool,
}

impl<I: Iterator> FanOut<I> {
    /// Sets the number of listings that are read concurrently.
    ///
    /// The default is 8, the maximum is 256. Each listing fetches one page at a time, or as many
    /// as [`Listing::concurrency`](Listing#method.concurrency) allows.
    pub fn concurrency(mut self, listings: usize) -> Self {
        self.concurrency = listings.clamp(1, MAX_CONCURRENCY);
        self
    }

    /// Yields the rows in the order of the items.
    ///
    /// By default, rows are yielded as they arrive: the rows of one item are in order, but those of
    /// different items are mixed. With this setting and [`run`](Self::run), only the first pages of
    /// the listings after the current one are fetched in advance.
    pub fn ordered(mut self) -> Self {
        self.is_ordered = true;
        self
    }

    /// Reads the listing of each item, and yields each row with a clone of its item.
    ///
    /// If `listing` returns an error, for example for an invalid name, the stream yields that error
    /// with the item.
    pub fn run<'a, Q: ListRequest>(
        self,
        listing: impl Fn(&I::Item) -> Result<Listing<Q>> + Send + 'a,
    ) -> FanOutRows<'a, I::Item, Q::Row>
    where
        I: Send + 'a,
        I::Item: Clone + Send + 'a,
    {
        let listings = self.items.map(move |item| {
            let rows = listing(&item).map(Listing::stream);
            (item, rows)
        });
        let rows = match self.is_ordered {
            // Waiting listings are started, so that the first page of the next one is fetched.
            true => stream::iter(listings.map(|(item, rows)| future::ready((item, started(rows)))))
                .buffered(self.concurrency)
                .flat_map(|(item, rows)| with_item(item, rows))
                .boxed(),
            false => stream::iter(listings.map(|(item, rows)| with_item(item, rows).boxed()))
                .flatten_unordered(self.concurrency)
                .boxed(),
        };
        FanOutRows(Exclusive::new(rows))
    }

    /// Reads the listing of each item, and yields each item once, with all its rows or its error.
    ///
    /// If a listing fails, the others continue. Items are yielded when their listing ends, or in
    /// their order if [`ordered`](Self::ordered) is set. They do not have to be `Clone`. All rows
    /// of the items that are being read are in memory.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use futures::StreamExt;
    ///
    /// let repositories = quay.organization("acme")?.repositories().list().await?;
    /// let mut tags = quay_api::fan_out(&repositories)
    ///     .all(|row| Ok(quay.repository(row)?.tags().list().active()));
    /// while let Some((repository, tags)) = tags.next().await {
    ///     match tags {
    ///         Ok(tags) => println!("{}: {} tags", repository.name, tags.len()),
    ///         Err(error) => eprintln!("{}: {error}", repository.name),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn all<'a, Q: ListRequest>(
        self,
        listing: impl Fn(&I::Item) -> Result<Listing<Q>> + Send + 'a,
    ) -> FanOutItems<'a, I::Item, Q::Row>
    where
        I: Send + 'a,
        I::Item: Send + 'a,
    {
        let listings = self.items.map(move |item| {
            let rows = listing(&item).map(Listing::all);
            async move {
                let rows = match rows {
                    Ok(rows) => rows.await,
                    Err(error) => Err(error),
                };
                (item, rows)
            }
        });
        let listings = stream::iter(listings);
        FanOutItems(Exclusive::new(match self.is_ordered {
            true => listings.buffered(self.concurrency).boxed(),
            false => listings.buffer_unordered(self.concurrency).boxed(),
        }))
    }
}

fn started<T: Send + 'static>(rows: Result<Rows<T>>) -> Result<Rows<T>> {
    rows.map(|mut rows| {
        rows.start();
        rows
    })
}

/// Returns the rows of one item, each with a clone of it.
fn with_item<K: Clone, T: Send + 'static>(
    item: K,
    rows: Result<Rows<T>>,
) -> impl Stream<Item = (K, Result<T>)> {
    let rows = match rows {
        Ok(rows) => rows.left_stream(),
        Err(error) => future::ready(Err(error)).into_stream().right_stream(),
    };
    rows.map(move |row| (item.clone(), row))
}

/// A wrapper that makes a stream `Sync`. It is only used through `&mut`, so the mutex is never
/// locked.
struct Exclusive<S>(Mutex<S>);

impl<S> Exclusive<S> {
    fn new(stream: S) -> Self {
        Self(Mutex::new(stream))
    }

    fn get_mut(&mut self) -> &mut S {
        self.0.get_mut().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The items of many listings, each with all its rows or its error, as a [`Stream`]:
/// [`FanOut::all`].
#[must_use = "a stream does nothing until it is polled"]
pub struct FanOutItems<'a, K, T>(Exclusive<BoxStream<'a, (K, Result<Vec<T>>)>>);

impl<K, T> Stream for FanOutItems<'_, K, T> {
    type Item = (K, Result<Vec<T>>);

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.get_mut().poll_next_unpin(cx)
    }
}

impl<K, T> fmt::Debug for FanOutItems<'_, K, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FanOutItems")
    }
}

/// The rows of many listings, each with its item, as a [`Stream`]: [`FanOut::run`].
#[must_use = "a stream does nothing until it is polled"]
pub struct FanOutRows<'a, K, T>(Exclusive<BoxStream<'a, (K, Result<T>)>>);

impl<K, T> Stream for FanOutRows<'_, K, T> {
    type Item = (K, Result<T>);

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.get_mut().poll_next_unpin(cx)
    }
}

impl<K, T> fmt::Debug for FanOutRows<'_, K, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FanOutRows")
    }
}

//! Many listings, read concurrently.

use super::list_request::ListRequest;
use super::listing::Listing;
use super::stream::Rows;
use crate::Result;
use futures::stream::{self, BoxStream, StreamExt};
use futures::{FutureExt, Stream, future};
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

/// The default number of listings that are read concurrently.
const DEFAULT_CONCURRENCY: usize = 8;

/// The most listings that are read concurrently: each takes a task, and memory for some pages.
const MAX_CONCURRENCY: usize = 1_000;

/// Reads a listing for each of many items, several concurrently: all tags of an organization, all
/// permissions of all repositories.
///
/// The stream yields each row with its item. A listing that fails yields its error in place of the
/// rest of its rows, and the others continue: one repository that can't be read does not hide the
/// rest. To stop at the first error, drop the stream; that stops all requests.
///
/// The limits of a [`Quay`](crate::Quay) and its clones on concurrent requests and on requests per
/// second apply. The limit of the fan-out only says how many listings are begun.
///
/// ```
/// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
/// use futures::StreamExt;
///
/// let repositories = quay.repositories().list().namespace("acme").await?;
/// let names = repositories.into_iter().map(|repository| format!("acme/{}", repository.name));
/// let mut tags = quay_api::fan_out(names)
///     .concurrency(16)
///     .run(|name| Ok(quay.repository(name.as_str())?.tags().list().active()));
/// while let Some((name, tag)) = tags.next().await {
///     match tag {
///         Ok(tag) => println!("{name}:{}", tag.name),
///         Err(error) => eprintln!("{name}: {error}"),
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

impl<I> FanOut<I>
where
    I: Iterator + Send + 'static,
    I::Item: Clone + Send + 'static,
{
    /// Sets how many listings are read concurrently, 1,000 at most: eight by default.
    pub fn concurrency(mut self, listings: usize) -> Self {
        self.concurrency = listings.clamp(1, MAX_CONCURRENCY);
        self
    }

    /// Yields the rows in the order of the items. The listings after the current one have begun,
    /// but are no further than their first pages.
    ///
    /// Without it, rows are yielded as they arrive: rows of one item in their order, rows of
    /// different items mixed.
    pub fn ordered(mut self) -> Self {
        self.is_ordered = true;
        self
    }

    /// Reads the listing of each item. If `listing` returns an error, such as for an invalid name,
    /// the stream yields that error with the item.
    pub fn run<'a, Q: ListRequest>(
        self,
        listing: impl Fn(&I::Item) -> Result<Listing<Q>> + Send + 'a,
    ) -> FanOutRows<'a, I::Item, Q::Row> {
        let listings = self.items.map(move |item| {
            let rows = listing(&item).map(Listing::stream);
            (item, rows)
        });
        let rows = match self.is_ordered {
            // Listings that wait are started, so that the next one has its first page already.
            true => stream::iter(listings.map(|(item, rows)| future::ready((item, started(rows)))))
                .buffered(self.concurrency)
                .flat_map(|(item, rows)| with_item(item, rows))
                .boxed(),
            false => stream::iter(listings.map(|(item, rows)| with_item(item, rows).boxed()))
                .flatten_unordered(self.concurrency)
                .boxed(),
        };
        FanOutRows(rows)
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

/// The rows of many listings, each with its item, as a [`Stream`]: [`FanOut::run`].
#[must_use = "a stream does nothing until it is polled"]
pub struct FanOutRows<'a, K, T>(BoxStream<'a, (K, Result<T>)>);

impl<K, T> Stream for FanOutRows<'_, K, T> {
    type Item = (K, Result<T>);

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_next_unpin(cx)
    }
}

impl<K, T> fmt::Debug for FanOutRows<'_, K, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FanOutRows")
    }
}

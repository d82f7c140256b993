//! Listings of many things at once.

use super::list_request::ListRequest;
use super::listing::Listing;
use super::stream::Rows;
use crate::Result;
use futures::stream::{self, BoxStream, StreamExt};
use futures::{FutureExt, Stream, future};
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

/// So many listings are read at once, unless said otherwise.
const CONCURRENCY: usize = 8;

/// Runs a listing for each of many things, several at once: all tags of an organization, all
/// permissions of all repositories.
///
/// The stream gives each row with what it belongs to. A listing that fails gives its error in place
/// of the rest of its rows, and the others go on: one repository that may not be read does not hide
/// the rest. Whoever wants to end at the first error ends there, as with any stream: dropping it
/// stops everything.
///
/// How many requests all clones of a [`Quay`](crate::Quay) have under way at once, and send in a
/// second, are settings of the client; a fan-out keeps to them like everything else, and its own
/// limit only says how many listings are begun.
///
/// ```
/// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
/// use futures::StreamExt;
///
/// let repositories = quay.repositories().list("acme").await?;
/// let names = repositories.into_iter().map(|repository| format!("acme/{}", repository.name));
/// let mut tags = quay_api::fan_out(names).concurrency(16).run(|name| Ok(quay.repository(name.as_str())?.tags().list().active()));
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
        concurrency: CONCURRENCY,
        is_ordered: false,
    }
}

/// Listings of many things, about to be run: [`fan_out`].
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
    /// Reads so many listings at once: eight, unless set.
    pub fn concurrency(mut self, listings: usize) -> Self {
        self.concurrency = listings.max(1);
        self
    }

    /// Gives the rows in the order of the things. The listings behind the one that is being given
    /// have begun, but are no further than their first pages.
    ///
    /// Otherwise rows come as they are there: those of one thing in their order, those of different
    /// things mixed.
    pub fn ordered(mut self) -> Self {
        self.is_ordered = true;
        self
    }

    /// Runs the listing of each thing. What can't be listed at all, such as a name that is none, is
    /// an error beside the rest as well.
    pub fn run<'a, Q: ListRequest>(
        self,
        listing: impl Fn(&I::Item) -> Result<Listing<Q>> + Send + 'a,
    ) -> FanOutRows<'a, I::Item, Q::Row> {
        let listings = self.items.map(move |item| {
            let rows = listing(&item).map(Listing::stream);
            (item, rows)
        });
        let rows = match self.is_ordered {
            // Those that wait have been started, so the one whose turn it is has its first page
            // already.
            true => stream::iter(listings.map(|(item, rows)| future::ready((item, started(rows)))))
                .buffered(self.concurrency)
                .flat_map(|(item, rows)| each(item, rows))
                .boxed(),
            false => stream::iter(listings.map(|(item, rows)| each(item, rows).boxed()))
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

/// The rows of one thing, each with it.
fn each<K: Clone, T: Send + 'static>(
    item: K,
    rows: Result<Rows<T>>,
) -> impl Stream<Item = (K, Result<T>)> {
    let rows = match rows {
        Ok(rows) => rows.left_stream(),
        Err(error) => future::ready(Err(error)).into_stream().right_stream(),
    };
    rows.map(move |row| (item.clone(), row))
}

/// The rows of many listings, each with what it belongs to, as a [`Stream`]: [`FanOut::run`].
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

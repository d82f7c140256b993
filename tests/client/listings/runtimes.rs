//! Streams that are polled in another runtime after their own was shut down.

use super::pages::*;
use futures::StreamExt;
use quay_api::testing::Sandbox;
use quay_api::{ErrorKind, Result};
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};

fn runtime(threads: usize) -> Runtime {
    let mut builder = match threads {
        0 => Builder::new_current_thread(),
        _ => Builder::new_multi_thread(),
    };
    builder.enable_all().build().unwrap()
}

#[test]
fn a_stream_resumes_in_another_runtime() -> Result<()> {
    // The server runs in another runtime.
    let server = runtime(1);
    let sandbox = server.block_on(Sandbox::start())?;
    sandbox.respond_with("listRepoTags", tags(&Names::many(2_500)));
    for threads in [0, 2] {
        for (prefetch, concurrency) in [(0, 1), (1, 1), (0, 4), (1, 4), (5, 8)] {
            for taken in [0, 1, 100, 250] {
                let tags = sandbox.quay().repository("acme/web")?.tags().list();
                let listing = tags.prefetch(prefetch).concurrency(concurrency);
                let mut stream = listing.stream();
                let first = runtime(threads);
                let mut read = first.block_on(async {
                    let mut read = Vec::new();
                    while read.len() < taken {
                        read.push(stream.next().await.unwrap().unwrap().name);
                    }
                    // Requests are in flight when the runtime ends.
                    let _ = futures::poll!(stream.next());
                    read
                });
                // `poll!` may have taken a row.
                let position = stream.position().to_string();
                drop(first);
                let second = runtime(threads);
                let rest = async {
                    let mut cancelled = 0;
                    loop {
                        match stream.next().await {
                            Some(Ok(tag)) => read.push(tag.name),
                            Some(Err(error)) => {
                                assert_eq!(error.kind(), ErrorKind::Cancelled, "{error}");
                                cancelled += 1;
                                assert!(cancelled < 3);
                                stream.resume();
                            }
                            None => break,
                        }
                    }
                };
                let context = format!("{prefetch} ahead, {concurrency} at once, after {taken}");
                let ended = second
                    .block_on(async { tokio::time::timeout(Duration::from_secs(300), rest).await });
                assert!(ended.is_ok(), "{context}: it hangs");
                let missing = 2_500 - read.len();
                assert!(
                    missing <= 1,
                    "{context}: {missing} are missing at {position}"
                );
                let polled = read
                    .get(taken)
                    .map_or(2_500, |name| name[3..].parse().unwrap());
                let expected = (0..taken).chain(polled..2_500);
                assert_eq!(read, names(expected), "{context}");
                assert!(polled <= taken + 1);
            }
        }
    }
    Ok(())
}

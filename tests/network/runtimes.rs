//! Calls outside a tokio runtime, and in one without timers or I/O: errors, and no panic.

use futures::{StreamExt, TryStreamExt};
use quay_api::testing::Sandbox;
use quay_api::types::Secret;
use quay_api::{Delivery, Error, ErrorKind, Quay, Result, fan_out};
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use tokio::runtime::Builder;

/// Polls a future until it is ready, outside of any runtime.
fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..10_000 {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
    panic!("it waits for a runtime that is not there")
}

fn quay() -> Result<Quay> {
    Quay::builder()
        .base_url("http://127.0.0.1:9")
        .token("a-token")
        .build()
}

/// Returns the errors of all methods that send requests.
async fn errors() -> Result<Vec<Error>> {
    let quay = quay()?;
    let web = quay.repository("acme/web")?;
    let robot = quay.organization("acme")?.robot("ci")?;
    let tags = |name: &&str| Ok(quay.repository(*name)?.tags().list());
    let limited = Quay::builder()
        .base_url("http://127.0.0.1:9")
        .requests_per_second(1.0)
        .token_from(|| async { Ok(Secret::from("a-token")) })
        .build()?;
    let mut errors = vec![
        quay.me().get().await.expect_err("no runtime"),
        limited.me().get().await.expect_err("no runtime"),
        robot.regenerate().await.expect_err("no runtime"),
        quay.request("POST", "/x")?
            .send_bytes()
            .await
            .expect_err("no runtime"),
        web.tags().list().await.expect_err("no runtime"),
        web.tags().list().all().await.expect_err("no runtime"),
        web.tags().list().first().await.expect_err("no runtime"),
        web.tags()
            .list()
            .concurrency(4)
            .prefetch(3)
            .stream()
            .try_next()
            .await
            .expect_err("no runtime"),
        web.tags()
            .list()
            .no_prefetch()
            .pages()
            .try_next()
            .await
            .expect_err("no runtime"),
    ];
    for is_ordered in [false, true] {
        let names = || {
            let names = fan_out(["acme/web", "acme/api"]);
            if is_ordered { names.ordered() } else { names }
        };
        let rows: Vec<_> = names().run(tags).collect().await;
        let items: Vec<_> = names().all(tags).collect().await;
        assert_eq!((rows.len(), items.len()), (2, 2));
        errors.extend(rows.into_iter().filter_map(|(_, row)| row.err()));
        errors.extend(items.into_iter().filter_map(|(_, rows)| rows.err()));
    }
    assert_eq!(errors.len(), 17);
    errors.push(Sandbox::start().await.expect_err("no runtime"));
    Ok(errors)
}

fn assert_no_runtime(errors: &[Error], message: &str) {
    for error in errors {
        assert_eq!(error.kind(), ErrorKind::NoRuntime, "{error:?}");
        assert_eq!(error.delivery(), Delivery::NotSent, "{error:?}");
        assert!(!error.may_have_been_done(), "{error:?}");
        assert!(error.to_string().contains(message), "{error}");
    }
}

#[test]
fn outside_a_runtime_everything_is_an_error() -> Result<()> {
    assert_no_runtime(&block_on(errors())?, "outside a tokio runtime");
    Ok(())
}

#[test]
fn in_a_runtime_without_timers_everything_is_an_error() -> Result<()> {
    for new in [Builder::new_current_thread, Builder::new_multi_thread] {
        for runtime in [new().build(), new().enable_io().build()] {
            let runtime = runtime.expect("a runtime");
            assert_no_runtime(&runtime.block_on(errors())?, "no timers");
        }
    }
    Ok(())
}

#[test]
fn in_a_runtime_without_io_everything_is_an_error() -> Result<()> {
    for mut builder in [Builder::new_current_thread(), Builder::new_multi_thread()] {
        let runtime = builder.enable_time().build().expect("a runtime");
        assert_no_runtime(&runtime.block_on(errors())?, "no I/O");
    }
    Ok(())
}

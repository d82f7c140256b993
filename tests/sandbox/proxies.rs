//! The sandbox where the environment names a proxy, which is for other servers.

use crate::process;
use quay_api::Result;
use quay_api::testing::Sandbox;

#[test]
fn clients_of_the_sandbox_use_no_proxy_of_the_environment() {
    // Nothing listens on this port.
    let nowhere = "http://127.0.0.1:9";
    let variables = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];
    let environment = variables.map(|name| (name, nowhere));
    process::run_alone("proxies::clients_reach_the_sandbox", &environment);
}

#[tokio::test]
#[ignore = "needs a process of its own"]
async fn clients_reach_the_sandbox() -> Result<()> {
    if !process::is_alone() {
        return Ok(());
    }
    let sandbox = Sandbox::demo().await?;
    assert_eq!(sandbox.quay().me().get().await?.username, Sandbox::ADMIN);
    let alice = sandbox.token("alice").quay()?;
    assert_eq!(alice.me().get().await?.username, "alice");
    let web = sandbox.anonymous()?.repository("acme/web")?;
    assert!(web.get().await.is_ok_and(|web| web.name == "web"));
    Ok(())
}

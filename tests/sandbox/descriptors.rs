//! The sandbox in a process that runs out of file descriptors.

use crate::process;
use quay_api::Result;
use quay_api::testing::Sandbox;
use std::fs::File;
use std::net::TcpStream;
use std::os::unix::fs::FileExt;
use std::process::Command;
use std::time::Duration;

/// The processor time of this process, in ticks of 10 ms.
fn ticks(stat: &File) -> u64 {
    let mut bytes = [0; 1024];
    let length = stat.read_at(&mut bytes, 0).expect("the kernel says");
    let stat = String::from_utf8_lossy(&bytes[..length]);
    // The fields after the name of the program, which may contain spaces.
    let fields = stat.rsplit(')').next().unwrap_or_default();
    let fields: Vec<u64> = fields
        .split_whitespace()
        .filter_map(|field| field.parse().ok())
        .collect();
    // The state is no number: `utime` and `stime` are the fields 14 and 15 of the file.
    fields[10] + fields[11]
}

#[test]
fn sandbox_does_not_spin_without_file_descriptors() {
    process::run_alone_with(
        "descriptors::connections_wait_for_file_descriptors",
        |program| {
            let mut shell = Command::new("sh");
            shell
                .args(["-c", "ulimit -n 64; exec \"$0\" \"$@\""])
                .arg(program);
            shell
        },
    );
}

#[test]
#[ignore = "needs a process of its own"]
fn connections_wait_for_file_descriptors() -> Result<()> {
    if !process::is_alone() {
        return Ok(());
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    let sandbox = runtime.block_on(Sandbox::start())?;
    let url = sandbox.quay().base_url().to_owned();
    let address = url
        .trim_start_matches("http://")
        .trim_end_matches('/')
        .to_owned();
    let stat = File::open("/proc/self/stat").expect("Linux has it");
    // Both ends are in this process, and the last client gets the last descriptor.
    let mut clients = Vec::new();
    while let Ok(client) = TcpStream::connect(&address) {
        clients.push(client);
        std::thread::sleep(Duration::from_millis(1));
    }
    assert!(clients.len() > 10, "{}", clients.len());

    let before = ticks(&stat);
    std::thread::sleep(Duration::from_secs(1));
    let spent = ticks(&stat) - before;
    assert!(
        spent < 20,
        "{spent} of 100 ticks were spent on accepting nothing"
    );

    drop(clients);
    let me = runtime.block_on(sandbox.quay().me().get())?;
    assert_eq!(me.username, Sandbox::ADMIN);
    Ok(())
}

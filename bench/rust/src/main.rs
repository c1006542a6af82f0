//! Scans as often as the arguments say, by one of two crates, and prints microseconds a process for each scan as JSON.
//!
//!     usage sysinfo|procfs ROUNDS SECONDS

use std::hint::black_box;
use std::time::{Duration, Instant};

use sysinfo::{PidExt, ProcessExt, ProcessRefreshKind, System, SystemExt, UserExt};

/// Every process anew: a system that is refreshed keeps the command lines of the first time.
fn sysinfo_scan() -> usize {
    let mut system = System::new();
    system.refresh_users_list();
    system.refresh_processes_specifics(ProcessRefreshKind::new().with_cpu().with_user());
    for (pid, process) in system.processes() {
        let user = process.user_id().and_then(|id| system.get_user_by_id(id)).map(|user| user.name());
        black_box((pid.as_u32(), process.name(), user, process.cpu_usage(), process.run_time()));
        black_box((process.memory(), process.virtual_memory(), process.cmd()));
    }
    system.processes().len()
}

fn procfs_scan() -> usize {
    let mut count = 0;
    for process in procfs::process::all_processes().expect("/proc").flatten() {
        // One that ends meanwhile is left out.
        let (Ok(stat), Ok(statm), Ok(status), Ok(cmdline)) =
            (process.stat(), process.statm(), process.status(), process.cmdline())
        else {
            continue;
        };
        black_box((stat.comm, stat.utime, stat.stime, statm.resident, status.euid, cmdline));
        count += 1;
    }
    count
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let scan = if args[1] == "sysinfo" { sysinfo_scan } else { procfs_scan };
    let rounds: usize = args[2].parse().expect("ROUNDS");
    let until = Instant::now() + Duration::from_secs_f64(args[3].parse().expect("SECONDS"));
    let mut times: Vec<f64> = Vec::new();
    // The first one warms up, unless it is the only one.
    while times.len() < 2 || (times.len() <= rounds && Instant::now() < until) {
        let began = Instant::now();
        let processes = scan();
        times.push(began.elapsed().as_secs_f64() * 1e6 / processes as f64);
    }
    println!("{{\"rounds\": {:?}}}", &times[1..]);
}

//! How do the processes of a cluster reach one another? By a connection for each pair, agreed on before anything flows.
//!
//! Each process listens on its own line of the list of hosts and calls those above it. Both ends first say which version they
//! are, what for, and how many processes and workers they expect: a difference ends the start in words, because it would give
//! wrong answers later. A connection whose other end is silent (a cut cable, a machine without power) is given up by the
//! system after some seconds. Nothing here is encrypted, and a greeting is no proof of who calls: the network must be one
//! that nobody else reaches.

use super::Cluster;
use socket2::{SockRef, TcpKeepalive};
use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};
use timely::communication::allocator::ProcessBuilder;
use timely::communication::allocator::zero_copy::initialize::initialize_networking_from_sockets;
use timely::communication::{AllocatorBuilder, Hooks, WorkerGuards};
use timely::worker::Worker;
use timely::{WorkerConfig, execute};

/// How long the processes wait for one another.
const WAIT: Duration = Duration::from_secs(120);
/// How long a caller may take to say who it is.
const GREETING: Duration = Duration::from_secs(5);
/// Between two looks at who has come.
const PAUSE: Duration = Duration::from_millis(50);
/// Begins every greeting.
const MARK: &str = "medring ";
/// Bytes of a greeting at most.
const GREETING_MAX: u16 = 200;
/// A silent connection is asked after so long, so often, so many times.
const SILENT: (Duration, Duration, u32) = (Duration::from_secs(5), Duration::from_secs(2), 3);
/// How long what was sent may stay without a sign that it arrived.
#[cfg(target_os = "linux")]
const UNHEARD: Duration = Duration::from_secs(12);

/// Runs the workers of this process, connected with those of the others. `purpose` is what all must be started for.
pub(super) fn run(
    cluster: &Cluster,
    purpose: &str,
    work: impl Fn(&mut Worker) + Send + Sync + 'static,
) -> Result<WorkerGuards<()>, String> {
    let (hooks, threads) = (Hooks::default(), cluster.workers);
    let sockets = connect(cluster, purpose, WAIT)?;
    let local = ProcessBuilder::new_typed_vector(threads, hooks.refill.clone(), None);
    let (builders, guard) = initialize_networking_from_sockets(local, sockets, cluster.process, threads, hooks)
        .map_err(|error| error.to_string())?;
    let builders = builders.into_iter().map(AllocatorBuilder::Tcp).collect();
    execute::execute_from(builders, Box::new(guard), WorkerConfig::default(), work)
}

/// What all processes must agree on.
fn agreed(cluster: &Cluster, purpose: &str) -> String {
    let (version, processes, workers) = (env!("CARGO_PKG_VERSION"), cluster.hosts.len(), cluster.workers);
    format!("{MARK}{version} {purpose}, {processes} processes with {workers} workers each")
}

/// A connection to every other process, in their order.
fn connect(cluster: &Cluster, purpose: &str, wait: Duration) -> Result<Vec<Option<TcpStream>>, String> {
    let (mine, hosts) = (cluster.process, &cluster.hosts);
    let (own, end) = (agreed(cluster, purpose), Instant::now() + wait);
    let listener =
        TcpListener::bind(&hosts[mine]).map_err(|error| format!("{}: cannot listen: {error}", hosts[mine]))?;
    listener.set_nonblocking(true).map_err(|error| error.to_string())?;
    let mut sockets: Vec<Option<TcpStream>> = hosts.iter().map(|_| None).collect();
    for (at, host) in hosts.iter().enumerate().take(mine) {
        sockets[at] = Some(call(host, at, mine, &own, end)?);
    }
    let missing = |sockets: &[Option<TcpStream>]| (mine + 1..hosts.len()).find(|at| sockets[*at].is_none());
    while let Some(at) = missing(&sockets) {
        match listener.accept() {
            Ok((stream, _)) => {
                let Some((other, said)) = greet(&stream, mine, &own) else { continue };
                same(&own, &said, other)?;
                let place = sockets.get_mut(other).filter(|_| other > mine);
                *place.ok_or_else(|| format!("process {other} called process {mine}"))? = Some(stream);
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => pause(end, at, &hosts[at])?,
            Err(error) => return Err(error.to_string()),
        }
    }
    for socket in sockets.iter().flatten() {
        keep(socket).map_err(|error| error.to_string())?;
    }
    Ok(sockets)
}

/// Calls a process until it answers.
fn call(host: &str, at: usize, mine: usize, own: &str, end: Instant) -> Result<TcpStream, String> {
    loop {
        if let Ok(stream) = TcpStream::connect(host)
            && let Some((other, said)) = greet(&stream, mine, own)
        {
            same(own, &said, other)?;
            if other != at {
                return Err(format!("{host} is process {other} and not {at}: the lists of hosts differ"));
            }
            return Ok(stream);
        }
        pause(end, at, host)?;
    }
}

fn same(own: &str, said: &str, other: usize) -> Result<(), String> {
    if own == said { Ok(()) } else { Err(format!("process {other} was started as «{said}», this one as «{own}»")) }
}

fn pause(end: Instant, at: usize, host: &str) -> Result<(), String> {
    if Instant::now() >= end {
        return Err(format!("process {at} ({host}) did not come within {} seconds", WAIT.as_secs()));
    }
    std::thread::sleep(PAUSE);
    Ok(())
}

/// Says who this is and hears who that is; `None` when it is no process of a cluster, or has gone.
fn greet(mut stream: &TcpStream, mine: usize, own: &str) -> Option<(usize, String)> {
    let mut exchange = || -> io::Result<String> {
        stream.set_nonblocking(false)?;
        stream.set_read_timeout(Some(GREETING))?;
        let text = format!("{own}\n{mine}");
        let length = u16::try_from(text.len()).map_err(io::Error::other)?;
        stream.write_all(&[&length.to_be_bytes(), text.as_bytes()].concat())?;
        let mut length = [0; 2];
        stream.read_exact(&mut length)?;
        let mut said = vec![0; usize::from(u16::from_be_bytes(length).min(GREETING_MAX))];
        stream.read_exact(&mut said)?;
        stream.set_read_timeout(None)?;
        String::from_utf8(said).map_err(io::Error::other)
    };
    let said = exchange().ok()?;
    let (said, other) = said.rsplit_once('\n').filter(|(said, _)| said.starts_with(MARK))?;
    Some((other.parse().ok()?, said.to_owned()))
}

/// Makes the system notice when nobody is at the other end any more.
fn keep(stream: &TcpStream) -> io::Result<()> {
    let (after, every, times) = SILENT;
    let socket = SockRef::from(stream);
    stream.set_nodelay(true)?;
    socket.set_tcp_keepalive(&TcpKeepalive::new().with_time(after).with_interval(every).with_retries(times))?;
    #[cfg(target_os = "linux")]
    socket.set_tcp_user_timeout(Some(UNHEARD))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two clusters' ends on free ports, started at once; what each says.
    fn meet(workers: [usize; 2], purposes: [&str; 2], strays: bool) -> [Result<Vec<Option<TcpStream>>, String>; 2] {
        let free = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").expect("a port"));
        let hosts = free.map(|listener| listener.local_addr().expect("an address").to_string()).to_vec();
        std::thread::scope(|scope| {
            let end = |process: usize| {
                let cluster = Cluster { workers: workers[process], process, hosts: hosts.clone() };
                let purpose = purposes[process];
                scope.spawn(move || connect(&cluster, purpose, Duration::from_secs(20)))
            };
            let first = end(0);
            if strays {
                let stray = loop {
                    if let Ok(stream) = TcpStream::connect(&hosts[0]) {
                        break stream;
                    }
                };
                (&stray).write_all(b"GET / HTTP/1.1\r\n\r\n").expect("writes");
                drop(stray);
            }
            let second = end(1);
            [first, second].map(|end| end.join().expect("ends"))
        })
    }

    #[test]
    fn two_that_agree_are_connected_also_when_a_stranger_knocks() {
        let [first, second] = meet([2, 2], ["serve", "serve"], true);
        let (first, second) = (first.expect("connected"), second.expect("connected"));
        assert!(first[0].is_none() && first[1].is_some() && second[0].is_some() && second[1].is_none());
    }

    #[test]
    fn two_that_differ_say_so_on_both_sides() {
        for (workers, purposes, says) in
            [([1, 2], ["serve", "serve"], "with 2 workers each"), ([1, 1], ["serve", "detect"], "detect, 2 processes")]
        {
            for end in meet(workers, purposes, false) {
                let why = end.expect_err("refused");
                assert!(why.contains("was started as") && why.contains(says), "{why}");
            }
        }
    }
}

//! A web server of threads over sockets: a queue of connections, workers that share it, clients under load, and an end that
//! loses no request.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Mutex, mpsc};
use std::thread;

use crate::on_threads;

const WORKERS: usize = 4;

type Queue = mpsc::Receiver<(usize, TcpStream)>;

/// Connections that are not over, by their numbers.
type Open = Mutex<BTreeMap<usize, TcpStream>>;

/// Serves until a request says stop; says how many requests it has answered.
fn serve(listener: TcpListener) -> usize {
    let (open, stop) = (Open::default(), AtomicBool::new(false));
    let address = listener.local_addr().unwrap();
    let stopping = || {
        stop.store(true, Relaxed); // Relaxed: the connection that wakes the acceptor is made afterwards
        drop(TcpStream::connect(address).unwrap());
    };
    // A full queue leaves connections to the system's own.
    let (queue, queued) = mpsc::sync_channel(8);
    let queued = Mutex::new(queued);
    thread::scope(|s| {
        let workers: Vec<_> =
            (0..WORKERS).map(|_| s.spawn(|| work(&queued, &open, &stopping))).collect();
        for (number, connection) in listener.incoming().enumerate() {
            let connection = connection.unwrap();
            // Relaxed: the connection that wakes is made after the flag is up, through the kernel's locks
            if stop.load(Relaxed) {
                break;
            }
            open.lock().unwrap().insert(number, connection.try_clone().unwrap());
            queue.send((number, connection)).unwrap();
        }
        drop((listener, queue));
        // Who is at work on a request answers it, and then sees the end. A client that is gone is not told.
        for connection in open.lock().unwrap().values() {
            drop(connection.shutdown(Shutdown::Read));
        }
        workers.into_iter().map(|worker| worker.join().unwrap()).sum()
    })
}

/// Takes connections until the queue is closed, each to its end.
fn work(queued: &Mutex<Queue>, open: &Open, stop: &impl Fn()) -> usize {
    let mut answered = 0;
    // The guard is gone before the connection is served.
    let next = || queued.lock().unwrap().recv();
    while let Ok((number, connection)) = next() {
        answered += answer_all(&connection, stop);
        open.lock().unwrap().remove(&number);
    }
    answered
}

/// Answers `/n` with n², request after request, until there are no more; `/0` has the server stop.
fn answer_all(mut connection: &TcpStream, stop: &impl Fn()) -> usize {
    let mut lines = BufReader::new(connection).lines().map_while(Result::ok);
    let mut answered = 0;
    loop {
        let head: Vec<String> = lines.by_ref().take_while(|line| !line.is_empty()).collect();
        let Some(request) = head.first() else { return answered };
        let path = request.split(' ').nth(1).and_then(|path| path.strip_prefix('/'));
        let n: usize = path.and_then(|n| n.parse().ok()).expect("a path that is a number");
        if n == 0 {
            stop();
        }
        let body = (n * n).to_string();
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
        connection.write_all((head + &body).as_bytes()).unwrap();
        answered += 1;
    }
}

/// A client's end of a connection that is kept for several requests.
struct Client(BufReader<TcpStream>);

impl Client {
    fn connect(address: SocketAddr) -> Client {
        Client(BufReader::new(TcpStream::connect(address).unwrap()))
    }

    fn ask(&mut self, n: usize) {
        let request = format!("GET /{n} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        self.0.get_mut().write_all(request.as_bytes()).unwrap();
    }

    fn answer(&mut self) -> usize {
        let mut length = 0;
        loop {
            let mut line = String::new();
            self.0.read_line(&mut line).unwrap();
            match line.trim_end().split_once(": ") {
                Some(("Content-Length", value)) => length = value.parse().unwrap(),
                None if line == "\r\n" => break,
                _ => assert!(!line.is_empty(), "the server has closed the connection"),
            }
        }
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).unwrap();
        String::from_utf8(body).unwrap().parse().unwrap()
    }
}

/// Every client gets its own answers while the pool is smaller than the crowd. Then one has the server stop: the answer to that
/// still comes, the connections that are idle are closed, and the server's threads end.
///
/// Twin of `graceful_shutdown/graceful`.
/// Twin of `shared_receiver/let_first`.
/// Twin of `connection_server/thread_per_connection`.
#[test]
fn a_pool_serves_a_crowd_and_stops_without_losing_a_request() {
    const CLIENTS: usize = 12;
    const CONNECTIONS: usize = 25;
    const REQUESTS: usize = 10;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::scope(|s| {
        let server = s.spawn(|| serve(listener));
        let mut idle = [(); 2].map(|()| Client::connect(address));
        idle.iter_mut().for_each(|client| client.ask(3));
        idle.iter_mut().for_each(|client| assert_eq!(client.answer(), 9));
        on_threads(CLIENTS, |client| {
            for connection in 0..CONNECTIONS {
                let mut this = Client::connect(address);
                let first = (client * CONNECTIONS + connection) * REQUESTS + 1;
                // All are asked before the first answer is read.
                (first..first + REQUESTS).for_each(|n| this.ask(n));
                (first..first + REQUESTS).for_each(|n| assert_eq!(this.answer(), n * n));
            }
        });
        idle[0].ask(0);
        assert_eq!(idle[0].answer(), 0, "it was at work on that");
        for client in &mut idle {
            assert_eq!(client.0.read(&mut [0]).unwrap(), 0, "and then the end");
        }
        assert_eq!(server.join().unwrap(), CLIENTS * CONNECTIONS * REQUESTS + 3);
    });
}

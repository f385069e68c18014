//! tokio's sockets on loopback: each client gets its own answers in order, a shutdown joins all, and nobody closes for you.

use std::io::ErrorKind;
use std::net::SocketAddr;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::select;
use tokio::sync::oneshot;
use tokio::task::{JoinSet, spawn};

use crate::tokio_tasks::on_workers;

/// Answers each line, a number, with its square; returns how many it has answered.
async fn serve(connection: TcpStream) -> usize {
    let (from, mut to) = connection.into_split();
    let mut lines = BufReader::new(from).lines();
    let mut answered = 0;
    while let Some(line) = lines.next_line().await.unwrap() {
        let n: usize = line.parse().unwrap();
        to.write_all(format!("{}\n", n * n).as_bytes()).await.unwrap();
        answered += 1;
    }
    answered
}

/// Serves every connection in a task of its own until told to stop, and then waits for those that are open.
async fn run_server(listener: TcpListener, mut stop: oneshot::Receiver<()>) -> Vec<usize> {
    let mut connections = JoinSet::new();
    loop {
        select! {
            accepted = listener.accept() => connections.spawn(serve(accepted.unwrap().0)),
            _ = &mut stop => return connections.join_all().await,
        };
    }
}

/// Asks for the squares of `numbers`, `ahead` questions before the first answer is read.
async fn ask(address: SocketAddr, numbers: std::ops::Range<usize>) {
    let (from, mut to) = TcpStream::connect(address).await.unwrap().into_split();
    let mut answers = BufReader::new(from).lines();
    for n in numbers.clone() {
        to.write_all(format!("{n}\n").as_bytes()).await.unwrap();
    }
    for n in numbers {
        let answer = answers.next_line().await.unwrap().expect("an answer to each question");
        assert_eq!(answer, (n * n).to_string());
    }
}

/// A server with a task for each connection answers all of them beside one that is silent, and ends when all have.
///
/// Twin of `connection_server/thread_per_connection`.
#[test]
fn clients_get_their_own_answers_in_order() {
    const CLIENTS: usize = 16;
    const QUESTIONS: usize = 500;
    on_workers(2, async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let server = spawn(run_server(listener, stopped));
        let silent = TcpStream::connect(address).await.unwrap();
        let mut clients = JoinSet::new();
        for client in 0..CLIENTS {
            clients.spawn(ask(address, client * QUESTIONS..(client + 1) * QUESTIONS));
        }
        clients.join_all().await;
        stop.send(()).unwrap();
        drop(silent); // the server waits for it
        let mut answered = server.await.unwrap();
        answered.sort_unstable();
        assert_eq!(answered[0], 0, "the silent client asked for nothing");
        assert_eq!(answered[1..], [QUESTIONS; CLIENTS]);
    });
}

/// A client that reads to the end has the answer when the server closes; while the server keeps the connection open
/// there is nothing more to read, and no end either.
///
/// Twin of `connection_server/listener_left_open`.
/// Twin of `last_sender_drop/dropped`.
#[test]
fn reading_to_the_end_waits_for_the_server_to_close() {
    const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    on_workers(2, async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        for _ in 0..200 {
            let mut client = TcpStream::connect(address).await.unwrap();
            let (mut server, _) = listener.accept().await.unwrap();
            client.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
            server.write_all(ANSWER).await.unwrap();
            let mut answer = vec![0; ANSWER.len()];
            client.read_exact(&mut answer).await.unwrap();
            assert_eq!(answer, ANSWER);
            let more = client.try_read(&mut answer).expect_err("neither more nor the end");
            assert_eq!(more.kind(), ErrorKind::WouldBlock);
            server.shutdown().await.unwrap();
            assert_eq!(client.read_to_end(&mut Vec::new()).await.unwrap(), 0);
        }
    });
}

//! One connection that asks and waits, as a browser's does.

use std::io::{BufRead, BufReader, Error, ErrorKind, Write};
use std::net::TcpStream;

/// What came back: status and body.
pub(super) type Answered = (u16, Vec<u8>);

/// A connection that is kept.
pub(super) struct Client {
    address: String,
    heads: String,
    stream: Option<BufReader<TcpStream>>,
}

impl Client {
    /// To an address, with these lines in each question.
    pub(super) fn new(address: &str, heads: &str) -> Client {
        Client { address: address.to_owned(), heads: heads.to_owned(), stream: None }
    }

    /// Asks.
    pub(super) fn get(&mut self, path: &str) -> std::io::Result<Answered> {
        self.ask("GET", path, "", &[])
    }

    /// Writes.
    pub(super) fn post(&mut self, path: &str, kind: &str, body: &[u8]) -> std::io::Result<Answered> {
        self.ask("POST", path, &format!("content-type: {kind}\r\nx-medring: page\r\n"), body)
    }

    fn ask(&mut self, method: &str, path: &str, more: &str, body: &[u8]) -> std::io::Result<Answered> {
        let stream = match self.stream.take() {
            Some(stream) => stream,
            None => {
                let stream = TcpStream::connect(&self.address)?;
                stream.set_nodelay(true)?;
                BufReader::new(stream)
            }
        };
        let mut stream = stream;
        let (host, heads, length) = (&self.address, &self.heads, body.len());
        let head = format!("{method} {path} HTTP/1.1\r\nhost: {host}\r\n{heads}{more}content-length: {length}\r\n\r\n");
        let mut question = head.into_bytes();
        question.extend_from_slice(body);
        stream.get_mut().write_all(&question)?;
        let answer = answer(&mut stream)?;
        self.stream = Some(stream);
        Ok(answer)
    }
}

fn answer(stream: &mut impl BufRead) -> std::io::Result<Answered> {
    let odd = |what: &str| Error::new(ErrorKind::InvalidData, what.to_owned());
    let mut line = String::new();
    stream.read_line(&mut line)?;
    let status = line.split(' ').nth(1).and_then(|word| word.parse().ok()).ok_or_else(|| odd(&line))?;
    let mut length = None;
    loop {
        line.clear();
        stream.read_line(&mut line)?;
        let Some((name, value)) = line.split_once(':') else { break };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse::<usize>().ok();
        }
    }
    let mut body = vec![0; length.ok_or_else(|| odd("no content-length"))?];
    stream.read_exact(&mut body)?;
    Ok((status, body))
}

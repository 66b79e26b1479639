//! A command that runs until it is interrupted, as a script meets it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};

/// The binary with its two streams.
pub(crate) struct Running {
    child: Child,
    out: BufReader<ChildStdout>,
    err: BufReader<ChildStderr>,
}

impl Running {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_connector-sandbox"))
            .args(arguments)
            .env_remove("RUST_LOG")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let err = BufReader::new(child.stderr.take().unwrap());
        Self { child, out, err }
    }

    /// The next line of stdout.
    pub(crate) fn told(&mut self) -> String {
        let mut line = String::new();
        assert_ne!(self.out.read_line(&mut line).unwrap(), 0, "stdout has ended");
        line.trim_end().to_owned()
    }

    /// The next line of stderr that begins so.
    pub(crate) fn heard(&mut self, beginning: &str) -> String {
        loop {
            let mut line = String::new();
            assert_ne!(self.err.read_line(&mut line).unwrap(), 0, "stderr has ended without {beginning}");
            if line.starts_with(beginning) {
                return line.trim_end().to_owned();
            }
        }
    }

    /// What Ctrl-C does; answers the exit status.
    pub(crate) fn interrupt(mut self) -> Option<i32> {
        Command::new("kill").args(["-INT", &self.child.id().to_string()]).status().unwrap();
        self.child.wait().unwrap().code()
    }
}

/// An answer over HTTP.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

/// Does what a printed `curl` would do: the shell takes the words apart, and they are sent from here.
pub(crate) fn paste(command: &str) -> Answer {
    let script = format!("curl() {{ printf '%s\\0' \"$@\"; }}\n{command}");
    let output = Command::new("sh").args(["-c", &script]).output().unwrap();
    assert!(output.status.success(), "{command}");
    let words = String::from_utf8(output.stdout).unwrap();
    let mut words = words.split_terminator('\0');
    let (mut method, mut url, mut body) = (None, "", None);
    let mut headers = Vec::new();
    while let Some(word) = words.next() {
        let mut value = || words.next().unwrap();
        match word {
            "-s" => {}
            "-o" | "-w" => drop(value()),
            "-X" => method = Some(value()),
            "-H" => headers.push(value().to_owned()),
            "-d" => body = Some(value()),
            "-u" => {
                assert_eq!(value(), "INTEG:simulated-password-5f21");
                // base64 of it
                headers.push("Authorization: Basic SU5URUc6c2ltdWxhdGVkLXBhc3N3b3JkLTVmMjE=".to_owned());
            }
            address => url = address,
        }
    }
    send(method.unwrap_or("GET"), url, &headers, body.unwrap_or_default())
}

/// A bare request.
pub(crate) fn send(method: &str, url: &str, headers: &[String], body: &str) -> Answer {
    let rest = url.strip_prefix("http://").unwrap();
    let (host, path) = rest.split_once('/').unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    let mut request = format!("{method} /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n");
    for header in headers {
        request.push_str(header);
        request.push_str("\r\n");
    }
    write!(stream, "{request}Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer { status, body: body.to_owned() }
}

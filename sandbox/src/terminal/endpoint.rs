//! Where an emulator of AWS listens.

use std::fmt;
use std::str::FromStr;

use url::{Host, Url};

/// The address of an AWS emulator on this machine: `http://127.0.0.1:4566`.
///
/// Nothing else is taken, so that nobody makes tables and queues in a real account by mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint(Url);

impl Endpoint {
    /// The address.
    pub const fn url(&self) -> &Url {
        &self.0
    }
}

impl FromStr for Endpoint {
    type Err = NoEndpoint;

    fn from_str(text: &str) -> Result<Self, NoEndpoint> {
        let url: Url = text.parse().map_err(|_| NoEndpoint)?;
        let here = match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        let bare = url.username().is_empty() && url.password().is_none();
        if here && bare && url.scheme() == "http" && url.path() == "/" {
            Ok(Self(url))
        } else {
            Err(NoEndpoint)
        }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// It is not the address of an emulator on this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "only an emulator on this machine is taken, as http://127.0.0.1:4566: start one with `cargo run -p connector-emulator`, which prints \
     its address. The sandbox makes tables, queues and secrets, and never in an account"
)]
pub struct NoEndpoint;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_emulator_on_this_machine_is_taken() {
        for text in
            ["http://127.0.0.1:4566", "http://localhost:4566/", "http://[::1]:4566", "http://127.0.0.9"]
        {
            assert!(text.parse::<Endpoint>().is_ok(), "{text}");
        }
    }

    #[test]
    fn nothing_else_is() {
        for text in [
            "https://127.0.0.1:4566",
            "https://dynamodb.eu-west-1.amazonaws.com",
            "http://dynamodb.eu-west-1.amazonaws.com",
            "http://127.0.0.1.example.com",
            "http://localhost@example.com",
            "http://example.com@localhost/",
            "http://192.168.0.1:4566",
            "http://127.0.0.1:4566/elsewhere",
            "127.0.0.1:4566",
            "",
        ] {
            assert_eq!(text.parse::<Endpoint>(), Err(NoEndpoint), "{text}");
        }
    }
}

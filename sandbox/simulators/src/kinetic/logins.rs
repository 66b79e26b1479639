//! By which identities a company may be asked (`docs/facts/kinetic.md` §2.1 to §2.3).

use std::fmt;

/// The identities that are accepted, each beside the API key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logins {
    /// User and password with each request. Users made for single sign-on cannot use it.
    pub basic: bool,
    /// Bearer tokens of the server's own `TokenResource.svc`.
    pub server_token: bool,
    /// Bearer tokens of an identity provider, which answers at `/idp/connect/token` beside the company.
    pub idp: Option<Idp>,
}

impl Default for Logins {
    /// Basic and the server's own tokens.
    fn default() -> Self {
        Self { basic: true, server_token: true, idp: None }
    }
}

impl Logins {
    /// Only tokens of this identity provider.
    pub fn only_idp(idp: Idp) -> Self {
        Self { basic: false, server_token: false, idp: Some(idp) }
    }

    /// Only the server's own tokens.
    pub fn only_server_token() -> Self {
        Self { basic: false, ..Self::default() }
    }
}

/// An application that the identity provider knows; it stands for the company's one user.
#[derive(Clone, PartialEq, Eq)]
pub struct Idp {
    /// Must be sent.
    pub client_id: String,
    /// Must be sent with it.
    pub client_secret: String,
    /// Must be asked for, if any is expected.
    pub scope: Option<String>,
    /// Must be asked for, if any is expected.
    pub audience: Option<String>,
}

impl Idp {
    /// An application that may ask for any scope and audience.
    pub fn new(client_id: &str, client_secret: &str) -> Self {
        Self {
            client_id: client_id.to_owned(),
            client_secret: client_secret.to_owned(),
            scope: None,
            audience: None,
        }
    }
}

impl fmt::Debug for Idp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Idp").field("client_id", &self.client_id).finish_non_exhaustive()
    }
}

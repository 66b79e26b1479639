//! What a person does about a call that failed.

use connector_http::Class;

/// Whom a failure speaks about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    /// The store's.
    Shop,
    /// The company's.
    Company,
}

/// What to do about a failure of this class with this cause.
pub(super) fn todo(whose: Whose, class: Class, cause: &str) -> &'static str {
    match cause {
        "kinetic.bad_credentials" => "correct user and password in [kinetic.login], put the connection again",
        "kinetic.bad_api_key" => "correct kinetic.api_key, put the connection again",
        "kinetic.access_denied" | "kinetic.unauthorized" => {
            "give the API key's access scope and the integration user the service that is named"
        }
        "kinetic.no_licence" => "free a licence, or set kinetic.claimed_license in the rules",
        "kinetic.unknown_method" => {
            "correct kinetic.company, or the base URL if the service is missing in this release"
        }
        "kinetic.unknown_address" => {
            "correct kinetic.base_url: host and instance, as in https://host/KineticLive"
        }
        "kinetic.idp_refused" | "kinetic.no_token" | "kinetic.token_address" => {
            "correct [kinetic.login]: token_url, client_id, client_secret, scope"
        }
        "bigcommerce.route" => "correct bigcommerce.base_url and store_hash",
        "bigcommerce.token" => "correct bigcommerce.access_token and store_hash, put the connection again",
        "bigcommerce.scope" => "give the API account the scope that the call needs",
        _ => by_class(whose, class),
    }
}

const fn by_class(whose: Whose, class: Class) -> &'static str {
    match (class, whose) {
        (Class::NotSent | Class::Ambiguous | Class::OutOfTime, Whose::Shop) => {
            "correct bigcommerce.base_url, or let this machine reach it"
        }
        (Class::NotSent | Class::Ambiguous | Class::OutOfTime, Whose::Company) => {
            "correct kinetic.base_url, let this machine reach it, or give kinetic.ca_pem if its certificate is the plant's own"
        }
        (Class::Unauthorized, Whose::Shop) => "correct bigcommerce.access_token, put the connection again",
        (Class::Unauthorized, Whose::Company) => {
            "correct kinetic.api_key and [kinetic.login], put the connection again"
        }
        (Class::Forbidden, Whose::Shop) => "give the API account the scope that the call needs",
        (Class::Forbidden, Whose::Company) => "give the integration user and the API key what the call needs",
        (Class::Throttled | Class::Unavailable | Class::ServerError, _) => {
            "wait a few minutes and ping again"
        }
        (Class::NotFound, Whose::Shop) => "correct bigcommerce.base_url and store_hash",
        (Class::NotFound, Whose::Company) => "correct kinetic.base_url and company",
        (Class::Conflict | Class::Rejected | Class::Unreadable, _) => {
            "read the words: the other side answers otherwise than agreed"
        }
    }
}

//! From a path to a set or a method.

use std::sync::Arc;

use axum::{
    Router,
    body::to_bytes,
    extract::{Request, State},
    http::{Method as Verb, StatusCode},
    response::Response,
};
use jiff::Timestamp;
use parking_lot::Mutex;
use percent_encoding::percent_decode_str;

use super::{
    auth, body,
    company::Company,
    customers, description, odata,
    orders::{self, Call},
    refusal::{Refusal, json},
    rival,
    schema::{Method, schema},
    sessions, token_api,
};
use crate::{NotSaved, Pause, late::Received, server::Modified};

/// What routes and tests share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) company: Mutex<Company>,
    /// What the server takes longer to say that no licence is free.
    empty_pool_pause: Pause,
}

impl Shared {
    pub(crate) fn new(company: Company) -> Self {
        let empty_pool_pause = company.config.empty_pool_pause.clone();
        Self { company: Mutex::new(company), empty_pool_pause }
    }
}

pub(crate) fn router(shared: Arc<Shared>) -> Router {
    Router::new().fallback(answer).with_state(shared)
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let received = head.extensions.get::<Received>().map(|at| at.0);
    let asked = Asked {
        verb: head.method,
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        not_saved: head.extensions.get::<NotSaved>().map(|fault| fault.0.clone()),
        modified: head.extensions.get::<Modified>().is_some(),
        received,
        headers: head.headers,
        // The outermost layer has bounded the body already.
        body: to_bytes(body, usize::MAX).await.unwrap_or_default().to_vec(),
    };
    let (response, slow) = response(&mut shared.company.lock(), &asked);
    if slow {
        shared.empty_pool_pause.wait().await;
    }
    response
}

/// The answer, and whether it comes late because no licence was free.
fn response(company: &mut Company, asked: &Asked) -> (Response, bool) {
    if let Some(response) = token_api::answer(company, asked) {
        return (response, false);
    }
    match dispatch(company, asked) {
        Ok(body) => (json(StatusCode::OK, body), false),
        Err(refusal) => {
            let method = asked.path.rsplit('/').next().unwrap_or_default();
            (refusal.response(method, company.next_correlation()), refusal.is_no_licence())
        }
    }
}

/// A request as it came in.
pub(crate) struct Asked {
    pub(crate) verb: Verb,
    pub(crate) path: String,
    pub(crate) query: String,
    not_saved: Option<String>,
    modified: bool,
    /// When it came in, if it is applied later.
    received: Option<Timestamp>,
    pub(crate) headers: axum::http::HeaderMap,
    pub(crate) body: Vec<u8>,
}

fn dispatch(company: &mut Company, asked: &Asked) -> Result<String, Refusal> {
    let segments: Vec<String> = asked
        .path
        .trim_start_matches('/')
        .split('/')
        .map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned())
        .collect();
    if let Some(service) = description::asked_for(company, asked, &segments) {
        let received = company.config.clock.now();
        auth::identify(company, &asked.headers, &asked.query, received)?;
        return description::answer(&company.config, service);
    }
    let root = [company.config.instance.as_str(), "api", "v2", "odata"];
    let [instance, api, version, odata, in_company, service, rest @ ..] = segments.as_slice() else {
        return Err(Refusal::unknown("The requested resource does not exist."));
    };
    if [instance, api, version, odata] != root {
        return Err(Refusal::unknown("The requested resource does not exist."));
    }
    let received = asked.received.unwrap_or_else(|| company.config.clock.now());
    auth::identify(company, &asked.headers, &asked.query, received)?;
    // Whoever is late was let in when he came.
    let session = if asked.received.is_some() { None } else { sessions::admit(company, &asked.headers)? };
    if *in_company != company.config.company {
        return Err(Refusal::unknown(format!("Company {in_company} is not found.")));
    }
    let context = format!("/{}", segments.split_last().map_or_else(String::new, |(_, rest)| rest.join("/")));
    let last = match rest {
        [id, data] if service == "BaqSvc" && data == "Data" && asked.verb == Verb::GET => {
            let query = company.config.queries.iter().find(|query| query.id == *id);
            let query = query.ok_or_else(|| Refusal::unknown(format!("BAQ {id} is not found.")))?;
            auth::permit(&company.config, service, id)?;
            return odata::query(company, query, &asked.query, &context);
        }
        [last] => last,
        _ => return Err(Refusal::unknown("The requested resource does not exist.")),
    };
    let known = schema().services.get(service);
    let known = known.ok_or_else(|| Refusal::unknown(format!("Service {service} is not found.")))?;
    let plant = auth::plant(&company.config, &asked.headers)?;
    if known.sets.contains_key(last) && asked.verb == Verb::GET {
        auth::permit(&company.config, service, "GetRows")?;
        return odata::read(company, known, last, &asked.query, &context);
    }
    let method = known
        .methods
        .get(last)
        .filter(|method| asked.verb == Verb::POST || asked.verb.as_str() == method.http);
    let method = method.ok_or_else(|| Refusal::unknown(format!("{last} is not found in {service}.")))?;
    auth::permit(&company.config, service, last)?;
    let arguments = arguments(company, last, method, asked)?;
    if asked.modified {
        rival::saves_first(company, service, last, &arguments)?;
    }
    let answer = match service.as_str() {
        "Erp.BO.SalesOrderSvc" => {
            let not_saved = asked.not_saved.clone();
            orders::call(company, last, Call { arguments, plant: &plant, not_saved })
        }
        "Erp.BO.CustomerSvc" => customers::call(company, last, arguments),
        "Ice.LIB.SessionModSvc" => sessions::call(company, last, session),
        _ => None,
    };
    let answer =
        answer.unwrap_or_else(|| Err(Refusal::unknown(format!("{last} is not found in {service}."))))?;
    serde_json::to_string(&answer).map_err(|error| Refusal::request(error.to_string()))
}

fn arguments(
    company: &Company,
    name: &str,
    method: &Method,
    asked: &Asked,
) -> Result<body::Arguments, Refusal> {
    let config = &company.config;
    let mut wanted = method.params.clone();
    if config.check_part_saleable && name == "ChangePartNumMaster" {
        wanted.insert("checkPartSaleable".to_owned(), "boolean".to_owned());
    }
    if asked.verb == Verb::GET {
        let pairs = url::form_urlencoded::parse(asked.query.as_bytes()).filter(|(name, _)| name != "api-key");
        // Numbers and flags of a query are written as in JSON; texts are not, so they are quoted here.
        let fields: Vec<String> = pairs
            .map(|(name, value)| {
                let text = wanted.get(name.as_ref()).is_some_and(|kind| kind == "string");
                let value = if text {
                    serde_json::Value::from(value.as_ref()).to_string()
                } else {
                    value.into_owned()
                };
                format!("{}:{value}", serde_json::Value::from(name.as_ref()))
            })
            .collect();
        return body::arguments(
            &format!("{{{}}}", fields.join(",")),
            &wanted,
            config.complete_parameters,
            config.too_long,
        );
    }
    let text =
        std::str::from_utf8(&asked.body).map_err(|_| Refusal::request("The request body is not UTF-8."))?;
    // A method without parameters needs no body.
    let text = if wanted.is_empty() && text.trim().is_empty() { "{}" } else { text };
    body::arguments(text, &wanted, config.complete_parameters, config.too_long)
}

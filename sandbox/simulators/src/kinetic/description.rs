//! `…/api/swagger/v2/methods/{Service}.json`: what the site says of its own methods.
//!
//! Which form it has is in no public source, so it is a switch.

use axum::http::Method as Verb;
use serde_json::{Map, Value, json};

use super::{
    company::Company,
    config::KineticConfig,
    refusal::Refusal,
    routes::Asked,
    schema::{Method, schema},
};

/// In which form a site describes its methods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Described {
    /// Swagger 2: a body parameter whose schema is referred to.
    Swagger,
    /// `OpenAPI` 3: a request body with its schema in place.
    OpenApi,
    /// Not at all: 404.
    Nowhere,
}

/// The service whose description is asked for, if any is.
pub(crate) fn asked_for<'a>(company: &Company, asked: &Asked, segments: &'a [String]) -> Option<&'a str> {
    let [instance, api, swagger, version, methods, file] = segments else { return None };
    let path = [instance.as_str(), api, swagger, version, methods];
    let known = path == [company.config.instance.as_str(), "api", "swagger", "v2", "methods"];
    if known && asked.verb == Verb::GET { file.strip_suffix(".json") } else { None }
}

/// The description of a service.
///
/// # Errors
/// There is no such service, or the site describes none.
pub(crate) fn answer(config: &KineticConfig, service: &str) -> Result<String, Refusal> {
    let known = schema().services.get(service).filter(|_| config.description != Described::Nowhere);
    let known = known.ok_or_else(|| Refusal::unknown("The requested resource does not exist."))?;
    let (mut paths, mut definitions) = (Map::new(), Map::new());
    for (name, method) in &known.methods {
        let body = body(config, name, method);
        let post = if config.description == Described::OpenApi {
            json!({ "requestBody": { "content": { "application/json": { "schema": body } } } })
        } else {
            let title = format!("{name}_input");
            let reference = json!({ "$ref": format!("#/definitions/{title}") });
            definitions.insert(title, body);
            json!({ "parameters": [{ "name": "body", "in": "body", "required": true, "schema": reference }] })
        };
        paths.insert(format!("/{name}"), json!({ "post": post }));
    }
    let document = if config.description == Described::OpenApi {
        json!({ "openapi": "3.0.1", "info": { "title": service, "version": "v2" }, "paths": paths })
    } else {
        json!({
            "swagger": "2.0", "info": { "title": service, "version": "v2" },
            "paths": paths, "definitions": definitions
        })
    };
    Ok(document.to_string())
}

fn body(config: &KineticConfig, name: &str, method: &Method) -> Value {
    let mut properties: Map<String, Value> =
        method.params.iter().map(|(name, kind)| (name.clone(), json!({ "type": kind }))).collect();
    if config.check_part_saleable && name == "ChangePartNumMaster" {
        properties.insert("checkPartSaleable".to_owned(), json!({ "type": "boolean" }));
    }
    json!({ "type": "object", "properties": properties })
}

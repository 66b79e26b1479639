//! Which parameters a method takes by the site's own description (§1.10, §8.2).
//!
//! Which form the description has, Swagger 2 or `OpenAPI` 3, no public source shows: both are read, and what is neither is an error, so
//! that nothing is taken for known.

use std::collections::BTreeSet;

use connector_domain::Deadline;
use connector_http::{Answer, Call, Remote};
use serde_json::{Map, Value};

use crate::error::KineticError;
use crate::profile::Method;

/// How deep a reference may lead: a description that refers to itself ends there.
const DEEPEST: usize = 8;

/// The description of a site's methods.
#[derive(Debug, Clone, Copy)]
pub struct Description<'a> {
    remote: &'a Remote,
}

/// The description of one service.
#[derive(Debug)]
pub struct ServiceDescription {
    answer: Answer,
    document: Value,
}

impl<'a> Description<'a> {
    pub(crate) const fn new(remote: &'a Remote) -> Self {
        Self { remote }
    }

    /// Reads the description of the service that `method` is of: `…/api/swagger/v2/methods/Erp.BO.SalesOrderSvc.json`.
    ///
    /// # Errors
    /// The call's: a site may hide its descriptions.
    pub async fn of_the_service(
        &self,
        method: Method,
        deadline: Deadline,
    ) -> Result<ServiceDescription, KineticError> {
        let path = method.path();
        let service = path.split_once('/').map_or(path, |(service, _)| service);
        let call = Call::get("GET swagger/v2/methods/{Service}.json", format!("{service}.json"));
        let answer = self.remote.send(&call, deadline).await?;
        let document = answer.json()?;
        Ok(ServiceDescription { answer, document })
    }
}

impl ServiceDescription {
    /// The names of the parameters of a method's body.
    ///
    /// # Errors
    /// The method is not described, or not as Swagger 2 or `OpenAPI` 3 describe one.
    pub fn parameters(&self, method: Method) -> Result<BTreeSet<String>, KineticError> {
        let unreadable = |what: &str| -> KineticError {
            self.answer.unreadable(format!("paths./{}: {what}", method.name())).into()
        };
        let paths = self.document.get("paths").and_then(Value::as_object);
        let suffix = format!("/{}", method.name());
        let described = paths.into_iter().flatten().find(|(path, _)| path.ends_with(&suffix));
        let (_, described) = described.ok_or_else(|| unreadable("is not there"))?;
        let post = described.get("post").ok_or_else(|| unreadable("has no post"))?;
        let schema = in_body(post).or_else(|| in_content(post)).ok_or_else(|| unreadable("has no body"))?;
        let properties = self.properties(schema, DEEPEST).ok_or_else(|| unreadable("names no parameters"))?;
        Ok(properties.keys().cloned().collect())
    }

    fn properties<'a>(&'a self, schema: &'a Value, deeper: usize) -> Option<&'a Map<String, Value>> {
        if let Some(found) = schema.get("properties").and_then(Value::as_object) {
            return Some(found);
        }
        let reference = schema.get("$ref")?.as_str()?.strip_prefix('#')?;
        self.properties(self.document.pointer(reference)?, deeper.checked_sub(1)?)
    }
}

/// The schema of the body by Swagger 2.
fn in_body(post: &Value) -> Option<&Value> {
    let parameters = post.get("parameters")?.as_array()?;
    let body =
        parameters.iter().find(|parameter| parameter.get("in").and_then(Value::as_str) == Some("body"));
    body?.get("schema")
}

/// The schema of the body by `OpenAPI` 3.
fn in_content(post: &Value) -> Option<&Value> {
    let content = post.get("requestBody")?.get("content")?.as_object()?;
    content.values().next()?.get("schema")
}

//! The SDK speaks through the transport that the vendors' clients speak through: one TLS and HTTP stack in a binary, one trust.
//!
//! Pace, retries and signatures are the SDK's own.

use aws_sdk_dynamodb::config::SharedHttpClient;
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use connector_http::{Class, Lost, Outgoing, Transport, TransportError, TransportSettings};
use http::HeaderValue;
use http::header::ACCEPT_ENCODING;
use url::Url;

use crate::clients::ConnectTimes;

/// One transport for all clients. It keeps to [`ConnectTimes`], whatever times a service's own settings ask for.
pub(crate) fn http_client(times: ConnectTimes) -> Result<SharedHttpClient, TransportError> {
    let settings = TransportSettings {
        connect_timeout: times.connect,
        timeout: times.attempt,
        ..TransportSettings::default()
    };
    let connector = SharedHttpConnector::new(Wire(Transport::new(&settings)?));
    Ok(http_client_fn(move |_, _| connector.clone()))
}

#[derive(Debug)]
struct Wire(Transport);

impl HttpConnector for Wire {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let transport = self.0.clone();
        HttpConnectorFuture::new(async move {
            let incoming = transport.exchange(outgoing(request, &transport)?).await.map_err(lost)?;
            if incoming.over_cap {
                return Err(ConnectorError::other("the answer is larger than is read".into(), None));
            }
            let mut response = http::Response::new(SdkBody::from(incoming.body));
            *response.status_mut() = incoming.status;
            *response.headers_mut() = incoming.headers;
            HttpResponse::try_from(response).map_err(|e| ConnectorError::other(e.into(), None))
        })
    }
}

fn outgoing(request: HttpRequest, transport: &Transport) -> Result<Outgoing, ConnectorError> {
    let (mut head, body) =
        request.try_into_http1x().map_err(|e| ConnectorError::user(e.into()))?.into_parts();
    let url = Url::parse(&head.uri.to_string()).map_err(|e| ConnectorError::user(e.into()))?;
    let body = body.bytes().ok_or_else(|| ConnectorError::user("a body that is a stream".into()))?;
    // The checksum that DynamoDB sends is one of the bytes on the wire.
    head.headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    let body = Some(Bytes::copy_from_slice(body));
    Ok(Outgoing { method: head.method, url, headers: head.headers, body, timeout: transport.timeout() })
}

/// Both are tried again by the SDK: every call of ours may be sent twice (conditions and deduplication ids see to it).
fn lost(lost: Lost) -> ConnectorError {
    let error = ConnectorError::io(lost.words.into());
    if lost.class == Class::NotSent { error.never_connected() } else { error }
}

//! The dead letters of a sandbox.

use std::time::Duration;

use async_trait::async_trait;
use connector_http::{Call, Safety};
use connector_ports::{DeadLetters, DeadLettersError, Letter, QueueName, ReceiptError};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::sandbox::{Sandbox, refused};

impl Sandbox {
    async fn letters<B: Serialize + Sync, T: DeserializeOwned>(
        &self,
        queue: QueueName,
        what: &str,
        body: &B,
    ) -> Result<T, DeadLettersError> {
        let call =
            Call::post("POST dead-letters", format!("dead-letters/{queue}/{what}"), Safety::Idempotent);
        let call = call.json(body).map_err(|error| DeadLettersError::Unavailable(error.to_string()))?;
        let answer = self.send(&call).await.and_then(|answer| answer.json());
        answer.map_err(|error| DeadLettersError::Unavailable(refused(&error).to_string()))
    }

    async fn settle(&self, letter: &Letter, what: &str) -> Result<(), DeadLettersError> {
        let was_good: bool = self.letters(letter.receipt.queue(), what, letter).await?;
        if was_good { Ok(()) } else { Err(ReceiptError.into()) }
    }
}

#[async_trait]
impl DeadLetters for Sandbox {
    async fn receive(
        &self,
        queue: QueueName,
        limit: usize,
        hidden: Duration,
    ) -> Result<Vec<Letter>, DeadLettersError> {
        self.letters(queue, "receive", &json!({ "limit": limit, "hidden": hidden.as_secs() })).await
    }

    async fn send_back(&self, letter: &Letter) -> Result<(), DeadLettersError> {
        self.settle(letter, "send-back").await
    }

    async fn show(&self, letter: &Letter) -> Result<(), DeadLettersError> {
        self.settle(letter, "show").await
    }

    async fn delete(&self, letter: &Letter) -> Result<(), DeadLettersError> {
        self.settle(letter, "delete").await
    }

    async fn count(&self, queue: QueueName) -> Result<usize, DeadLettersError> {
        self.letters(queue, "count", &json!({})).await
    }
}

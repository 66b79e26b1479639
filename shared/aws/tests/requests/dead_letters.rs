//! Dead letters: what is asked of SQS to look at one, send it back and delete it.

use connector_aws::AwsDeadLetters;
use connector_ports::{DeadLetters as _, DeadLettersError, GivenUpBy, Letter};

use super::*;

impl Aws {
    fn dead_letters(&self) -> AwsDeadLetters {
        let urls = |end: &str| QueueUrls {
            orders: format!("{}/1/orders{end}.fifo", self.server.uri()),
            jobs: format!("{}/1/jobs{end}.fifo", self.server.uri()),
            catalogue: format!("{}/1/catalogue{end}.fifo", self.server.uri()),
        };
        AwsDeadLetters::new(&self.clients, urls(""), urls("-dead"))
    }

    /// Receives what SQS moved, or what a function put there.
    async fn letter(&self, source: Option<&str>) -> Letter {
        let mut attributes = json!({
            "MessageGroupId": "main-store/1", "MessageDeduplicationId": "5fea7756", "ApproximateReceiveCount": "21",
            "SentTimestamp": "1709294400000",
        });
        if let Some(source) = source {
            attributes["DeadLetterQueueSourceArn"] = source.into();
        }
        let message = json!({"MessageId": "5fea7756", "ReceiptHandle": "handle-1", "Body": "{}", "Attributes": attributes,
            "MD5OfBody": "99914b932bd37a50b983c5e7c90ae93b"});
        self.answers("AmazonSQS.ReceiveMessage", 200, json!({ "Messages": [message] })).await;
        let mut letters =
            self.dead_letters().receive(QueueName::Orders, 100, Duration::from_secs(30)).await.unwrap();
        letters.pop().unwrap()
    }
}

#[tokio::test]
async fn letters_are_received_ten_at_a_time_hidden_for_as_long_as_was_asked() {
    let aws = Aws::new().await;
    let letter = aws.letter(Some("arn:aws:sqs:eu-west-1:1:orders.fifo")).await;
    assert_eq!(
        (letter.given_up_by, letter.since.to_string()),
        (GivenUpBy::Queue, "2024-03-01T12:00:00Z".to_owned())
    );
    let asked = &aws.asked().await[0].1;
    assert!(asked["QueueUrl"].as_str().unwrap().ends_with("/1/orders-dead.fifo"));
    assert_eq!((&asked["MaxNumberOfMessages"], &asked["VisibilityTimeout"]), (&json!(10), &json!(30)));
    for needed in ["MessageGroupId", "SentTimestamp", "DeadLetterQueueSourceArn"] {
        let named = asked["MessageSystemAttributeNames"].as_array().unwrap();
        assert!(named.contains(&json!(needed)), "{needed}: {asked}");
    }
}

#[tokio::test]
async fn what_a_function_put_there_has_no_source() {
    assert_eq!(Aws::new().await.letter(None).await.given_up_by, GivenUpBy::Function);
}

#[tokio::test]
async fn a_letter_is_sent_back_in_its_lane_under_an_id_that_is_its_own_and_new_to_its_queue() {
    let aws = Aws::new().await;
    let letter = aws.letter(None).await;
    let answer = json!({"MessageId": "m", "MD5OfMessageBody": "99914b932bd37a50b983c5e7c90ae93b"});
    aws.answers("AmazonSQS.SendMessage", 200, answer).await;
    for _ in 0..2 {
        aws.dead_letters().send_back(&letter).await.unwrap();
    }
    let asked = aws.asked().await;
    let sent: Vec<_> = asked.iter().filter(|(operation, _)| operation == "AmazonSQS.SendMessage").collect();
    assert_eq!(sent.len(), 2);
    for (_, body) in sent {
        assert!(body["QueueUrl"].as_str().unwrap().ends_with("/1/orders.fifo"));
        assert_eq!((&body["MessageGroupId"], &body["MessageBody"]), (&json!("main-store/1"), &json!("{}")));
        assert_eq!(body["MessageDeduplicationId"], "redriven-5fea7756");
    }
    assert!(!asked.iter().any(|(operation, _)| operation.contains("Delete")), "that is another step");
}

#[tokio::test]
async fn a_letter_is_deleted_and_shown_among_the_dead_letters_and_a_late_receipt_is_understood() {
    let aws = Aws::new().await;
    let letter = aws.letter(None).await;
    aws.answers("AmazonSQS.ChangeMessageVisibility", 200, json!({})).await;
    aws.dead_letters().show(&letter).await.unwrap();
    let refusal = json!({"__type": "com.amazonaws.sqs#InvalidParameterValueException", "message": "The receipt handle has expired."});
    let refused = ResponseTemplate::new(400)
        .insert_header("x-amzn-query-error", "InvalidParameterValue;Sender")
        .set_body_raw(refusal.to_string(), "application/x-amz-json-1.0");
    aws.answers_by("AmazonSQS.DeleteMessage", refused).await;
    let deleted = aws.dead_letters().delete(&letter).await;
    assert_eq!(deleted, Err(DeadLettersError::Receipt(ReceiptError)));
    let asked = aws.asked().await;
    assert_eq!(asked[1].1["VisibilityTimeout"], 0);
    for (_, body) in &asked[1..] {
        assert!(body["QueueUrl"].as_str().unwrap().ends_with("/1/orders-dead.fifo"));
        assert_eq!(body["ReceiptHandle"], "handle-1");
    }
}

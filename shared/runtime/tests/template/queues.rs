//! The queues are those that the code makes on an emulator.

use connector_aws::queues::{ATTRIBUTES, MAX_RECEIVES};
use serde_json::Value;

use crate::made::{of_type, resources};

/// What a queue says of [`ATTRIBUTES`], in SQS's words: truths are texts there.
fn said(queue: &Value) -> [(&'static str, String); ATTRIBUTES.len()] {
    ATTRIBUTES.map(|(name, _)| {
        let value = &queue[name];
        (name, value.as_str().map_or_else(|| value.to_string(), str::to_owned))
    })
}

#[test]
fn queues_are_fifo_with_fifo_dead_letters_and_wait_six_times_as_long_as_a_function() {
    let queues = of_type("AWS::SQS::Queue");
    for (name, queue) in &queues {
        let queue = &queue["Properties"];
        assert_eq!(said(queue), ATTRIBUTES.map(|(name, value)| (name, value.to_owned())), "{name}");
        let Some(dead) = queue["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0].as_str() else {
            continue;
        };
        assert!(queues.contains_key(dead), "{name} has dead letters in {dead}");
        assert_eq!(queue["RedrivePolicy"]["maxReceiveCount"], MAX_RECEIVES, "{name}");
    }
    for (_, source) in of_type("AWS::Lambda::EventSourceMapping") {
        let source = &source["Properties"];
        let queue = source["EventSourceArn"]["Fn::GetAtt"][0].as_str().unwrap();
        let function = source["FunctionName"]["Ref"].as_str().unwrap();
        assert_eq!(
            (&source["BatchSize"], &source["FunctionResponseTypes"][0]),
            (&1.into(), &"ReportBatchItemFailures".into())
        );
        let visibility = queues[queue]["Properties"]["VisibilityTimeout"].as_u64().unwrap();
        let timeout = resources()[function]["Properties"]["Timeout"].as_u64().unwrap();
        assert_eq!(visibility, 6 * timeout, "{queue} and {function}");
    }
}

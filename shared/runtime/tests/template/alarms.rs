//! Alarms look at what is measured.

use std::collections::BTreeSet;

use connector_runtime::metrics::Metric;

use crate::made::of_type;

#[test]
fn an_alarm_of_ours_looks_at_something_that_is_measured() {
    let mut measured: BTreeSet<String> = Metric::ALL.into_iter().map(Metric::name).collect();
    // Filters on the logs make this one.
    measured.insert("ErrorLines".to_owned());
    let alarms = of_type("AWS::CloudWatch::Alarm");
    let ours =
        alarms.values().filter(|alarm| alarm["Properties"]["Namespace"].to_string().contains("ml-connector"));
    let seen: BTreeSet<&str> =
        ours.map(|alarm| alarm["Properties"]["MetricName"].as_str().unwrap()).collect();
    assert!(seen.iter().all(|name| measured.contains(*name)), "{seen:?}");
    for needed in [
        "ErrorLines",
        "OrdersHeld",
        "OldestHeld",
        "DeliveriesRefused",
        "DeliveriesMalformed",
        "DeliveriesFailing",
        "OrdersSynced",
        "TickProblems",
        "JobsFailed",
        "AccountedBehind",
        "StockSecondsOld",
        "OrdersMissed",
        "HooksWrong",
        "DomainsBlocked",
        "ProofMismatches",
    ] {
        assert!(seen.contains(needed), "no alarm looks at {needed}");
    }
}

#[test]
fn every_log_of_a_function_counts_its_lines_at_error() {
    let filters = of_type("AWS::Logs::MetricFilter");
    for (name, function) in of_type("AWS::Lambda::Function") {
        let log = &function["Properties"]["LoggingConfig"]["LogGroup"]["Ref"];
        let own: Vec<_> = filters
            .values()
            .filter(|filter| filter["Properties"]["LogGroupName"]["Ref"] == *log)
            .map(|filter| {
                let properties = &filter["Properties"];
                let into = &properties["MetricTransformations"][0];
                assert!(into["MetricNamespace"].to_string().contains("ml-connector/${Stage}"), "{into}");
                (properties["FilterPattern"].as_str().unwrap(), into["MetricName"].as_str().unwrap())
            })
            .collect();
        assert_eq!(own, [("{ $.level = \"ERROR\" }", "ErrorLines")], "{name}");
    }
}

/// SQS deletes a dead letter when its time is over, and nobody is told by SQS. The age alone does not do: `docs/facts/aws.md` 1.8.
#[test]
fn people_are_told_of_dead_letters_at_once_and_again_long_before_they_are_deleted() {
    let queues = of_type("AWS::SQS::Queue");
    let alarms = of_type("AWS::CloudWatch::Alarm");
    let dead = queues.values().filter_map(|queue| {
        queue["Properties"]["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0].as_str()
    });
    let mut looked_at = 0;
    for dead in dead {
        let kept = queues[dead]["Properties"]["MessageRetentionPeriod"].as_u64().unwrap();
        // Whoever comes back from a week away still finds it.
        let in_time = kept / 2;
        let on = |metric: &str| {
            let of_it = alarms.values().map(|alarm| &alarm["Properties"]).filter(|alarm| {
                alarm["MetricName"] == metric && alarm["Dimensions"][0]["Value"]["Fn::GetAtt"][0] == dead
            });
            of_it
                .map(|alarm| {
                    assert!(alarm["AlarmActions"].is_object() || alarm["AlarmActions"].is_array(), "{alarm}");
                    let after =
                        alarm["Period"].as_u64().unwrap() * alarm["EvaluationPeriods"].as_u64().unwrap();
                    (alarm["Threshold"].as_u64().unwrap(), after)
                })
                .collect::<Vec<_>>()
        };
        let [(age, after)] = on("ApproximateAgeOfOldestMessage")[..] else {
            panic!("no alarm on the age in {dead}")
        };
        assert!(age + after <= in_time, "{dead} is told of after {age} s");
        let mut numbers = on("ApproximateNumberOfMessagesVisible");
        numbers.sort_unstable();
        let [(0, at_once), (0, long)] = numbers[..] else { panic!("{dead}: {numbers:?}") };
        assert!(at_once <= 300 && (age..=in_time).contains(&long), "{dead}: {numbers:?}");
        // An alarm with periods of an hour looks back over a week at most.
        assert!(long <= 7 * 24 * 3600, "{dead}");
        looked_at += 1;
    }
    assert_eq!(looked_at, 3);
}

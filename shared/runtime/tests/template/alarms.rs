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
        "OrdersSynced",
        "TickProblems",
        "JobsFailed",
        "AccountedBehind",
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

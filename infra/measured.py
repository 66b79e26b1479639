#!/usr/bin/env python3
"""measured.py TRANSFORMED: looks at what no linter does.

The dashboard's body is JSON and its widgets stay on the grid without covering each other. Alarms and widgets name only metrics of ours that
docs/LOGGING.md lists for that function, or as made out of each function's log, which then each log has a filter for. No role may do anything
to every resource, or anything at all.
"""

import json
import pathlib
import re
import sys

OURS = "ml-connector/${Stage}"
# What the first column of docs/LOGGING.md says of a metric that filters on the logs make. It has no dimension.
LOGS = "each function's"


def measured() -> set:
    """(function, metric) as the table in docs/LOGGING.md says."""
    page = (pathlib.Path(__file__).parent.parent / "docs/LOGGING.md").read_text(encoding="utf-8")
    found, functions = set(), []
    for line in page[page.index("## Metrics") :].splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) != 5 or cells[2] == "metric" or cells[2].startswith("-"):
            continue
        functions = cells[1].split(", ") if cells[1] else functions
        found |= {(function, metric) for function in functions for metric in re.findall(r"`(\w+)`", cells[2])}
    return found


def alarms(resources: dict, known: set) -> list:
    wrong = []
    for name, resource in resources.items():
        if resource["Type"] != "AWS::CloudWatch::Alarm" or resource["Properties"]["Namespace"] != {"Fn::Sub": OURS}:
            continue
        properties = resource["Properties"]
        dimensions = properties.get("Dimensions", [])
        functions = [one["Value"] for one in dimensions if one["Name"] == "function"] if dimensions else [LOGS]
        if len(dimensions) > 1 or len(functions) != 1:
            wrong.append(f"{name}: the function is the only dimension of our metrics")
        elif (functions[0], properties["MetricName"]) not in known:
            wrong.append(f"{name}: {functions[0]} does not measure {properties['MetricName']}")
    return wrong


def filters(resources: dict, known: set) -> list:
    """Each function's log group has a filter for each metric that is made out of logs, and for nothing else."""
    expected = {metric for function, metric in known if function == LOGS}
    made = {}
    for name, resource in resources.items():
        if resource["Type"] == "AWS::Logs::MetricFilter":
            (told,) = resource["Properties"]["MetricTransformations"]
            if told["MetricNamespace"] != {"Fn::Sub": OURS}:
                return [f"{name}: it counts into another namespace"]
            made.setdefault(resource["Properties"]["LogGroupName"]["Ref"], set()).add(told["MetricName"])
    logs = [one["Properties"]["LoggingConfig"]["LogGroup"]["Ref"] for one in resources.values() if one["Type"] == "AWS::Lambda::Function"]
    return [f"{log}: {sorted(made.get(log, set()))} is made of it, not {sorted(expected)}" for log in logs if made.get(log, set()) != expected]


def dashboard(resources: dict, known: set) -> list:
    wrong, covered = [], {}
    for widget in json.loads(resources["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"])["widgets"]:
        title = widget["properties"]["title"]
        for x in range(widget["x"], widget["x"] + widget["width"]):
            for y in range(widget["y"], widget["y"] + widget["height"]):
                if x >= 24 or (x, y) in covered:
                    wrong.append(f"dashboard: {title!r} covers {covered.get((x, y), 'the edge')!r}")
                covered[(x, y)] = title
        for namespace, metric, *dimensions in widget["properties"]["metrics"]:
            dimension, value = dimensions[:2] or ("function", LOGS)
            if namespace == OURS and (dimension != "function" or (value, metric) not in known):
                wrong.append(f"dashboard: {title!r}: {value} does not measure {metric}")
    return sorted(set(wrong))


def roles(resources: dict) -> list:
    wrong = []
    for name, resource in resources.items():
        for policy in resource["Properties"].get("Policies", []) if resource["Type"] == "AWS::IAM::Role" else []:
            for statement in policy["PolicyDocument"]["Statement"]:
                listed = [statement["Action"], statement["Resource"]]
                flat = [one for value in listed for one in (value if isinstance(value, list) else [value])]
                if any(one == "*" or (isinstance(one, str) and one.endswith(":*")) for one in flat):
                    wrong.append(f"{name}, {statement['Sid']}: a bare *")
    return wrong


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    resources = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))["Resources"]
    known = measured()
    if not known:
        sys.exit("docs/LOGGING.md: no table of metrics was found")
    wrong = alarms(resources, known) + filters(resources, known) + dashboard(resources, known) + roles(resources)
    if wrong:
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    main()

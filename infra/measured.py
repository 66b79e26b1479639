#!/usr/bin/env python3
"""measured.py TRANSFORMED: looks at what no linter does.

The dashboard's body is JSON and its widgets stay on the grid without covering each other. Alarms and widgets name only metrics of ours that
docs/LOGGING.md lists for that function. No role may do anything to every resource, or anything at all.
"""

import json
import pathlib
import re
import sys

OURS = "ml-connector/${Stage}"


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
        functions = [one["Value"] for one in properties["Dimensions"] if one["Name"] == "function"]
        if len(properties["Dimensions"]) != 1 or len(functions) != 1:
            wrong.append(f"{name}: the function is the only dimension of our metrics")
        elif (functions[0], properties["MetricName"]) not in known:
            wrong.append(f"{name}: {functions[0]} does not measure {properties['MetricName']}")
    return wrong


def dashboard(resources: dict, known: set) -> list:
    wrong, covered = [], {}
    for widget in json.loads(resources["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"])["widgets"]:
        title = widget["properties"]["title"]
        for x in range(widget["x"], widget["x"] + widget["width"]):
            for y in range(widget["y"], widget["y"] + widget["height"]):
                if x >= 24 or (x, y) in covered:
                    wrong.append(f"dashboard: {title!r} covers {covered.get((x, y), 'the edge')!r}")
                covered[(x, y)] = title
        for namespace, metric, dimension, value, *_ in widget["properties"]["metrics"]:
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
    wrong = alarms(resources, known) + dashboard(resources, known) + roles(resources)
    if wrong:
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""transform.py TEMPLATE: prints, as JSON, the CloudFormation that AWS makes of a SAM template. Offline.

Linters see far more in it than in the template: the API's routes, permissions, event source mappings and the rule are only there.
Needs the package aws-sam-translator (infra/requirements.txt).
"""

import json
import os
import sys

os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")

from samtranslator.public.exceptions import InvalidDocumentException
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse


class NoManagedPolicies:
    """The template names no managed policy in SAM's short form, so AWS need not be asked for any."""

    def load(self):
        return {}


def transformed(path, code=None):
    """The CloudFormation of the SAM template at `path`; `code` says by logical name where the code of each function lies."""
    with open(path, encoding="utf-8") as file:
        template = yaml_parse(file.read())
    # Where the code lies is told when it is uploaded; until then it must only lie somewhere.
    template.get("Globals", {}).get("Function", {}).pop("CodeUri", None)
    for name, resource in template["Resources"].items():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = (code or {}).get(name, "s3://bucket/key")
    return transform(template, {}, NoManagedPolicies())


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    try:
        made = transformed(sys.argv[1])
    except InvalidDocumentException as error:
        words = "\n".join(f"  {cause.message}" for cause in error.causes)
        sys.exit(f"{sys.argv[1]} is no valid SAM template:\n{words}")
    json.dump(made, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()

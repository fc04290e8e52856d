"""What flows stand on in AWS: CloudFormation stacks, secrets and the worker, by declaration."""

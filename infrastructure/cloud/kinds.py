"""What resources are called by people, and which of them must not be lost by accident."""

import re

NAMES = {
    "AWS::CloudWatch::Alarm": "alarm",
    "AWS::EC2::EIP": "Elastic IP",
    "AWS::EC2::InternetGateway": "internet gateway",
    "AWS::EC2::NatGateway": "NAT gateway",
    "AWS::EC2::SecurityGroup": "security group",
    "AWS::EC2::Subnet": "subnet",
    "AWS::EC2::VPC": "VPC",
    "AWS::EC2::VPCEndpoint": "VPC endpoint",
    "AWS::EC2::VPCGatewayAttachment": "attachment of the internet gateway",
    "AWS::EC2::SubnetRouteTableAssociation": "route table of a subnet",
    "AWS::ECR::Repository": "image repository",
    "AWS::ECS::Cluster": "ECS cluster",
    "AWS::ECS::ClusterCapacityProviderAssociations": "capacity providers of the cluster",
    "AWS::ECS::Service": "ECS service",
    "AWS::ECS::TaskDefinition": "task definition",
    "AWS::Events::Rule": "event rule",
    "AWS::IAM::OIDCProvider": "OpenID Connect provider",
    "AWS::IAM::Role": "role",
    "AWS::Logs::LogGroup": "log group",
    "AWS::S3::Bucket": "S3 bucket",
    "AWS::S3::BucketPolicy": "policy of an S3 bucket",
    "AWS::SNS::Topic": "SNS topic",
    "AWS::SNS::TopicPolicy": "policy of an SNS topic",
    "AWS::SNS::Subscription": "SNS subscription",
    "AWS::SQS::Queue": "SQS queue",
    "AWS::SQS::QueuePolicy": "policy of an SQS queue",
}

ADDRESSES = {
    "AWS::EC2::EIP": "its address would be lost",
    "AWS::EC2::NatGateway": "runs would leave by another address, or not at all meanwhile",
}
"""Types that decide by which address runs leave, and what their loss means."""

CONTENTS = {
    "AWS::S3::Bucket": "with the files in it",
    "AWS::ECR::Repository": "with the images in it",
    "AWS::Logs::LogGroup": "with the logs in it",
    "AWS::SQS::Queue": "with the messages in it",
}
"""Types that hold what nobody can make again."""

_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z]+")


def kind(type_name: str) -> str:
    """Return what a type of resource is called: `AWS::EC2::RouteTable` is a route table."""
    return NAMES.get(type_name) or words(type_name.rpartition("::")[2])


def words(name: str) -> str:
    """Return a name of AWS's in words: `TaskDefinition` becomes `task definition`."""
    found = _WORD.findall(name)
    return " ".join(word if len(word) > 1 and word.isupper() else word.lower() for word in found)

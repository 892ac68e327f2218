#!/bin/sh
# Usage: ./deploy.sh [STACK...]
# Does what README.md lists, in its order, and can be run again: what has not changed is left as it is. Stacks are named
# where they are not all in one account.
set -eu
cd "$(dirname "$0")"
. ./settings.sh

[ $# -gt 0 ] || set -- $STACKS
edge=
for stack in "$@"; do
  if [ ! -f "parameters/$stack.json" ]; then
    echo "There is no stack $stack; there are $STACKS." >&2
    exit 1
  fi
  [ "$stack" != PixelEdge ] || edge=1
done

if ! aws s3api head-bucket --bucket "$PACKAGE_BUCKET" $PACKAGE_BUCKET_OWNER 2>/dev/null; then
  echo "Creating the bucket $PACKAGE_BUCKET..."
  aws s3 mb "s3://$PACKAGE_BUCKET" --region "$REGION"
fi
for package in $PACKAGES; do
  aws s3api put-object --bucket "$PACKAGE_BUCKET" --key "$PACKAGE_PREFIX$package" --body "packages/$package" \
    --region "$REGION" $PACKAGE_BUCKET_OWNER >/dev/null
done

if [ -n "$IMAGE_REPOSITORY" ] && [ -n "$edge" ]; then
  registry=$(aws sts get-caller-identity --query Account --output text).dkr.ecr.$REGION.amazonaws.com
  aws ecr describe-repositories --repository-names "$IMAGE_REPOSITORY" --region "$REGION" >/dev/null 2>&1 ||
    aws ecr create-repository --repository-name "$IMAGE_REPOSITORY" --region "$REGION" --tags Key=application,Value=pixelaspire >/dev/null
  aws ecr get-login-password --region "$REGION" | docker login --username AWS --password-stdin "$registry"
  docker build --platform "$IMAGE_PLATFORM" --tag "$registry/$IMAGE_REPOSITORY:$IMAGE_TAG" image
  docker push "$registry/$IMAGE_REPOSITORY:$IMAGE_TAG"
fi

mkdir -p outputs
for stack in "$@"; do
  echo "Deploying $stack in $(region_of "$stack")..."
  ./fill.sh "$stack"
  aws cloudformation deploy --stack-name "$stack" --region "$(region_of "$stack")" \
    --template-file "cdk.out/$stack.template.json" \
    --parameter-overrides "file://parameters/$stack.filled.json" \
    --capabilities CAPABILITY_IAM --no-fail-on-empty-changeset
  rm "parameters/$stack.filled.json" "parameters/$stack.cdk"
  # For stacks in another account, from which this one cannot be seen.
  aws cloudformation describe-stacks --stack-name "$stack" --region "$(region_of "$stack")" \
    --query "Stacks[0].Outputs[].[OutputKey,OutputValue]" --output text >"outputs/$stack"
done

if [ -n "$edge" ]; then
  aws cloudformation describe-stacks --stack-name PixelEdge --region "$REGION" \
    --query "Stacks[0].Outputs[].[OutputKey,OutputValue]" --output table
fi

#!/bin/sh
# Usage: ./destroy.sh [--delete-data] [--yes]
# Deletes what deploy.sh made, so that nothing bills any more, and lists what is left. The lake stays, with every event in
# it, and bills what it stores; with --delete-data it goes too, in all versions of its objects. It can be run again.
set -eu
cd "$(dirname "$0")"
. ./settings.sh

delete_data=
yes=
for option in "$@"; do
  case $option in
    --delete-data) delete_data=1 ;;
    --yes) yes=1 ;;
    *)
      echo "Usage: ./destroy.sh [--delete-data] [--yes]" >&2
      exit 1
      ;;
  esac
done

# What is not there has no output.
output_of() {
  aws cloudformation describe-stacks --stack-name "$1" --region "$(region_of "$1")" \
    --query "Stacks[0].Outputs[?OutputKey=='$2'].OutputValue" --output text 2>/dev/null || true
}

delete_stack() {
  echo "Deleting the stack $1 in $(region_of "$1")..."
  aws cloudformation delete-stack --stack-name "$1" --region "$(region_of "$1")"
  aws cloudformation wait stack-delete-complete --stack-name "$1" --region "$(region_of "$1")"
}

# The command that deletes takes a thousand objects at a time. Pages are not followed: what was deleted is listed no more.
empty_bucket() {
  for kind in Versions DeleteMarkers; do
    while :; do
      objects=$(aws s3api list-object-versions --bucket "$1" --prefix "$2" --region "$REGION" --max-keys 1000 --no-paginate --output json \
        --query "{Objects: $kind[].{Key: Key, VersionId: VersionId}, Quiet: \`true\`}")
      case $objects in
        *'"Key"'*) ;;
        *) break ;;
      esac
      printf '%s' "$objects" >.delete.json
      failed=$(aws s3api delete-objects --bucket "$1" --region "$REGION" --delete file://.delete.json --query 'Errors[0].Message' --output text)
      rm .delete.json
      case $failed in
        '' | None) ;;
        *)
          echo "An object of $1 could not be deleted: $failed" >&2
          exit 1
          ;;
      esac
      printf .
    done
  done
  echo
}

has_bucket() { aws s3api head-bucket --bucket "$1" --region "$REGION" $2 >/dev/null 2>&1; }

# A bucket whose stack is gone can only be found again by this file.
lake_bucket=$(output_of PixelLake LakeBucketName)
case $lake_bucket in
  '' | None) lake_bucket=$(cat lake-bucket 2>/dev/null || true) ;;
  *) echo "$lake_bucket" >lake-bucket ;;
esac

if [ -z "$yes" ]; then
  if [ -n "$delete_data" ]; then
    echo "This deletes the stacks $STACKS, and every event in ${lake_bucket:-the lake}, for good."
  else
    echo "This deletes the stacks $STACKS, except PixelLake and its events."
  fi
  queue=$(output_of PixelEdge OverflowQueueUrl)
  waiting=$(aws sqs get-queue-attributes --queue-url "$queue" --region "$REGION" --attribute-names ApproximateNumberOfMessages \
    --query Attributes.ApproximateNumberOfMessages --output text 2>/dev/null || true)
  case $waiting in
    '' | None | 0) ;;
    *) echo "$waiting events still wait in the overflow queue, and go with it: the worker's job redrive sends them to the lake." ;;
  esac
  printf 'Type delete to go on: '
  read -r answer || answer=
  if [ "$answer" != delete ]; then
    echo "Nothing was deleted."
    exit 1
  fi
fi

# Backwards: whatever uses something goes before it.
backwards=
for stack in $STACKS; do
  backwards="$stack $backwards"
done
for stack in $backwards; do
  if [ "$stack" != PixelLake ]; then
    delete_stack "$stack"
  fi
done

if [ -n "$delete_data" ]; then
  for output in WorkgroupName MaintenanceWorkgroupName; do
    workgroup=$(output_of PixelLake "$output")
    case $workgroup in
      '' | None) ;;
      *)
        echo "Deleting the workgroup $workgroup with its queries..."
        aws athena delete-work-group --work-group "$workgroup" --recursive-delete-option --region "$REGION"
        ;;
    esac
  done
  # First the stack, and the stream in it: Firehose could put more events into an empty bucket.
  delete_stack PixelLake
  if [ -n "$lake_bucket" ] && has_bucket "$lake_bucket" ""; then
    echo "Emptying $lake_bucket, a thousand objects a dot..."
    empty_bucket "$lake_bucket" ""
    aws s3 rb "s3://$lake_bucket" --region "$REGION"
    rm -f lake-bucket
  fi
fi

if has_bucket "$PACKAGE_BUCKET" "$PACKAGE_BUCKET_OWNER"; then
  echo "Deleting the packages in $PACKAGE_BUCKET..."
  empty_bucket "$PACKAGE_BUCKET" "$PACKAGE_PREFIX"
  if [ -n "$PACKAGE_BUCKET_IS_OURS" ]; then
    aws s3 rb "s3://$PACKAGE_BUCKET" --region "$REGION"
  fi
fi
if [ -n "$IMAGE_REPOSITORY" ]; then
  aws ecr delete-repository --repository-name "$IMAGE_REPOSITORY" --region "$REGION" --force >/dev/null 2>&1 || true
fi

echo "What is left:"
left=
for stack in $STACKS; do
  status=$(aws cloudformation describe-stacks --stack-name "$stack" --region "$(region_of "$stack")" --query 'Stacks[0].StackStatus' --output text 2>/dev/null || true)
  if [ -n "$status" ]; then
    left=1
    echo "  stack $stack: $status"
  fi
done
for bucket in "$lake_bucket" "$PACKAGE_BUCKET"; do
  owner=
  [ "$bucket" != "$PACKAGE_BUCKET" ] || owner=$PACKAGE_BUCKET_OWNER
  if [ -n "$bucket" ] && has_bucket "$bucket" "$owner"; then
    left=1
    echo "  bucket $bucket"
  fi
done
# What AWS itself keeps a while, such as a secret that is being deleted, is in this list too.
for region in $(printf '%s\n' "$REGION" us-east-1 | sort -u); do
  for arn in $(aws resourcegroupstaggingapi get-resources --region "$region" --tag-filters Key=application,Values=pixelaspire \
    --query 'ResourceTagMappingList[].ResourceARN' --output text 2>/dev/null || true); do
    if [ "$arn" != None ]; then
      left=1
      echo "  $arn"
    fi
  done
done
[ -n "$left" ] || echo "  nothing"

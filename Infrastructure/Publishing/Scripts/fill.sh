#!/bin/sh
# Usage: ./fill.sh STACK
# Writes parameters/STACK.filled.json: parameters/STACK.json with ${Stack.Output} replaced by that output of a stack that
# is deployed already, here or, as deploy.sh has written it down, in another account, ${PackageBucket} by the name of the
# bucket of the packages, and the secrets that are in the environment under their names added; what is not there stays as it
# was deployed. parameters/STACK.cdk has the same for cdk.
set -eu
cd "$(dirname "$0")"
. ./settings.sh

umask 077
from=parameters/$1.json
to=parameters/$1.filled.json
cp "$from" "$to"
for place in $(grep -o '\${[A-Za-z]*\.[A-Za-z]*}' "$from" | sort -u); do
  name=${place#??}
  name=${name%?}
  stack=${name%.*}
  output=${name#*.}
  if ! value=$(aws cloudformation describe-stacks --stack-name "$stack" --region "$(region_of "$stack")" \
    --query "Stacks[0].Outputs[?OutputKey=='$output'].OutputValue" --output text 2>.fill.error); then
    if [ ! -f "outputs/$stack" ]; then
      cat .fill.error >&2
      rm .fill.error "$to"
      exit 1
    fi
    value=$(awk -F '\t' -v output="$output" '$1 == output { print $2 }' "outputs/$stack")
  fi
  rm .fill.error
  if [ -z "$value" ] || [ "$value" = None ]; then
    rm "$to"
    echo "$stack has no output $output: is it deployed, in $(region_of "$stack")?" >&2
    exit 1
  fi
  sed "s|\${$name}|$value|" "$to" >"$to.new"
  mv "$to.new" "$to"
done
sed "s|\${PackageBucket}|$PACKAGE_BUCKET|" "$to" >"$to.new"
mv "$to.new" "$to"
for secret in $SECRETS; do
  name=${secret#*.}
  if [ "$secret" = "$1.$name" ] && [ -n "$(printenv "$name" || true)" ]; then
    awk -v name="$name" 'NR == 1 { print; printf "  {\n    \"ParameterKey\": \"%s\",\n    \"ParameterValue\": \"%s\"\n  },\n", name, ENVIRON[name]; next } { print }' "$to" >"$to.new"
    mv "$to.new" "$to"
  fi
done
awk -F'"' -v stack="$1" '/"ParameterKey"/ { key = $4 } /"ParameterValue"/ { sub(/^[^:]*: "/, ""); sub(/"$/, ""); printf "--parameters \"%s:%s=%s\"\n", stack, key, $0 }' "$to" >"parameters/$1.cdk"

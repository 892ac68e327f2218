// Prints what the rules of cdk-nag find in the templates of a folder, as JSON: node check.mjs FOLDER
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { AwsSolutionsChecks } from 'cdk-nag';

const folder = process.argv[2];
const found = [];
for (const file of readdirSync(folder).sort()) {
  const app = new App({ analyticsReporting: false, treeMetadata: false });
  new CfnInclude(new Stack(app, 'Stack'), 'Template', { templateFile: join(folder, file) });
  for (const violation of new AwsSolutionsChecks(app).validateScope(app).violations) {
    // AwsSolutions-IAM5[Resource::*] is a rule and what it found.
    const [, rule, detail] = /^([^[]+)(?:\[(.*)\])?$/.exec(violation.ruleName);
    for (const resource of violation.violatingResources) {
      found.push({
        template: basename(file, '.json'),
        rule,
        found: resource.constructPath.split('/').at(-1) + (detail === undefined ? '' : ` ${detail}`),
        says: violation.description,
      });
    }
  }
}
console.log(JSON.stringify(found));

// Prints, as one JSON object, what the SDK for JavaScript sees. The endpoint and the keys come from the usual
// AWS_… variables, the bucket and the database from the arguments.
import { Readable } from "node:stream";
import {
  GetObjectCommand, ListBucketsCommand, ListObjectsV2Command, PutObjectCommand, S3Client, paginateListObjectsV2,
} from "@aws-sdk/client-s3";
import { FirehoseClient, ListDeliveryStreamsCommand } from "@aws-sdk/client-firehose";
import { GetTablesCommand, GlueClient } from "@aws-sdk/client-glue";
import {
  AthenaClient, GetQueryExecutionCommand, GetQueryResultsCommand, StartQueryExecutionCommand,
} from "@aws-sdk/client-athena";

const [bucket, database] = process.argv.slice(2);
const seen = {};

const s3 = new S3Client({ forcePathStyle: true });
await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "js/text ü", Body: "from a string", Metadata: { who: "js" } }));
// A stream has no checksum before it ends: the SDK sends it in a trailer.
await s3.send(new PutObjectCommand({
  Bucket: bucket, Key: "js/stream", Body: Readable.from([Buffer.alloc(70000, "a"), Buffer.from("end")]), ContentLength: 70003,
}));
const got = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: "js/text ü" }));
seen.text = await got.Body.transformToString();
seen.metadata = got.Metadata.who;
const streamed = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: "js/stream" }));
seen.streamed = (await streamed.Body.transformToByteArray()).length;
seen.buckets = (await s3.send(new ListBucketsCommand({}))).Buckets.map((b) => b.Name);
seen.prefixes = (await s3.send(new ListObjectsV2Command({ Bucket: bucket, Delimiter: "/" }))).CommonPrefixes?.map((p) => p.Prefix);
seen.keys = [];
for await (const page of paginateListObjectsV2({ client: s3, pageSize: 1 }, { Bucket: bucket })) {
  seen.keys.push(...(page.Contents ?? []).map((o) => o.Key));
}
try {
  await s3.send(new GetObjectCommand({ Bucket: bucket, Key: "none" }));
} catch (error) {
  seen.error = error.name;
}

const firehose = new FirehoseClient({});
seen.streams = (await firehose.send(new ListDeliveryStreamsCommand({}))).DeliveryStreamNames;

const glue = new GlueClient({});
seen.tables = (await glue.send(new GetTablesCommand({ DatabaseName: database }))).TableList.map((t) => t.Name);

const athena = new AthenaClient({});
const { QueryExecutionId } = await athena.send(new StartQueryExecutionCommand({
  QueryString: "SELECT 1 AS one, 'a' AS letter",
  QueryExecutionContext: { Database: database },
  ResultConfiguration: { OutputLocation: `s3://${bucket}/athena-results/` },
}));
let state;
do {
  ({ QueryExecution: { Status: state } } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId })));
} while (state.State === "QUEUED" || state.State === "RUNNING");
seen.state = state.StateChangeReason ?? state.State;
if (state.State === "SUCCEEDED") {
  const { ResultSet } = await athena.send(new GetQueryResultsCommand({ QueryExecutionId }));
  seen.rows = ResultSet.Rows.map((row) => row.Data.map((cell) => cell.VarCharValue));
}

console.log(JSON.stringify(seen));

// The vendors' official clients against `agentops serve`.
// Usage: node clients.mjs http://127.0.0.1:PORT
import Anthropic from '@anthropic-ai/sdk';
import OpenAI, { AzureOpenAI } from 'openai';
import { GoogleGenAI } from '@google/genai';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { BedrockClient, CreateModelInvocationJobCommand, GetModelInvocationJobCommand, ListModelInvocationJobsCommand, StopModelInvocationJobCommand } from '@aws-sdk/client-bedrock';
import { DeleteObjectCommand, GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { check, end } from './checks.mjs';

const base = process.argv[2];
const same = (actual, expected, what = 'value') => {
  const [a, e] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== e) throw new Error(`${what} is ${a}, expected ${e}`);
};
const fails = async (call, test) => {
  let error;
  try { await call(); } catch (caught) { error = caught; }
  if (!error) throw new Error('no error came');
  if (!test(error)) throw new Error(`another error came: ${error.status ?? error.name} ${error.message}`);
};
const schema = { type: 'object', properties: { drive: { type: 'string' } } };
const call = { drive: 'C', deep: { list: [1, 2] } };

const openai = new OpenAI({ baseURL: `${base}/v1`, apiKey: 'none', maxRetries: 0 });
const oaTools = ['get_disk', 'get_date'].map(name => ({ type: 'function', function: { name, parameters: schema } }));
const oa = (content, more = {}) => openai.chat.completions.create({ model: 'm', messages: [{ role: 'user', content }], ...more });
await check('openai chat', async () => {
  const answer = await oa('plain');
  same(answer.choices[0].message.content, 'Hello from the stand.');
  same([answer.usage.prompt_tokens, answer.usage.completion_tokens, answer.usage.prompt_tokens_details.cached_tokens], [12, 5, 4], 'usage');
});
await check('openai stream', async () => {
  let text = '', usage;
  for await (const chunk of await oa('plain', { stream: true, stream_options: { include_usage: true } })) {
    text += chunk.choices[0]?.delta?.content ?? '';
    usage = chunk.usage ?? usage;
  }
  same(text, 'Hello from the stand.');
  same(usage.completion_tokens, 5, 'usage');
});
await check('openai tools', async () => {
  const first = await oa('tool', { tools: oaTools });
  const message = first.choices[0].message;
  same(first.choices[0].finish_reason, 'tool_calls');
  same(JSON.parse(message.tool_calls[0].function.arguments), call);
  const second = await openai.chat.completions.create({
    model: 'm', tools: oaTools,
    messages: [{ role: 'user', content: 'tool' }, message, { role: 'tool', tool_call_id: message.tool_calls[0].id, content: '{"free":7}' }],
  });
  same(second.choices[0].message.content, 'The disk has 7 GB.');
});
await check('openai parallel tools, streamed', async () => {
  const stream = openai.chat.completions.stream({ model: 'm', tools: oaTools, messages: [{ role: 'user', content: 'parallel' }] });
  const final = await stream.finalChatCompletion();
  same(final.choices[0].message.tool_calls.map(c => [c.function.name, JSON.parse(c.function.arguments)]), [['get_disk', { drive: 'C' }], ['get_date', {}]]);
});
await check('openai errors', async () => {
  await fails(() => oa('too fast'), e => e instanceof OpenAI.RateLimitError && e.code === 'rate_limit_exceeded');
  await fails(() => oa('no money'), e => e.status === 429 && e.code === 'insufficient_quota');
  await fails(() => oa('overloaded'), e => e.status === 503);
  await fails(async () => { for await (const _ of await oa('torn', { stream: true })); }, () => true);
  await fails(async () => { for await (const _ of await oa('broken', { stream: true })); }, () => true);
});
await check('openai retries as told', async () => {
  const retrying = new OpenAI({ baseURL: `${base}/v1`, apiKey: 'none', maxRetries: 1 });
  same((await retrying.chat.completions.create({ model: 'm', messages: [{ role: 'user', content: 'recovers' }] })).choices[0].message.content, 'recovered');
});

const ended = async (get, isEnded) => {
  for (let tries = 0; tries < 200; tries++) {
    const state = await get();
    if (isEnded(state)) return state;
    await new Promise(resolve => setTimeout(resolve, 20));
  }
  throw new Error('the batch did not end');
};
await check('openai batches', async () => {
  const line = (custom_id, content) => JSON.stringify({ custom_id, method: 'POST', url: '/v1/chat/completions', body: { model: 'm', messages: [{ role: 'user', content }] } });
  const file = await openai.files.create({ purpose: 'batch', file: await OpenAI.toFile(Buffer.from(`${line('a', 'plain')}\n${line('b', 'no money')}\n`), 'in.jsonl') });
  const made = await openai.batches.create({ input_file_id: file.id, endpoint: '/v1/chat/completions', completion_window: '24h', metadata: { by: 'me' } });
  const batch = await ended(() => openai.batches.retrieve(made.id), state => state.status === 'completed');
  same([batch.request_counts, batch.metadata], [{ total: 2, completed: 1, failed: 1 }, { by: 'me' }]);
  const read = async id => (await (await openai.files.content(id)).text()).trim().split('\n').map(JSON.parse);
  const [answer] = await read(batch.output_file_id);
  same([answer.custom_id, answer.response.status_code, answer.response.body.choices[0].message.content], ['a', 200, 'Hello from the stand.']);
  const [error] = await read(batch.error_file_id);
  same([error.custom_id, error.response.status_code, error.response.body.error.code], ['b', 429, 'insufficient_quota']);
  same((await openai.batches.list()).data.map(b => b.id), [batch.id]);
  await fails(() => openai.batches.retrieve('batch_none'), e => e.status === 404);
});

const azure = new AzureOpenAI({ endpoint: base, apiKey: 'none', apiVersion: '2024-10-21', maxRetries: 0 });
await check('azure batches', async () => {
  const line = JSON.stringify({ custom_id: 'a', method: 'POST', url: '/chat/completions', body: { model: 'deployment', messages: [{ role: 'user', content: 'plain' }] } });
  const file = await azure.files.create({ purpose: 'batch', file: await OpenAI.toFile(Buffer.from(line), 'in.jsonl') });
  same([file.status, (await azure.files.retrieve(file.id)).status], ['pending', 'processed']);
  const made = await azure.batches.create({ input_file_id: file.id, endpoint: '/chat/completions', completion_window: '24h' });
  const batch = await ended(() => azure.batches.retrieve(made.id), state => state.status === 'completed');
  same(JSON.parse(await (await azure.files.content(batch.output_file_id)).text()).response.body.choices[0].message.content, 'Hello from the stand.');
});

const anthropic = new Anthropic({ baseURL: base, apiKey: 'none', maxRetries: 0 });
const anTools = ['get_disk', 'get_date'].map(name => ({ name, input_schema: schema }));
const an = (content, more = {}) => anthropic.messages.create({ model: 'm', max_tokens: 100, messages: [{ role: 'user', content }], ...more });
await check('anthropic chat', async () => {
  const answer = await an('plain');
  same(answer.content[0].text, 'Hello from the stand.');
  same([answer.usage.input_tokens, answer.usage.cache_read_input_tokens, answer.usage.output_tokens], [8, 4, 5], 'usage');
});
await check('anthropic stream', async () => {
  const final = await anthropic.messages.stream({ model: 'm', max_tokens: 100, messages: [{ role: 'user', content: 'plain' }] }).finalMessage();
  same([final.content[0].text, final.stop_reason, final.usage.output_tokens], ['Hello from the stand.', 'end_turn', 5]);
});
await check('anthropic tools', async () => {
  const stream = anthropic.messages.stream({ model: 'm', max_tokens: 100, tools: anTools, messages: [{ role: 'user', content: 'tool' }] });
  const first = await stream.finalMessage();
  const use = first.content.find(block => block.type === 'tool_use');
  same([first.stop_reason, use.input], ['tool_use', call]);
  const second = await an('tool', {
    tools: anTools,
    messages: [{ role: 'user', content: 'tool' }, { role: 'assistant', content: first.content },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: use.id, content: '{"free":7}' }] }],
  });
  same(second.content[0].text, 'The disk has 7 GB.');
});
await check('anthropic parallel tools', async () => {
  const answer = await an('parallel', { tools: anTools });
  same(answer.content.map(block => [block.name, block.input]), [['get_disk', { drive: 'C' }], ['get_date', {}]]);
});
await check('anthropic errors', async () => {
  await fails(() => an('too fast'), e => e instanceof Anthropic.RateLimitError);
  await fails(() => an('overloaded'), e => e.status === 529);
  await fails(() => anthropic.messages.create({ model: 'm', messages: [{ role: 'user', content: 'x' }] }), e => e.status === 400);
  await fails(async () => { for await (const _ of await an('broken', { stream: true })); }, e => /overloaded/i.test(e.message));
});

await check('anthropic batches', async () => {
  const params = content => ({ model: 'm', max_tokens: 100, messages: [{ role: 'user', content }] });
  const made = await anthropic.messages.batches.create({ requests: [{ custom_id: 'a', params: params('plain') }, { custom_id: 'b', params: params('overloaded') }] });
  const batch = await ended(() => anthropic.messages.batches.retrieve(made.id), state => state.processing_status === 'ended');
  same([batch.request_counts.succeeded, batch.request_counts.errored], [1, 1]);
  const results = [];
  for await (const result of await anthropic.messages.batches.results(batch.id)) results.push(result);
  same([results[0].custom_id, results[0].result.message.content[0].text], ['a', 'Hello from the stand.']);
  same([results[1].result.type, results[1].result.error.error.type], ['errored', 'overloaded_error']);
  await fails(() => anthropic.messages.batches.retrieve('msgbatch_none'), e => e.status === 404);
});

const google = new GoogleGenAI({ apiKey: 'none', httpOptions: { baseUrl: base, retryOptions: { attempts: 1 } } });
const goTools = [{ functionDeclarations: ['get_disk', 'get_date'].map(name => ({ name, parametersJsonSchema: schema })) }];
const go = (contents, config = {}) => google.models.generateContent({ model: 'm', contents, config });
await check('gemini chat', async () => {
  const answer = await go('plain');
  same([answer.text, answer.usageMetadata.candidatesTokenCount], ['Hello from the stand.', 5]);
});
await check('gemini stream', async () => {
  let text = '';
  for await (const chunk of await google.models.generateContentStream({ model: 'm', contents: 'plain' })) text += chunk.text ?? '';
  same(text, 'Hello from the stand.');
});
await check('gemini tools', async () => {
  const first = await go('tool', { tools: goTools });
  same(first.functionCalls[0].args, call);
  const second = await go([{ role: 'user', parts: [{ text: 'tool' }] }, first.candidates[0].content,
    { role: 'user', parts: [{ functionResponse: { id: first.functionCalls[0].id, name: 'get_disk', response: { output: { free: 7 } } } }] }], { tools: goTools });
  same(second.text, 'The disk has 7 GB.');
});
await check('gemini parallel tools', async () => {
  same((await go('parallel', { tools: goTools })).functionCalls.map(c => [c.name, c.args]), [['get_disk', { drive: 'C' }], ['get_date', {}]]);
});
await check('gemini errors', async () => {
  await fails(() => go('too fast'), e => e.status === 429);
  await fails(() => go('overloaded'), e => e.status === 503);
});

await check('gemini batches', async () => {
  const src = ['plain', 'overloaded'].map((text, i) => ({ contents: [{ role: 'user', parts: [{ text }] }], metadata: { key: `k${i}` } }));
  const made = await google.batches.create({ model: 'm', src, config: { displayName: 'one' } });
  const batch = await ended(() => google.batches.get({ name: made.name }), state => state.state === 'JOB_STATE_SUCCEEDED');
  same([batch.displayName, batch.model, batch.dest.inlinedResponses.map(r => r.metadata.key)], ['one', 'models/m', ['k0', 'k1']]);
  same([batch.dest.inlinedResponses[0].response.candidates[0].content.parts[0].text, batch.dest.inlinedResponses[1].error.code], ['Hello from the stand.', 14]);
  const names = [];
  for await (const item of await google.batches.list()) names.push(item.name);
  same(names, [made.name]);
  await google.batches.cancel({ name: made.name });
  await fails(() => google.batches.get({ name: 'batches/none' }), e => e.status === 404);
});

// This client speaks HTTP/2 without TLS by default, which the server does not; over HTTP/1.1 the protocol is the same.
const bedrock = new BedrockRuntimeClient({
  requestHandler: new NodeHttpHandler(),
  endpoint: base, region: 'us-east-1', maxAttempts: 1, credentials: { accessKeyId: 'AKIDEXAMPLE000', secretAccessKey: 'none' },
});
const text = content => [{ role: 'user', content: [{ text: content }] }];
const brTools = { tools: ['get_disk', 'get_date'].map(name => ({ toolSpec: { name, inputSchema: { json: schema } } })) };
const br = (messages, more = {}) => bedrock.send(new ConverseCommand({ modelId: 'vendor.m-v1:0', messages, ...more }));
await check('bedrock chat', async () => {
  const answer = await br(text('plain'));
  same([answer.output.message.content[0].text, answer.stopReason, answer.usage.outputTokens], ['Hello from the stand.', 'end_turn', 5]);
});
const collect = async messages => {
  const answer = await bedrock.send(new ConverseStreamCommand({ modelId: 'vendor.m-v1:0', messages, toolConfig: brTools }));
  const seen = { text: '', tools: [], usage: null };
  for await (const event of answer.stream) {
    seen.text += event.contentBlockDelta?.delta?.text ?? '';
    if (event.contentBlockStart?.start?.toolUse) seen.tools.push({ name: event.contentBlockStart.start.toolUse.name, input: '' });
    if (event.contentBlockDelta?.delta?.toolUse) seen.tools.at(-1).input += event.contentBlockDelta.delta.toolUse.input;
    seen.usage = event.metadata?.usage ?? seen.usage;
  }
  return seen;
};
await check('bedrock stream', async () => {
  const seen = await collect(text('plain'));
  same([seen.text, seen.usage.outputTokens], ['Hello from the stand.', 5]);
});
await check('bedrock tools', async () => {
  const first = await br(text('tool'), { toolConfig: brTools });
  const use = first.output.message.content.find(block => block.toolUse).toolUse;
  same(use.input, call);
  const second = await br([...text('tool'), first.output.message,
    { role: 'user', content: [{ toolResult: { toolUseId: use.toolUseId, content: [{ json: { free: 7 } }] } }] }], { toolConfig: brTools });
  same(second.output.message.content[0].text, 'The disk has 7 GB.');
});
await check('bedrock parallel tools, streamed', async () => {
  same((await collect(text('parallel'))).tools.map(t => [t.name, JSON.parse(t.input)]), [['get_disk', { drive: 'C' }], ['get_date', {}]]);
});
await check('bedrock errors', async () => {
  await fails(() => br(text('too fast')), e => e.name === 'ThrottlingException');
  await fails(() => br(text('no money')), e => e.name === 'ServiceQuotaExceededException');
  await fails(() => collect(text('broken')), e => /ServiceUnavailable/i.test(e.name));
});

const aws = { requestHandler: new NodeHttpHandler(), region: 'us-east-1', maxAttempts: 1, credentials: { accessKeyId: 'AKIDEXAMPLE000', secretAccessKey: 'none' } };
const jobs = new BedrockClient({ ...aws, endpoint: base });
const s3 = new S3Client({ ...aws, endpoint: `${base}/s3`, forcePathStyle: true });
const put = (Key, Body) => s3.send(new PutObjectCommand({ Bucket: 'bucket', Key, Body }));
const listed = async (Prefix, more = {}) => (await s3.send(new ListObjectsV2Command({ Bucket: 'bucket', Prefix, ...more })));
await check('s3 objects', async () => {
  for (const key of ['s/a b', 's/c+d/e', 's/ü']) await put(key, `body of ${key}`);
  same(await (await s3.send(new GetObjectCommand({ Bucket: 'bucket', Key: 's/c+d/e' }))).Body.transformToString(), 'body of s/c+d/e');
  same((await s3.send(new HeadObjectCommand({ Bucket: 'bucket', Key: 's/a b' }))).ContentLength, 13);
  same((await listed('s/')).Contents.map(o => o.Key), ['s/a b', 's/c+d/e', 's/ü']);
  const page = await listed('s/', { MaxKeys: 2 });
  same([page.IsTruncated, (await listed('s/', { ContinuationToken: page.NextContinuationToken })).Contents.map(o => o.Key)], [true, ['s/ü']]);
  await s3.send(new DeleteObjectCommand({ Bucket: 'bucket', Key: 's/ü' }));
  await fails(() => s3.send(new GetObjectCommand({ Bucket: 'bucket', Key: 's/ü' })), e => e.name === 'NoSuchKey');
  await fails(() => s3.send(new ListObjectsV2Command({ Bucket: 'nowhere' })), e => e.name === 'NoSuchBucket');
});
const job = (jobName, key, more = {}) => jobs.send(new CreateModelInvocationJobCommand({
  jobName, modelId: 'vendor.m-v1:0', modelInvocationType: 'Converse', roleArn: 'arn:aws:iam::123456789012:role/Batch',
  inputDataConfig: { s3InputDataConfig: { s3Uri: `s3://bucket/${key}` } }, outputDataConfig: { s3OutputDataConfig: { s3Uri: 's3://bucket/out/' } }, ...more,
}));
const jobEnded = (jobIdentifier, status) => ended(() => jobs.send(new GetModelInvocationJobCommand({ jobIdentifier })), state => state.status === status);
const records = (count, say = i => i === 7 ? 'too fast' : 'plain') => Array.from({ length: count }, (_, i) => JSON.stringify({ recordId: `r${i}`, modelInput: { messages: text(say(i)) } })).join('\n');
await check('bedrock batches', async () => {
  await put('in/records.jsonl', records(100));
  const { jobArn } = await job('one', 'in/records.jsonl', { clientRequestToken: 'token' });
  same((await job('one', 'in/records.jsonl', { clientRequestToken: 'token' })).jobArn, jobArn, 'the job of a token sent twice');
  const done = await jobEnded(jobArn, 'Completed');
  same([done.jobName, done.totalRecordCount, done.successRecordCount, done.errorRecordCount, done.submitTime instanceof Date], ['one', 100, 99, 1, true]);
  const keys = (await listed(`out/${jobArn.split('/').at(-1)}/`)).Contents.map(o => o.Key.split('/').at(-1));
  same(keys, ['manifest.json.out', 'records.jsonl.out']);
  const file = await (await s3.send(new GetObjectCommand({ Bucket: 'bucket', Key: `out/${jobArn.split('/').at(-1)}/records.jsonl.out` }))).Body.transformToString();
  const lines = file.trim().split('\n').map(JSON.parse);
  same(lines[0].modelOutput.output.message.content[0].text, 'Hello from the stand.');
  same([lines[7].recordId, lines[7].error.errorCode, lines[7].modelOutput], ['r7', 429, undefined]);
  await put('in/few.jsonl', records(99));
  const few = await jobEnded((await job('few', 'in/few.jsonl')).jobArn, 'Failed');
  if (!/minimum of 100/.test(few.message)) throw new Error(few.message);
  same((await jobs.send(new ListModelInvocationJobsCommand({ nameContains: 'on' }))).invocationJobSummaries.map(j => j.jobName), ['one']);
  await jobs.send(new StopModelInvocationJobCommand({ jobIdentifier: jobArn }));
  await fails(() => jobs.send(new GetModelInvocationJobCommand({ jobIdentifier: 'abcdefghij12' })), e => e.name === 'ResourceNotFoundException');
  await fails(() => job('native', 'in/few.jsonl', { modelInvocationType: 'InvokeModel' }), e => e.name === 'ValidationException');
});

end();

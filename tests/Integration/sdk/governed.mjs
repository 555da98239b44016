// OpenAI's official client against a governed route.
// Usage: node governed.mjs http://127.0.0.1:PORT KEY      (the route's budget lets two answers through and no third)
import OpenAI from 'openai';
import { check, end, expect } from './checks.mjs';

const [base, apiKey] = process.argv.slice(2);
const openai = new OpenAI({
  baseURL: `${base}/v1`, apiKey,
  defaultHeaders: { 'X-AgentOps-Data-Class': 'internal', 'X-AgentOps-Task': 'sdk' },
});
const ask = (client, more = {}) => client.chat.completions.create({ model: 'any', messages: [{ role: 'user', content: 'hi' }], max_tokens: 50, ...more });

await check('a wrong key', async () => {
  const error = await ask(new OpenAI({ baseURL: `${base}/v1`, apiKey: 'wrong' })).catch(caught => caught);
  expect(error instanceof OpenAI.AuthenticationError && error.code === 'invalid_api_key', `another end came: ${error}`);
});
await check('models', async () => expect((await openai.models.list()).data[0].id === 'chat', 'another model'));
await check('chat', async () => {
  const answer = await ask(openai);
  expect(answer.choices[0].message.content === 'Hello.' && answer.usage.completion_tokens === 9, JSON.stringify(answer));
});
await check('stream', async () => {
  let text = '', usage;
  for await (const chunk of await ask(openai, { stream: true, stream_options: { include_usage: true } })) {
    text += chunk.choices[0]?.delta?.content ?? '';
    usage = chunk.usage ?? usage;
  }
  expect(text === 'Hello.' && usage.completion_tokens === 9, text);
});
await check('a spent budget, asked once', async () => {
  const error = await ask(openai, { stream: true }).catch(caught => caught);
  expect(error instanceof OpenAI.RateLimitError && error.code === 'insufficient_quota' && /budget 'b'/.test(error.message), `another end came: ${error}`);
});
end();

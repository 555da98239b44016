// OpenAI's official client with an agent's token in the place of its key.
// Usage: node agent.mjs http://127.0.0.1:PORT TOKEN      (the agent is suspended when "streaming" was printed)
import OpenAI from 'openai';
import { check, end, expect } from './checks.mjs';

const [base, token] = process.argv.slice(2);
const client = (apiKey, dataClass = 'internal') => new OpenAI({ baseURL: `${base}/v1`, apiKey, defaultHeaders: { 'X-AgentOps-Data-Class': dataClass } });
const openai = client(async () => token);
const ask = (by, content, more = {}) => by.chat.completions.create({ model: 'any', messages: [{ role: 'user', content }], max_tokens: 50, ...more });
const refused = async (call, type, code, words) => {
  const error = await call.catch(caught => caught);
  expect(error instanceof type && error.code === code && words.test(error.message), `another end came: ${error}`);
};

await check('chat', async () => expect((await ask(openai, 'hi')).choices[0].message.content === 'Hello.', 'another answer'));
await check('a spoilt token', () => refused(ask(client(token.slice(0, -2)), 'hi'), OpenAI.AuthenticationError, 'invalid_api_key', /not accepted/));
await check('a forbidden class', () => refused(ask(client(token, 'secret'), 'hi'), OpenAI.PermissionDeniedError, 'insufficient_permissions', /may not be used/));
await check('a stream that a suspension ends', async () => {
  const seen = [];
  const reading = (async () => {
    for await (const chunk of await ask(openai, 'slow', { stream: true })) {
      if (seen.push(chunk) === 2) console.log('streaming');
    }
  })();
  await refused(reading, OpenAI.APIError, 'insufficient_permissions', /suspended/);
  expect(seen.length < 100, `${seen.length} pieces came`);
});
await check('a suspended agent', () => refused(ask(openai, 'hi'), OpenAI.PermissionDeniedError, 'insufficient_permissions', /suspended/));
end();

// @copilotkit/aimock as a server, for our adapters to be tested against. Prints its address, ends with its standard input.
import { LLMock } from '@copilotkit/aimock';

const mock = new LLMock({ port: 0 });
mock.onMessage(/plain/, { content: 'Hello from the mock.' });
mock.onMessage(/tool/, { toolCalls: [{ name: 'get_disk', arguments: '{"drive":"C"}' }] });
await mock.start();
console.log(mock.url);
process.stdin.resume();
process.stdin.on('end', async () => { await mock.stop(); process.exit(0); });

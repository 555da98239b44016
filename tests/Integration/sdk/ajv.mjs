// Says for each line {"schema", "value"} of a file whether the value fits the schema (JSON Schema 2020-12): node ajv.mjs FILE
import { readFileSync } from 'node:fs';
import Ajv from 'ajv/dist/2020.js';

const ajv = new Ajv.default({ strict: false, validateFormats: false });
for (const line of readFileSync(process.argv[2], 'utf8').split('\n').filter(Boolean)) {
  const { schema, value } = JSON.parse(line);
  console.log(ajv.validate(schema, value));
}

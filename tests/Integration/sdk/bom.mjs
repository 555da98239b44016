// Judges a bill of materials by the published schema of CycloneDX 1.6: node bom.mjs FILE; exit code 0 when it holds.
import { readFileSync } from 'node:fs';
import Ajv from 'ajv';

const read = (path) => JSON.parse(readFileSync(path, 'utf8'));
const schemas = new URL('node_modules/@cyclonedx/cyclonedx-library/res/schema/', import.meta.url);
const [bill, ...others] = ['bom-1.6.SNAPSHOT', 'jsf-0.82.SNAPSHOT', 'spdx.SNAPSHOT'].map((name) => `${name}.schema.json`);
const ajv = new Ajv.default({ strict: false, validateFormats: false });
others.forEach((name) => ajv.addSchema({ ...read(new URL(name, schemas)), $id: `http://cyclonedx.org/schema/${name}` }));
if (!ajv.validate(read(new URL(bill, schemas)), read(process.argv[2]))) {
  console.error(ajv.errors[0].instancePath, ajv.errors[0].message);
  process.exitCode = 1;
}

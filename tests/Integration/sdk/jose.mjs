// Verifies an agent's token as a service does that knows only the key set: node jose.mjs KEYSET TOKEN ISSUER AUDIENCE [NOW]
import { readFileSync } from 'node:fs';
import { createLocalJWKSet, jwtVerify } from 'jose';

const [keySet, token, issuer, audience, now] = process.argv.slice(2);
const keys = createLocalJWKSet(JSON.parse(readFileSync(keySet, 'utf8')));
try {
  const { payload, protectedHeader } = await jwtVerify(token, keys, {
    issuer, audience, algorithms: ['ES256'], requiredClaims: ['exp', 'nbf', 'jti', 'sub', 'act'],
    currentDate: now ? new Date(now) : undefined,
  });
  console.log(JSON.stringify({ payload, protectedHeader }));
} catch (fault) {
  console.log(JSON.stringify({ refused: fault.code, claim: fault.claim }));
}

/**
 * The snippets, as far as they can be tried without their CMS: node --test integrations/snippets.test.mjs
 *
 * Run by hand, as the run.sh of the systems; what needs no Node is in tests/service/test_integrations.py.
 */

import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

const here = import.meta.dirname;
const example = (name) => JSON.parse(readFileSync(join(here, name, 'example.json'), 'utf8'));

/** A folder with the snippets and with stand-ins for what they import of their CMS. */
const folder = mkdtempSync(join(tmpdir(), 'claimlint-snippets-'));
for (const name of ['payload', 'sanity', 'contentful', 'strapi', 'ghost']) {
  cpSync(join(here, name), join(folder, name), { recursive: true });
}
for (const [name, code] of [
  ['payload', 'export class APIError extends Error { constructor(message, status, data, isPublic) { super(message); Object.assign(this, { status, isPublic }); } }'],
  ['react', 'export const useState = (first) => [first, () => {}];'],
]) {
  mkdirSync(join(folder, 'node_modules', name), { recursive: true });
  writeFileSync(join(folder, 'node_modules', name, 'package.json'), JSON.stringify({ name, type: 'module', main: 'index.js' }));
  writeFileSync(join(folder, 'node_modules', name, 'index.js'), code);
}
mkdirSync(join(folder, 'node_modules/@strapi/utils'), { recursive: true });
writeFileSync(join(folder, 'node_modules/@strapi/utils/index.js'), 'exports.errors = { ApplicationError: class extends Error {} };');
for (const name of ['payload', 'sanity']) {
  writeFileSync(join(folder, name, 'package.json'), '{"type": "module"}');
}
writeFileSync(join(folder, 'strapi/package.json'), '{}');
const load = (path) => import(pathToFileURL(join(folder, path)));

const report = (verdict) => ({
  documents: [{ verdict, findings: verdict === 'pass' ? [] : [{ severity: 'error', words: 'cure arthritis', message: 'Promises a cure', suppressed: null }] }],
});

/** Exchange fetch: answers of claimlint by status, verdict or silence; those of the CMS by `cms`. */
function answering(what, cms = () => null) {
  const sent = [];
  globalThis.fetch = async (url, options = {}) => {
    sent.push({ url: String(url), ...options });
    const own = cms(String(url), options);
    if (own) {
      return own;
    }
    if (what === 'silence') {
      throw Object.assign(new Error('late'), { name: 'TimeoutError' });
    }
    return typeof what === 'number' ? new Response('{}', { status: what }) : Response.json(what === 'nonsense' ? {} : report(what));
  };
  return sent;
}

const ANSWERS = [
  // answer, published by default, published with on_unavailable allow
  ['pass', true, true],
  ['review', true, true],
  ['block', false, false],
  ['silence', false, true],
  [500, false, true],
  [503, false, true],
  [401, false, false],
  [422, false, false],
  ['nonsense', false, false],
];
process.env.CLAIMLINT_URL = 'https://claimlint.example.org/';
process.env.CLAIMLINT_TOKEN = 'token-of-this-test';
process.env.CLAIMLINT_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

test('payload signs the reference vector of Standard Webhooks', async () => {
  const { signed } = await load('payload/claimlint.js');
  const headers = signed(process.env.CLAIMLINT_SECRET, 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1614265330, '{"test": 2432232314}');
  assert.equal(headers['webhook-signature'], 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  assert.equal(headers['webhook-timestamp'], '1614265330');
});

for (const [answer, byDefault, allowing] of ANSWERS) {
  for (const onUnavailable of [undefined, 'allow']) {
    const publishes = onUnavailable === 'allow' ? allowing : byDefault;
    const what = `claimlint says ${answer}, on_unavailable ${onUnavailable ?? 'by default'}: ${publishes ? 'published' : 'refused'}`;

    test(`payload: ${what}`, async () => {
      const { claimlint } = await load('payload/claimlint.js');
      const hooks = claimlint({ onUnavailable });
      const req = { locale: 'en', payload: { logger: { warn: () => {} } } };
      const data = { id: '1', ...example('payload').data, _status: 'published' };
      const sent = answering(answer);
      const done = hooks.beforeChange[0]({ data, originalDoc: {}, req });
      await (publishes ? assert.doesNotReject(done) : assert.rejects(done, (error) => error.status === 422 && error.isPublic));
      assert.equal(sent[0].url, 'https://claimlint.example.org/check?endpoint=payload');
      assert.equal(sent[0].redirect, 'error');
      sent.length = 0;
      await hooks.beforeChange[0]({ data: { ...data, _status: 'draft' }, originalDoc: {}, req });
      assert.equal(sent.length, 0); // a draft asks nobody
      await hooks.afterChange[0]({ doc: data, req }); // and a delivery never fails a save
    });

    test(`strapi: ${what}`, async () => {
      const { gate } = createRequire(import.meta.url)(join(folder, 'strapi/claimlint.js'));
      let middleware;
      const documents = Object.assign(() => ({ findOne: async () => example('strapi').entry }), { use: (given) => { middleware = given; } });
      gate({ documents, log: { warn: () => {} } }, { types: ['api::article.article'], ...(onUnavailable ? { onUnavailable } : {}) });
      answering(answer);
      const context = { uid: 'api::article.article', action: 'publish', contentType: { modelName: 'article' }, params: { documentId: 'a' } };
      const done = middleware(context, async () => 'published');
      await (publishes ? assert.doesNotReject(done) : assert.rejects(done));
    });

    test(`sanity: ${what}`, async () => {
      const { handle } = await load('sanity/server.mjs');
      const { decided } = await load('sanity/publish.js');
      const env = { ...process.env, SANITY_PROJECT: 'p', SANITY_DATASET: 'd', SANITY_TOKEN: 'read-token' };
      answering(answer, (url) => (url.includes('sanity.io') ? Response.json({ result: example('sanity') }) : null));
      const request = () => new Request('https://site.example.org/api/claimlint', { method: 'POST', body: '{"id": "x"}' });
      const reply = await handle(request(), { isAllowed: () => true, env });
      const text = await reply.text();
      assert.ok(!text.includes('token'));
      assert.equal(decided(JSON.parse(text), onUnavailable).publish, publishes);
      assert.equal((await handle(request(), { env })).status, 403);
    });

    test(`contentful: ${what}`, async () => {
      const { handle } = await load('contentful/publish.mjs');
      const env = { ...process.env, CONTENTFUL_SPACE: 's', CONTENTFUL_ENVIRONMENT: 'master', CONTENTFUL_TOKEN: 'write-token' };
      const sent = answering(answer, (url) => (url.includes('contentful.com') ? Response.json(example('contentful')) : null));
      const request = () => new Request('https://site.example.org/api/publish', { method: 'POST', body: '{"id": "x"}' });
      const reply = await handle(request(), { isAllowed: () => true, env, ...(onUnavailable ? { onUnavailable } : {}) });
      assert.equal(reply.status === 200, publishes);
      const published = sent.filter((one) => one.method === 'PUT');
      assert.equal(published.length, publishes ? 1 : 0);
      assert.equal(published[0]?.headers['X-Contentful-Version'], publishes ? '4' : undefined);
      const locales = sent.filter((one) => one.url.includes('/check')).map((one) => Object.keys(JSON.parse(one.body).fields.title)[0]);
      assert.deepEqual(locales, publishes ? ['en-US', 'es'] : ['en-US']);
      assert.equal((await handle(request(), { env })).status, 403);
    });
  }
}

test('ghost: the token is a JSON Web Token of the Admin API', async () => {
  const { token } = await load('ghost/webhooks.mjs');
  const [head, body] = token('abc:00ff', 1700000000).split('.').map((part) => Buffer.from(part, 'base64url').toString());
  assert.deepEqual(JSON.parse(head), { alg: 'HS256', typ: 'JWT', kid: 'abc' });
  assert.deepEqual(JSON.parse(body), { iat: 1700000000, exp: 1700000300, aud: '/admin/' });
});

/**
 * Payload 3: refuse to publish what claimlint blocks, and tell claimlint of every saved version. Copy this file to
 * src/claimlint.js and use it in a collection with drafts (versions: { drafts: true }):
 *
 *   import { claimlint } from './claimlint.js';
 *   export const Articles = { slug: 'articles', versions: { drafts: true }, …,
 *     hooks: claimlint({ endpoint: 'payload', content: 'content', onUnavailable: 'refuse' }) };
 *
 * It runs on the server. CLAIMLINT_URL, CLAIMLINT_TOKEN (one of check_tokens) and CLAIMLINT_SECRET (whsec_…, the
 * endpoint's secret) come from the environment. The endpoint in claimlint.yaml, whose body is a Lexical tree:
 *
 *   - name: payload
 *     cms: payload
 *     secrets: [{env: CLAIMLINT_SECRET}]
 *     fields: [{name: title, path: data.title}, {name: body, path: data.content, format: lexical}]
 */

import { createHmac, randomUUID } from 'node:crypto';
import { APIError } from 'payload';

// The service ends a check after 5 seconds unless told otherwise, and answers a delivery when it is on its disk.
const CHECK_MILLISECONDS = 8000;
const DELIVER_MILLISECONDS = 3000;
const VERDICTS = ['pass', 'review', 'block'];

/** The headers of Standard Webhooks 1.0.0 for a body: HMAC-SHA256 over id.timestamp.body. */
export function signed(secret, id, seconds, body) {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const proof = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': String(seconds), 'webhook-signature': `v1,${proof}` };
}

/** What is sent of a document; the gate asks with the same, so that it gets the answer that the record gets. */
export function envelope(type, doc, { content, locale }) {
  const data = {
    id: doc.id === undefined ? 'new' : String(doc.id),
    title: doc.title,
    content: doc[content],
    locale,
    updated_at: doc.updatedAt,
  };
  return JSON.stringify({ type, timestamp: new Date().toISOString(), data });
}

async function post(path, body, headers, milliseconds) {
  try {
    return await fetch(process.env.CLAIMLINT_URL.replace(/\/+$/, '') + path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body,
      redirect: 'error', // a token is not carried elsewhere
      signal: AbortSignal.timeout(milliseconds),
    });
  } catch {
    return null; // down or late
  }
}

/** Why a document may not be published; null when it may. */
export async function refusal(body, { endpoint, onUnavailable, warn }) {
  const headers = { Authorization: `Bearer ${process.env.CLAIMLINT_TOKEN}` };
  const answer = await post(`/check?endpoint=${encodeURIComponent(endpoint)}`, body, headers, CHECK_MILLISECONDS);
  if (answer === null || answer.status >= 500 || answer.status === 429 || answer.status === 408) {
    if (onUnavailable === 'allow') {
      warn('claimlint: published without a check; it could not be asked');
      return null;
    }
    return 'Not published: claimlint could not be asked. You can save the draft and publish later.';
  }
  const report = await answer.json().catch(() => null);
  const document = report?.documents?.[0];
  if (answer.status !== 200 || !VERDICTS.includes(document?.verdict)) {
    // Waiting changes nothing here, so onUnavailable does not count.
    return `Not published: claimlint could not check this (status ${answer.status}).`;
  }
  if (document.verdict !== 'block') {
    return null;
  }
  const errors = document.findings.filter((one) => one.severity === 'error' && !one.suppressed);
  return `claimlint refuses to publish this: ${errors.slice(0, 3).map((one) => `“${one.words}”: ${one.message}`).join('; ')}`;
}

/**
 * The hooks of a collection. `onUnavailable` is on_unavailable: `refuse` (the default) refuses publishing while
 * claimlint is down, late, busy or answers 5xx; `allow` lets it go on, with a warning in the log. Saving a draft
 * asks nobody, and is not held up for more than three seconds by the record.
 */
export function claimlint({ endpoint = 'payload', content = 'content', onUnavailable = 'refuse' } = {}) {
  return {
    beforeChange: [
      async ({ data, originalDoc, req }) => {
        const doc = { ...originalDoc, ...data };
        if (doc._status === 'published') {
          const body = envelope('document.check', doc, { content, locale: req.locale });
          const warn = (line) => req.payload.logger.warn(line);
          const reason = await refusal(body, { endpoint, onUnavailable, warn });
          if (reason !== null) {
            throw new APIError(reason, 422, null, true); // true: the editor is shown the reason
          }
        }
        return data;
      },
    ],
    afterChange: [
      async ({ doc, req }) => {
        const body = envelope('document.saved', doc, { content, locale: req.locale });
        const headers = signed(process.env.CLAIMLINT_SECRET, `msg_${randomUUID()}`, Math.floor(Date.now() / 1000), body);
        const answer = await post(`/hooks/${endpoint}`, body, headers, DELIVER_MILLISECONDS);
        if (answer?.status !== 200) {
          // The save stands. `claimlint reconcile` finds what was not delivered.
          req.payload.logger.warn(`claimlint was not told of ${doc.id} (${answer ? `status ${answer.status}` : 'no answer'})`);
        }
        return doc;
      },
    ],
  };
}

/**
 * Ghost 5.87.1 and later, Ghost 6: make the webhooks that tell claimlint of drafts and posts.
 *
 *   GHOST_URL=https://blog.example.org GHOST_KEY=<Admin API key of a custom integration> \
 *   CLAIMLINT_HOOK=https://claimlint.example.org/hooks/ghost CLAIMLINT_SECRET=… node webhooks.mjs
 *
 * Run it once, on a server or at your desk; nothing of it is for a browser. The same can be done by hand under
 * Settings -> Integrations -> a custom integration -> Add webhook, with the same secret for each.
 *
 * There is no gate for Ghost: it has no hook that runs before a post is published, so no `on_unavailable` either.
 * What protects: check drafts (post.edited arrives at every saving), look at the verdict before you publish, and
 * let contributors write who may not publish. Ghost waits 2 seconds for an answer and does not come again, so a
 * delivery that is lost is found by `claimlint reconcile`. Never let a proxy answer 410 for claimlint: Ghost
 * deletes the webhook for good.
 */

import { createHmac } from 'node:crypto';

const EVENTS = ['post.added', 'post.edited', 'post.scheduled', 'post.published', 'post.published.edited', 'page.added', 'page.edited', 'page.published', 'page.published.edited'];

/** A token for the Admin API: a JSON Web Token, five minutes old at most, signed by the key's second half. */
export function token(key, nowSeconds) {
  const [id, secret] = key.split(':');
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'HS256', typ: 'JWT', kid: id })}.${part({ iat: nowSeconds, exp: nowSeconds + 300, aud: '/admin/' })}`;
  return `${signed}.${createHmac('sha256', Buffer.from(secret, 'hex')).update(signed).digest('base64url')}`;
}

async function main({ GHOST_URL, GHOST_KEY, CLAIMLINT_HOOK, CLAIMLINT_SECRET }) {
  if (!GHOST_URL || !GHOST_KEY || !CLAIMLINT_HOOK || !CLAIMLINT_SECRET) {
    throw new Error('set GHOST_URL, GHOST_KEY, CLAIMLINT_HOOK and CLAIMLINT_SECRET');
  }
  for (const event of EVENTS) {
    const answer = await fetch(`${GHOST_URL.replace(/\/+$/, '')}/ghost/api/admin/webhooks/`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Ghost ${token(GHOST_KEY, Math.floor(Date.now() / 1000))}` },
      body: JSON.stringify({ webhooks: [{ event, target_url: CLAIMLINT_HOOK, secret: CLAIMLINT_SECRET, name: `claimlint ${event}` }] }),
      redirect: 'error',
    });
    // 422 also when there is the same webhook already.
    console.log(`${event}: ${answer.ok ? 'made' : `status ${answer.status} ${(await answer.json()).errors?.[0]?.message}`}`);
    if (!answer.ok && answer.status !== 422) {
      process.exitCode = 1;
    }
  }
}

if (process.argv[1]?.endsWith('webhooks.mjs')) {
  await main(process.env);
}

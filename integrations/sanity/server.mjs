/**
 * Sanity, the server's half: a function of your own site (Vercel, Netlify, Cloudflare, Node) that the Studio's
 * publish action asks. The Studio runs in a browser, so it holds neither the token of claimlint nor a text to be
 * believed: it sends the identifier of a document, and this function reads the draft itself.
 *
 *   export const POST = (request) => handle(request, { isAllowed: yourOwnCheckOfTheSession });
 *
 * In the environment: CLAIMLINT_URL, CLAIMLINT_TOKEN, SANITY_PROJECT, SANITY_DATASET, SANITY_TOKEN (may read drafts)
 * and STUDIO_ORIGIN when the Studio is on another origin. `isAllowed` has to be yours: without it all are refused.
 *
 * The record of drafts is Sanity's own webhook (sanity.io/manage, API, Webhooks; drafts included; HTTP POST; with a
 * secret; no projection), to an endpoint of the kind `sanity`.
 */

const CHECK_MILLISECONDS = 8000; // the service ends a check after 5 seconds unless told otherwise
const READ_MILLISECONDS = 5000;
const VERDICTS = ['pass', 'review', 'block'];
const ID = /^[A-Za-z0-9._-]{1,128}$/;

/** Answer the Studio: {state, verdict, findings}; `state` is checked, unavailable or unchecked. */
export async function handle(request, { isAllowed = () => false, endpoint = 'sanity', env = process.env } = {}) {
  const answer = (status, body) =>
    Response.json(body, {
      status,
      headers: {
        'Cache-Control': 'no-store',
        Vary: 'Origin',
        ...(env.STUDIO_ORIGIN ? { 'Access-Control-Allow-Origin': env.STUDIO_ORIGIN } : {}),
      },
    });
  if (request.method !== 'POST' || !(await isAllowed(request))) {
    return answer(403, { state: 'unchecked', findings: [] });
  }
  const { id } = await request.json().catch(() => ({}));
  if (typeof id !== 'string' || !ID.test(id)) {
    return answer(400, { state: 'unchecked', findings: [] });
  }
  return answer(200, await checked(id.replace(/^drafts\./, ''), endpoint, env));
}

async function checked(id, endpoint, env) {
  try {
    const draft = await read(id, env);
    if (draft === null) {
      return { state: 'unchecked', findings: [] };
    }
    const asked = await fetch(`${env.CLAIMLINT_URL.replace(/\/+$/, '')}/check?endpoint=${encodeURIComponent(endpoint)}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${env.CLAIMLINT_TOKEN}` },
      body: JSON.stringify(draft),
      redirect: 'error', // a token is not carried elsewhere
      signal: AbortSignal.timeout(CHECK_MILLISECONDS),
    });
    if (asked.status >= 500 || asked.status === 429 || asked.status === 408) {
      return { state: 'unavailable', findings: [] };
    }
    const document = asked.status === 200 ? (await asked.json()).documents?.[0] : undefined;
    if (!VERDICTS.includes(document?.verdict)) {
      return { state: 'unchecked', findings: [] };
    }
    const findings = document.findings.filter((one) => !one.suppressed);
    return {
      state: 'checked',
      verdict: document.verdict,
      findings: findings.map(({ severity, words, message }) => ({ severity, words, message })),
    };
  } catch {
    return { state: 'unavailable', findings: [] };
  }
}

/** The draft of a document, or the document when it has none. */
async function read(id, env) {
  const query = new URLSearchParams({
    query: 'coalesce(*[_id == $draft][0], *[_id == $id][0])',
    $draft: JSON.stringify(`drafts.${id}`),
    $id: JSON.stringify(id),
    perspective: 'raw',
  });
  const answer = await fetch(
    `https://${env.SANITY_PROJECT}.api.sanity.io/v2025-02-19/data/query/${env.SANITY_DATASET}?${query}`,
    { headers: { Authorization: `Bearer ${env.SANITY_TOKEN}` }, signal: AbortSignal.timeout(READ_MILLISECONDS) },
  );
  if (!answer.ok) {
    throw new Error(`Sanity answered with status ${answer.status}`);
  }
  return (await answer.json()).result;
}

/**
 * Contentful: publish through a function of your own site that asks claimlint first. Contentful has no hook that can
 * stop a publication, so the gate is who may publish: editors get a role without "publish", a button of your app (a
 * sidebar of the App Framework, say) calls this function, and only the function's token may publish. The app runs in
 * a browser and holds no secret.
 *
 *   export const POST = (request) => handle(request, { isAllowed: yourOwnCheckOfWhoAsks, onUnavailable: 'refuse' });
 *
 * In the environment: CLAIMLINT_URL, CLAIMLINT_TOKEN, CONTENTFUL_SPACE, CONTENTFUL_ENVIRONMENT, CONTENTFUL_TOKEN
 * (Content Management API). `isAllowed` has to be yours: without it all are refused.
 *
 * `onUnavailable` is on_unavailable: `refuse` (the default) refuses publishing while claimlint is down, late, busy or
 * answers 5xx; `allow` publishes and says that nothing was checked. Saving never asks.
 *
 * The record of drafts is Contentful's own webhook (topics Entry.auto_save, Entry.save, Entry.publish; request
 * verification on), to an endpoint of the kind `contentful` whose fields name those of your content type.
 */

const CHECK_MILLISECONDS = 8000; // the service ends a check after 5 seconds unless told otherwise
const CONTENTFUL_MILLISECONDS = 10000;
const VERDICTS = ['pass', 'review', 'block'];
const ID = /^[A-Za-z0-9._-]{1,64}$/;
const MEDIA_TYPE = 'application/vnd.contentful.management.v1+json';

/** Check an entry in each of its locales, publish it when none is blocked, and say what was found. */
export async function handle(request, { isAllowed = () => false, fields = ['title', 'body'], endpoint = 'contentful', onUnavailable = 'refuse', env = process.env } = {}) {
  const answer = (status, body) => Response.json(body, { status, headers: { 'Cache-Control': 'no-store' } });
  if (request.method !== 'POST' || !(await isAllowed(request))) {
    return answer(403, { message: 'You may not publish here.' });
  }
  const { id } = await request.json().catch(() => ({}));
  if (typeof id !== 'string' || !ID.test(id)) {
    return answer(400, { message: 'No such entry.' });
  }
  const entry = await contentful('GET', `/entries/${id}`, env);
  if (entry === null) {
    return answer(502, { message: 'Contentful could not be asked.' });
  }
  let warning = '';
  for (const one of byLocale(entry, fields)) {
    const found = await asked(one, endpoint, env);
    if (found.state === 'checked' && found.verdict === 'block') {
      return answer(422, { message: 'claimlint refuses to publish this.', ...found });
    }
    if (found.state === 'unavailable' && onUnavailable === 'allow') {
      warning = 'Published without a check: claimlint could not be asked. Have the text reviewed.';
    } else if (found.state !== 'checked') {
      return answer(503, { message: 'Not published: claimlint could not check this. Your draft is saved.', ...found });
    }
  }
  // The version that was checked: when somebody saved meanwhile, Contentful refuses.
  const version = { 'X-Contentful-Version': String(entry.sys.version) };
  const done = await contentful('PUT', `/entries/${id}/published`, env, version);
  return done ? answer(200, { message: warning || 'Published.' }) : answer(409, { message: 'Not published: it was changed meanwhile.' });
}

/**
 * The entry once for each locale that has one of the fields to check, since claimlint keeps each as a document of its
 * own. `fields` are those that the endpoint names.
 */
export function byLocale(entry, fields) {
  const locales = new Set(fields.flatMap((name) => Object.keys(entry.fields[name] ?? {})));
  return [...locales].map((locale) => ({
    ...entry,
    fields: Object.fromEntries(
      Object.entries(entry.fields)
        .filter(([, field]) => locale in field)
        .map(([name, field]) => [name, { [locale]: field[locale] }]),
    ),
  }));
}

async function asked(entry, endpoint, env) {
  try {
    const answer = await fetch(`${env.CLAIMLINT_URL.replace(/\/+$/, '')}/check?endpoint=${encodeURIComponent(endpoint)}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${env.CLAIMLINT_TOKEN}` },
      body: JSON.stringify(entry),
      redirect: 'error', // a token is not carried elsewhere
      signal: AbortSignal.timeout(CHECK_MILLISECONDS),
    });
    if (answer.status >= 500 || answer.status === 429 || answer.status === 408) {
      return { state: 'unavailable', findings: [] };
    }
    const document = answer.status === 200 ? (await answer.json()).documents?.[0] : undefined;
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

async function contentful(method, path, env, headers = {}) {
  try {
    const answer = await fetch(
      `https://api.contentful.com/spaces/${env.CONTENTFUL_SPACE}/environments/${env.CONTENTFUL_ENVIRONMENT}${path}`,
      {
        method,
        headers: { Authorization: `Bearer ${env.CONTENTFUL_TOKEN}`, 'Content-Type': MEDIA_TYPE, ...headers },
        signal: AbortSignal.timeout(CONTENTFUL_MILLISECONDS),
      },
    );
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

'use strict';

/**
 * Strapi 5: refuse to publish what claimlint blocks. Copy this file to src/claimlint.js and call it:
 *
 *   // src/index.js
 *   const claimlint = require('./claimlint');
 *   module.exports = {
 *     register({ strapi }) {
 *       claimlint.gate(strapi, { types: ['api::article.article'] });
 *     },
 *   };
 *
 * It runs on the server. CLAIMLINT_URL and CLAIMLINT_TOKEN come from the environment (.env), never from the
 * code or the admin panel. The record of all saved versions is not made here but by Strapi's own webhook
 * (Settings -> Webhooks, entry.create, entry.update and entry.publish, with a header Authorization), which
 * waits 10 seconds and never comes again: a delivery that it loses is found by `claimlint reconcile`.
 *
 * Why a middleware of the Document Service and no lifecycle hook: publishing is an action of the service;
 * a lifecycle of the database sees rows only, several for one publication.
 */

// The service ends a check after 5 seconds unless told otherwise.
const CHECK_MILLISECONDS = 8000;
const VERDICTS = ['pass', 'review', 'block'];

/**
 * Ask claimlint about an entry, in the shape in which Strapi's webhook delivers it, so that the endpoint's
 * fields, markets and decisions apply.
 *
 * Answers with `state` checked, unavailable (down, late, busy, 5xx) or unchecked (it said no).
 */
async function ask(model, entry, options) {
  const body = JSON.stringify({ event: 'entry.publish', createdAt: new Date().toISOString(), model, entry });
  let answer;
  try {
    answer = await fetch(`${options.url}/check?endpoint=${encodeURIComponent(options.endpoint)}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${options.token}` },
      body,
      redirect: 'error', // a token is not carried elsewhere
      signal: AbortSignal.timeout(CHECK_MILLISECONDS),
    });
    if (answer.status >= 500 || answer.status === 429 || answer.status === 408) {
      return { state: 'unavailable', reason: `it answered with status ${answer.status}` };
    }
    if (answer.status !== 200) {
      return { state: 'unchecked', reason: `it answered with status ${answer.status}` };
    }
    const document = (await answer.json()).documents[0];
    if (!VERDICTS.includes(document.verdict)) {
      throw new TypeError('no verdict');
    }
    return { state: 'checked', verdict: document.verdict, findings: document.findings.filter((one) => !one.suppressed) };
  } catch (error) {
    if (answer && answer.status === 200 && error.name !== 'TimeoutError') {
      return { state: 'unchecked', reason: 'its answer cannot be understood' };
    }
    return { state: 'unavailable', reason: 'it did not answer' };
  }
}

/** Why an entry may not be published; null when it may. */
async function refusal(model, entry, options) {
  const found = await ask(model, entry, options);
  if (found.state === 'checked') {
    if (found.verdict !== 'block') {
      return null;
    }
    const errors = found.findings.filter((one) => one.severity === 'error');
    const told = errors.slice(0, 3).map((one) => `“${one.words}”: ${one.message}`);
    return `claimlint refuses to publish this: ${told.join('; ')}`;
  }
  if (found.state === 'unavailable' && options.onUnavailable === 'allow') {
    options.log.warn(`claimlint: published without a check (${found.reason})`);
    return null;
  }
  return `Not published: claimlint could not check this (${found.reason}). You can save the draft and publish later.`;
}

/**
 * Put the gate into the Document Service.
 *
 * `on_unavailable` is the option `onUnavailable`: `refuse` (the default) refuses publishing while claimlint
 * is down, late, busy or answers 5xx, and `allow` lets it go on with a warning in the log. Saving drafts
 * never asks. `endpoint` is the name of the endpoint of the kind `strapi` in claimlint.yaml.
 */
function gate(strapi, given) {
  const options = {
    url: process.env.CLAIMLINT_URL,
    token: process.env.CLAIMLINT_TOKEN,
    endpoint: 'strapi',
    onUnavailable: 'refuse',
    log: strapi.log,
    ...given,
  };
  if (!options.url || !options.token) {
    throw new Error('claimlint: set CLAIMLINT_URL and CLAIMLINT_TOKEN'); // no gate that is open by mistake
  }
  options.url = options.url.replace(/\/+$/, '');
  const { ApplicationError } = require('@strapi/utils').errors;

  strapi.documents.use(async (context, next) => {
    if (!options.types.includes(context.uid)) {
      return next();
    }
    for (const entry of await published(strapi, context)) {
      const reason = await refusal(context.contentType.modelName, entry, options);
      if (reason !== null) {
        throw new ApplicationError(reason, { claimlint: 'refused' });
      }
    }
    return next();
  });
}

/** The entries that an action is about to make public: one for each locale. */
async function published(strapi, { action, uid, params }) {
  const { documentId, locale, data, status } = params;
  if (action === 'publish') {
    const query = { documentId, status: 'draft', ...(locale ? { locale } : {}) };
    const found =
      locale === '*' || Array.isArray(locale)
        ? await strapi.documents(uid).findMany({ filters: { documentId }, status: 'draft', locale, populate: '*' })
        : [await strapi.documents(uid).findOne({ ...query, populate: '*' })];
    return found.filter(Boolean).map((entry) => ({ ...entry, ...(data || {}) }));
  }
  if ((action === 'create' || action === 'update') && status === 'published') {
    const query = { documentId, status: 'draft', ...(locale ? { locale } : {}), populate: '*' };
    const before = documentId ? await strapi.documents(uid).findOne(query) : null;
    return [{ documentId: 'new', ...before, ...data, ...(locale ? { locale } : {}) }];
  }
  return [];
}

module.exports = { gate, ask, refusal, published };

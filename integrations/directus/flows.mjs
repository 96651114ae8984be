/**
 * Directus 11 and 12: make the flows that refuse to publish what claimlint blocks, and those that tell claimlint of
 * every saved item. Run it once, with an administrator's token:
 *
 *   DIRECTUS_URL=https://cms.example.org DIRECTUS_TOKEN=… ON_UNAVAILABLE=refuse node flows.mjs articles title body status published
 *
 * (the collection, its title, its text as HTML, its status and the value by which it is public). Nothing of it is for
 * a browser. The flows hold no secret: they read the environment of Directus, which has to allow it:
 *
 *   CLAIMLINT_URL=https://claimlint.example.org   CLAIMLINT_TOKEN=…   CLAIMLINT_SECRET=…
 *   FLOWS_ENV_ALLOW_LIST=CLAIMLINT_URL,CLAIMLINT_TOKEN,CLAIMLINT_SECRET
 *   IMPORT_IP_DENY_LIST=169.254.169.254   only when claimlint runs on the same machine as Directus
 *   NODE_OPTIONS=--no-node-snapshot       which Directus needs to run scripts in flows
 *
 * on_unavailable is ON_UNAVAILABLE: `refuse` (the default) refuses publishing while claimlint is down, busy or answers
 * 5xx; `allow` lets it go on, with a warning in the log of Directus. Saving what is not public asks nobody.
 * Directus sets no time for a flow's request: claimlint ends a check after 5 seconds by itself, but where its whole
 * machine is gone, a publication waits until the connection is given up.
 */

/** The script of the gate that decides whether to ask, and with what; it runs in Directus, where nothing is imported. */
const BUILD = `module.exports = function (data) {
  const change = data.$trigger.payload, many = data.$trigger.keys || [];
  const before = Array.isArray(data.read) ? data.read : data.read ? [data.read] : [];
  if (before.length > 1) {
    const is_public = change['%STATUS%'] === '%PUBLIC%' || (change['%STATUS%'] === undefined && before.some(function (one) { return one['%STATUS%'] === '%PUBLIC%'; }));
    const has_words = change['%TITLE%'] !== undefined || change['%TEXT%'] !== undefined || change['%STATUS%'] !== undefined;
    return { needed: is_public && has_words, body: '{}' }; // the answer will be no: one at a time
  }
  const was = before[0] || {}, item = Object.assign({}, was, change);
  const words = ['%TITLE%', '%TEXT%'].some(function (name) { return item[name] !== was[name]; });
  const needed = item['%STATUS%'] === '%PUBLIC%' && (words || was['%STATUS%'] !== '%PUBLIC%');
  const id = String(many[0] === undefined ? 'new' : many[0]);
  return { needed: needed, body: JSON.stringify({ data: { id: id, title: item['%TITLE%'], content: item['%TEXT%'] } }) };
};`;

const JUDGE = `module.exports = function (data) {
  const report = data.ask && data.ask.data;
  const found = report && report.documents && report.documents[0];
  if (!found || ['pass', 'review', 'block'].indexOf(found.verdict) < 0) {
    return { message: 'Not published: the answer of claimlint cannot be understood.' };
  }
  if (found.verdict !== 'block') {
    return { message: null };
  }
  const errors = found.findings.filter(function (one) { return one.severity === 'error' && !one.suppressed; });
  const told = errors.slice(0, 3).map(function (one) { return '“' + one.words + '”: ' + one.message; });
  return { message: 'claimlint refuses to publish this: ' + told.join('; ') };
};`;

const DOWN = `module.exports = function (data) {
  const status = data.ask && data.ask.status;
  if (status && status < 500 && status !== 429 && status !== 408) {
    // Waiting changes nothing here, so on_unavailable does not count.
    return { message: 'Not published: claimlint could not check this (status ' + status + '). Publish one item at a time.' };
  }
  if ('%ON_UNAVAILABLE%' === 'allow') {
    console.warn('claimlint: published without a check; it could not be asked');
    return { message: null };
  }
  return { message: 'Not published: claimlint could not be asked. Save a draft and publish it later.' };
};`;

const RECORD = `module.exports = function (data) {
  const item = data.$trigger;
  return { body: JSON.stringify({ data: { id: String(item.id), title: item['%TITLE%'], content: item['%TEXT%'], updated_at: item.date_updated || null } }) };
};`;

/** A chain of operations; a condition's own end (resolve) is the end of the flow, and publishing goes on. */
function gate(fill, withRead, collection) {
  const refuse = (key, from) => ({
    key, type: 'throw-error', options: { code: 'CLAIMLINT_REFUSED', status: '422', message: `{{${from}.message}}` },
  });
  const unless = (key, from) => ({
    key, type: 'condition', options: { filter: { [from]: { message: { _null: true } } } }, reject: refuse(`refuse_${from}`, from),
  });
  const ask = {
    key: 'ask',
    type: 'request',
    options: {
      method: 'POST',
      url: '{{$env.CLAIMLINT_URL}}/check?endpoint=directus',
      headers: [
        { header: 'Authorization', value: 'Bearer {{$env.CLAIMLINT_TOKEN}}' },
        { header: 'Content-Type', value: 'application/json' },
      ],
      body: '{{build.body}}',
    },
    resolve: { key: 'judge', type: 'exec', options: { code: fill(JUDGE) }, resolve: unless('may_publish', 'judge') },
    reject: { key: 'down', type: 'exec', options: { code: fill(DOWN) }, resolve: unless('may_publish_unchecked', 'down') },
  };
  const build = {
    key: 'build',
    type: 'exec',
    options: { code: fill(BUILD) },
    resolve: { key: 'is_not_public', type: 'condition', options: { filter: { build: { needed: { _eq: false } } } }, reject: ask },
  };
  return withRead ? read(collection, '{{$trigger.keys}}', build) : build;
}

const read = (collection, key, resolve) => ({
  key: 'read', type: 'item-read', options: { collection, key, permissions: '$full', emitEvents: false }, resolve,
});

async function call(path, data, { DIRECTUS_URL, DIRECTUS_TOKEN }, method = 'POST') {
  const answer = await fetch(DIRECTUS_URL.replace(/\/+$/, '') + path, {
    method,
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${DIRECTUS_TOKEN}` },
    body: JSON.stringify(data),
    redirect: 'error',
  });
  if (!answer.ok) {
    throw new Error(`${path}: status ${answer.status} ${await answer.text()}`);
  }
  return (await answer.json()).data;
}

/** Make a flow and its operations, the last ones first, since each names the one that follows. */
async function made(flow, first, environment) {
  // accountability null: Directus keeps no copy of drafts and requests in its activity log.
  const { id } = await call('/flows', { status: 'inactive', accountability: null, icon: 'fact_check', ...flow }, environment);
  let row = 0;
  const add = async ({ resolve, reject, ...operation }) => {
    const next = { resolve: resolve ? await add(resolve) : null, reject: reject ? await add(reject) : null };
    row += 1;
    const place = { position_x: 1 + 18 * (row % 6), position_y: 1 + 18 * Math.floor(row / 6) };
    return (await call('/operations', { flow: id, name: operation.key, ...place, ...operation, ...next }, environment)).id;
  };
  const operation = await add(first);
  await call(`/flows/${id}`, { operation, status: 'active' }, environment, 'PATCH');
  return id;
}

async function main([collection, title, text, status, isPublic], environment) {
  const { DIRECTUS_URL, DIRECTUS_TOKEN, ON_UNAVAILABLE = 'refuse' } = environment;
  const plain = [collection, title, text, status, isPublic].every((one) => /^[A-Za-z0-9_-]+$/.test(one ?? ''));
  if (!DIRECTUS_URL || !DIRECTUS_TOKEN || !plain || !['allow', 'refuse'].includes(ON_UNAVAILABLE)) {
    throw new Error('DIRECTUS_URL=… DIRECTUS_TOKEN=… node flows.mjs COLLECTION TITLE TEXT STATUS PUBLISHED');
  }
  const names = { TITLE: title, TEXT: text, STATUS: status, PUBLIC: isPublic, ON_UNAVAILABLE };
  const fill = (code) => code.replace(/%([A-Z_]+)%/g, (_, name) => names[name]);
  for (const event of ['items.create', 'items.update']) {
    const options = { type: 'filter', scope: [event], collections: [collection] };
    await made({ name: `claimlint gate, ${collection} ${event}`, trigger: 'event', options }, gate(fill, event === 'items.update', collection), environment);
  }
  const send = {
    key: 'send',
    type: 'request',
    options: {
      method: 'POST',
      url: '{{$env.CLAIMLINT_URL}}/hooks/directus',
      headers: [
        { header: 'Authorization', value: '{{$env.CLAIMLINT_SECRET}}' },
        { header: 'Content-Type', value: 'application/json' },
      ],
      body: '{{build.body}}',
    },
  };
  const one = { key: 'build', type: 'exec', options: { code: fill(RECORD) }, resolve: send };
  const record = await made({ name: `claimlint record of one of ${collection}`, trigger: 'operation', options: { return: '$last' } }, one, environment);
  for (const [event, key] of [['items.create', '{{$trigger.key}}'], ['items.update', '{{$trigger.keys}}']]) {
    const each = { key: 'each', type: 'trigger', options: { flow: record, payload: '{{read}}', iterationMode: 'serial' } };
    const options = { type: 'action', scope: [event], collections: [collection] };
    await made({ name: `claimlint record, ${collection} ${event}`, trigger: 'event', options }, read(collection, key, each), environment);
  }
  console.log('made 5 flows');
}

await main(process.argv.slice(2), process.env);

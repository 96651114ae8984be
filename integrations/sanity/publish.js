/**
 * Sanity Studio 3, the browser's half: a publish action that asks first. It holds no secret; it asks the function of
 * your own site (server.mjs), which asks claimlint.
 *
 *   // sanity.config.js
 *   import { withClaimlint } from './publish';
 *   document: {
 *     actions: (actions) => actions.map((action) => action.action === 'publish'
 *       ? withClaimlint(action, { ask: '/api/claimlint', onUnavailable: 'refuse' }) : action),
 *   }
 *
 * `onUnavailable` is on_unavailable: `refuse` (the default) refuses publishing while claimlint is down, late, busy or
 * answers 5xx, and `allow` publishes with a warning. Drafts save themselves; that never asks.
 *
 * This is a gate of the Studio: a script with a token that may write publishes past it. Where that matters, let the
 * record (Sanity's webhook) tell of it.
 */

import { useState } from 'react';

/** What to tell the editor, and whether to publish. */
export function decided(found, onUnavailable) {
  if (found.state === 'checked' && found.verdict !== 'block') {
    return { publish: true, text: '' };
  }
  if (found.state === 'checked') {
    const errors = found.findings.filter((one) => one.severity === 'error');
    const told = errors.slice(0, 5).map((one) => `“${one.words}”: ${one.message}`);
    return { publish: false, text: `claimlint refuses to publish this. ${told.join('; ')}` };
  }
  if (found.state === 'unavailable' && onUnavailable === 'allow') {
    return { publish: true, text: 'Published without a check: claimlint could not be asked. Have the text reviewed.' };
  }
  return { publish: false, text: 'Not published: claimlint could not check this. Your draft is saved; publish it later.' };
}

async function asked(url, id) {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      credentials: 'include',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ id }),
      signal: AbortSignal.timeout(15000),
    });
    return answer.ok || answer.status < 500 ? await answer.json() : { state: 'unavailable', findings: [] };
  } catch {
    return { state: 'unavailable', findings: [] };
  }
}

/** The publish action of the Studio, behind a question. */
export function withClaimlint(original, { ask, onUnavailable = 'refuse' }) {
  function ClaimlintPublish(props) {
    const action = original(props);
    const [text, setText] = useState('');
    const [isAsking, setAsking] = useState(false);
    return (
      action && {
        ...action,
        label: isAsking ? 'Checking…' : action.label,
        disabled: action.disabled || isAsking,
        onHandle: async () => {
          setAsking(true);
          const answer = decided(await asked(ask, props.id), onUnavailable);
          setAsking(false);
          setText(answer.text);
          if (answer.publish) {
            action.onHandle();
          }
        },
        dialog: text
          ? { type: 'dialog', header: 'claimlint', content: text, onClose: () => setText('') }
          : action.dialog,
      }
    );
  }
  ClaimlintPublish.action = 'publish'; // the Studio knows it by this
  return ClaimlintPublish;
}

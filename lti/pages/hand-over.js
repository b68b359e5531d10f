/**
 * Carries a login's browser binding through a frame whose cookies are blocked. `keep` (at login) stores it in this frame's own storage and
 * with the platform, then goes on to the platform; `fetch` (at launch) looks for it in both and posts it to our own server, else offers a
 * new window. Messages go to, and are believed from, the platform's own origin alone (LTI OIDC Login with LTI Client Side postMessages 1.0).
 */
const { task, key, value, next, target, origin } = document.body.dataset;

if (task === 'keep') await keep();
else await fetchBinding();

async function keep() {
  const kept = keepHere();
  const told = askPlatform('lti.put_data', { key, value }, 1000);
  // With our own copy there is nothing to wait for: the message is on its way.
  if (!kept) await told;
  location.replace(next);
}

async function fetchBinding() {
  const binding = readHere() ?? (await askPlatform('lti.get_data', { key }, 2000));
  if (binding) {
    const form = document.forms[0];
    form.elements.binding.value = binding;
    form.submit();
    return;
  }
  document.getElementById('waiting').hidden = true;
  document.getElementById('blocked').hidden = false;
}

function keepHere() {
  try {
    sessionStorage.setItem(key, value);
    return true;
  } catch {
    return false; // storage is blocked as well
  }
}

function readHere() {
  try {
    const binding = sessionStorage.getItem(key);
    sessionStorage.removeItem(key);
    return binding;
  } catch {
    return null;
  }
}

/** The value the platform answers with; null when it offers no storage, answers with an error, or is silent for `ms`. */
function askPlatform(subject, fields, ms) {
  const frame = storageFrame();
  if (!frame) return Promise.resolve(null);
  const message_id = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return new Promise((resolve) => {
    const answer = (event) => {
      const data = event.data;
      if (event.origin !== origin || data?.subject !== `${subject}.response` || data.message_id !== message_id) return;
      done(data.error ? null : data.value);
    };
    const timer = setTimeout(() => done(null), ms);
    const done = (result) => {
      clearTimeout(timer);
      removeEventListener('message', answer);
      resolve(typeof result === 'string' ? result : null);
    };
    addEventListener('message', answer);
    frame.postMessage({ subject, message_id, ...fields }, origin);
  });
}

/** `_parent`, or a frame of the page around us by its name; in a window of our own, of the page that opened it. */
function storageFrame() {
  if (!target) return null;
  const around = window.parent !== window ? window.parent : window.opener;
  if (!around || target === '_parent') return around;
  try {
    return around.frames[target] ?? around;
  } catch {
    return around; // a foreign window that has no such frame
  }
}

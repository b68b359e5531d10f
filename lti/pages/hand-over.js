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
  // With our own copy there is nothing to wait for; without it the platform's is the only one.
  const told = askPlatform('lti.put_data', { key, value });
  if (!kept) await within(told, 3000);
  location.replace(next);
}

async function fetchBinding() {
  const here = readHere();
  if (here) return goOn(here);
  const told = askPlatform('lti.get_data', { key });
  void told.then((binding) => binding && goOn(binding)); // also when it comes late
  if (await within(told, 2000)) return;
  document.getElementById('waiting').hidden = true;
  document.getElementById('blocked').hidden = false;
}

function goOn(binding) {
  const form = document.forms[0];
  form.elements.binding.value = binding;
  form.submit();
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

/** What is promised, or null after `ms`. */
function within(promise, ms) {
  return Promise.race([promise, new Promise((resolve) => setTimeout(resolve, ms, null))]);
}

/**
 * The value the platform answers with; null when it offers no storage or answers with an error. Asked again until it answers: its page may
 * still be loading, and what is said before it listens is lost.
 */
function askPlatform(subject, fields) {
  const frame = storageFrame();
  if (!frame) return Promise.resolve(null);
  const message_id = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return new Promise((resolve) => {
    const answer = (event) => {
      const data = event.data;
      if (event.origin !== origin || data?.subject !== `${subject}.response` || data.message_id !== message_id) return;
      done(data.error ? null : data.value);
    };
    const done = (result) => {
      clearInterval(asking);
      removeEventListener('message', answer);
      resolve(typeof result === 'string' ? result : null);
    };
    addEventListener('message', answer);
    const ask = () => frame.postMessage({ subject, message_id, ...fields }, origin);
    const asking = setInterval(ask, 250);
    ask();
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

/**
 * Carries a login's browser binding through a frame whose cookies are blocked. `keep` (at login) stores it in this frame's own storage and
 * with the platform, then goes on to the platform; `fetch` (at launch) looks for it in both and posts it to our own server. Where nothing
 * can carry it, the page says so and offers a new window. The binding goes to, and is believed from, the platform's own origin alone
 * (LTI OIDC Login with LTI Client Side postMessages 1.0); capabilities only ever name a frame to try.
 */
const { task, key, value, next, target, origin } = document.body.dataset;
const patience = 2000;
/** 1EdTech's words, and the older ones some platforms still listen for. */
const dialects = ['lti.', 'org.imsglobal.lti.'];

if (task === 'keep') await keep();
else await fetchBinding();

/** Whatever else keeps it, the platform is told too; it is waited for only where nothing else does. */
async function keep() {
  const kept = keepHere();
  const told = askPlatform('put_data', { key, value });
  const goOn = () => location.replace(next);
  if (kept || keepsCookies()) return goOn();
  void told.then(goOn); // also when it comes late
  if (!(await within(told))) explain();
}

async function fetchBinding() {
  const here = readHere();
  if (here) return goOn(here);
  const told = askPlatform('get_data', { key });
  void told.then(goOn); // also when it comes late
  if (!(await within(told))) explain();
}

function goOn(binding) {
  const form = document.forms[0];
  form.elements.binding.value = binding;
  form.submit();
}

function explain() {
  document.getElementById('waiting').hidden = true;
  document.getElementById('blocked').hidden = false;
}

function keepHere() {
  try {
    sessionStorage.setItem(key, value);
    return true;
  } catch {
    return false; // blocked as well
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

/** The login's own cookie cannot be seen from here: another one of its kind can. */
function keepsCookies() {
  const probe = 'aptt-probe=1; Path=/lti; Secure; SameSite=None; Partitioned';
  try {
    // biome-ignore lint/suspicious/noDocumentCookie: not every browser has another way
    document.cookie = probe;
    const kept = document.cookie.includes('aptt-probe=1');
    // biome-ignore lint/suspicious/noDocumentCookie: not every browser has another way
    document.cookie = `${probe}; Max-Age=0`;
    return kept;
  } catch {
    return false; // a frame shut off from everything
  }
}

function within(promise) {
  return Promise.race([promise, new Promise((resolve) => setTimeout(resolve, patience, null))]);
}

/** The value the platform answers with. Asked again until it does: its page may still be loading, and what is said before it listens is lost. */
function askPlatform(verb, fields) {
  const around = window.parent !== window ? window.parent : window.opener;
  const [message_id, capabilities_id] = [crypto.randomUUID(), crypto.randomUUID()];
  const frames = new Set();
  return new Promise((resolve) => {
    if (!around) return;
    addEventListener('message', (event) => {
      const { subject, message_id: answered, value: kept, supported_messages: offered } = event.data ?? {};
      if (answered === capabilities_id && event.source === around && Array.isArray(offered)) {
        for (const { subject: name, frame } of offered) if (name?.endsWith(`lti.${verb}`)) tell(frameOf(around, frame));
      }
      if (answered !== message_id || event.origin !== origin || !subject?.endsWith(`lti.${verb}.response`)) return;
      if (typeof kept !== 'string') return;
      clearInterval(asking);
      resolve(kept);
    });
    const tell = (frame) => {
      frames.add(frame);
      for (const dialect of dialects) frame.postMessage({ subject: dialect + verb, message_id, ...fields }, origin);
    };
    const ask = () => {
      for (const dialect of dialects) around.postMessage({ subject: `${dialect}capabilities`, message_id: capabilities_id }, '*');
      frames.forEach(tell);
    };
    const asking = setInterval(ask, 250);
    if (target) frames.add(frameOf(around, target));
    ask();
  });
}

/** `_parent`, or a frame of the page around us by its name. */
function frameOf(around, name) {
  try {
    const frame = around.frames[name];
    return frame?.postMessage ? frame : around;
  } catch {
    return around; // a foreign window that has no such frame
  }
}

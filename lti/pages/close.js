/** LTI Dynamic Registration 1.0 §3.7: tells the platform that we are done, in a frame of its page or in a window it opened. */
const tell = () => {
  for (const around of new Set([window.opener, window.parent])) {
    if (around && around !== window) around.postMessage({ subject: 'org.imsglobal.lti.close' }, '*'); // nothing secret in it
  }
};

tell();
document.getElementById('close').addEventListener('click', () => {
  tell();
  window.close();
});

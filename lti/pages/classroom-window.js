/** In the window a sign-in opens: on to Google, and at the end back to the frame it was opened from, which has our own origin or hears nothing. */
const [next, done] = ['next', 'done'].map((id) => document.getElementById(id));

if (next) location.replace(next.href);
if (done && opener) {
  opener.postMessage({ aptt: done.dataset.open }, location.origin);
  close();
}

/**
 * In Classroom's frame: the click on the form opens a window to sign in with Google, which tells this page, and only a page of our own, how it
 * went. What it says is an address of ours to go to, or that the attachment was made.
 */
const form = document.forms[0];
const begun = document.getElementById('begun');

form.addEventListener('submit', () => {
  open('', form.target, 'popup,width=520,height=680'); // the form goes into it
  begun.textContent = begun.dataset.says;
});

addEventListener('message', ({ origin, data }) => {
  if (origin !== location.origin || typeof data?.aptt !== 'string') return;
  if (data.aptt !== '') return location.replace(new URL(data.aptt, location.origin));
  document.getElementById('ask').hidden = true;
  begun.textContent = '';
  document.getElementById('added').hidden = false;
  document.querySelector('#added h1').focus();
  document.getElementById('close').addEventListener('click', () => {
    parent.postMessage({ type: 'Classroom', action: 'closeIframe' }, '*'); // nothing secret in it
  });
});
